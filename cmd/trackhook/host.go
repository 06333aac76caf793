package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

func newHost() *cobra.Command {
	return command.Group("host", "See the hosts that share a database", newHostList())
}

func newHostList() *cobra.Command {
	var target command.Client
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the hosts that share a database, and what each does",
		Long: "Show the hosts that share a database, and what each does; any of them can be asked. PARTITIONS are the parts of all\n" +
			"devices that it sends, PLUGINS how many it runs of those that it has, and LAG how many answers are still to come to the\n" +
			"one, of those that it runs, that is furthest behind. A host that has ended, or was silent for too long, is lost: the\n" +
			"others do what it did. It is shown for a day. A host with a data folder is alone.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			hosts, err := target.Admin().Hosts(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), hosts)
			}
			return printHosts(cmd.OutOrStdout(), hosts)
		},
	}
	target.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printHosts(out io.Writer, hosts []admin.Member) error {
	table := terminal.NewTable(out)
	table.Row("NAME", "STATE", "PARTITIONS", "PLUGINS", "LAG", "VERSION", "SEEN")
	for i := range hosts {
		h := &hosts[i]
		state, partitions := "lives", "all"
		if h.Lost {
			state = "lost"
		}
		if h.Of > 0 {
			partitions = fmt.Sprintf("%d of %d", h.Partitions, h.Of)
		}
		table.Row(h.Name, state, partitions, fmt.Sprintf("%d of %d", len(h.Runs), len(h.Plugins)), h.Lag, h.Version, terminal.Ago(h.Seen))
	}
	return table.Flush()
}
