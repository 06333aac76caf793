package queue

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/engine/admin"
)

func newDrop() *cobra.Command {
	var (
		b    bulk
		sure command.Confirm
		held bool
	)
	cmd := &cobra.Command{
		Use:   "drop [ID...]",
		Short: "Drop packages for ever",
		Long: "Drop packages for ever: those named, queued or dead, or the dead letters that the flags select, or --all\n" +
			"dead letters. Each leaves a response with the outcome dropped in the log. With --held, those of an app that is\n" +
			"not configured any more, queued ones too.\n\n" +
			"It says how many they are and asks first. Where nobody can be asked, --yes is needed.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			if held {
				filter, err := b.heldFilter()
				switch {
				case err != nil:
					return err
				case len(ids) > 0 || b.all:
					return command.Usage(errors.New("--held selects packages by their app; name none, and leave out --all"))
				}
				what := admin.Bulk{Filter: &filter, Rate: b.rate, Max: b.most}
				if goOn, err := b.sureToDrop(cmd, &sure, what, engine.Queued); !goOn || err != nil {
					return err
				}
				return runBulk(cmd, b.target.Admin().DropHeld, what, "dropped")
			}
			what, err := b.packages(cmd, ids)
			if err != nil {
				return err
			}
			if goOn, err := b.sureToDrop(cmd, &sure, what, engine.Dead); !goOn || err != nil {
				return err
			}
			if len(ids) > 0 {
				return dropNamed(cmd.Context(), cmd.OutOrStdout(), b.target.Admin(), ids)
			}
			return runBulk(cmd, b.target.Admin().Drop, what, "dropped")
		},
	}
	b.flags(cmd.Flags())
	cmd.Flags().BoolVar(&held, "held", false, "queued packages of the app in --app-token and --environment, which is not configured")
	sure.Flags(cmd.Flags())
	return cmd
}

// sureToDrop counts what would be dropped, and asks.
func (b *bulk) sureToDrop(cmd *cobra.Command, sure *command.Confirm, what admin.Bulk, state engine.PackageStatus) (bool, error) {
	count := len(what.IDs)
	if what.Filter != nil && (!sure.Yes || sure.DryRun) {
		selected := *what.Filter
		selected.State = state
		for _, err := range b.target.Admin().Packages(cmd.Context(), selected) {
			if err != nil {
				return false, err
			}
			if count++; what.Max > 0 && uint64(count) == what.Max {
				break
			}
		}
		if count == 0 {
			what := "dead letter"
			if state == engine.Queued {
				what = "held package"
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "nothing to drop: no %s is selected\n", what)
			return false, err
		}
	}
	return sure.Agreed(cmd, "drop "+terminal.Number(count, "package")+" for ever")
}

// dropNamed drops packages one by one, because those that are queued are not among the dead letters of a bulk.
func dropNamed(ctx context.Context, out io.Writer, at *admin.Client, ids []string) error {
	for _, id := range ids {
		if err := at.DropPackage(ctx, id); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "dropped", terminal.OneLine(id)); err != nil {
			return err
		}
	}
	return nil
}
