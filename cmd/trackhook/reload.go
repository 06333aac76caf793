package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

func newReload() *cobra.Command {
	var target command.Client
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reload",
		Short: "Have a running host read its configuration again",
		Long: "Have a running host read its configuration again, as SIGHUP does: the file, and the files with secrets that it\n" +
			"names. All that can change while the host runs is put in force at once; what cannot is named and keeps its value.\n" +
			"Packages in flight end with what they began with. A configuration that is wrong changes nothing.\n\n" +
			"Flags and environment variables of the host stay what they were when it started.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			reloaded, err := target.Admin().Reload(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), reloaded)
			}
			return printReloaded(cmd.OutOrStdout(), &reloaded)
		},
	}
	target.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printReloaded prints what has changed, and what has not and why.
func printReloaded(out io.Writer, reloaded *admin.Reloaded) error {
	if len(reloaded.Changed) == 0 {
		fmt.Fprintln(out, "nothing was changed")
	}
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	if len(reloaded.Changed) > 0 {
		fmt.Fprintln(table, "CHANGED\tFROM\tTO")
	}
	for _, c := range reloaded.Changed {
		fmt.Fprintf(table, "%s\t%s\t%s\n", terminal.OneLine(c.Key), terminal.Dash(terminal.OneLine(c.From)), terminal.Dash(terminal.OneLine(c.To)))
	}
	if err := table.Flush(); err != nil || len(reloaded.Kept) == 0 {
		return err
	}
	fmt.Fprintln(out)
	fmt.Fprintln(table, "NOT CHANGED\tVALUE\tWANTED\tWHY")
	for _, k := range reloaded.Kept {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", terminal.OneLine(k.Key), terminal.Dash(terminal.OneLine(k.Value)), terminal.Dash(terminal.OneLine(k.Wanted)), k.Why)
	}
	return table.Flush()
}
