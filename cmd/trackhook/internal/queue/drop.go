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
		b            bulk
		sure         command.Confirm
		held, queued bool
	)
	cmd := &cobra.Command{
		Use:   "drop [ID...]",
		Short: "Drop packages for ever",
		Long: "Drop packages for ever: those named, queued or dead, or the dead letters that the flags select, or --all\n" +
			"dead letters. Each leaves a response with the outcome dropped in the log. With --queued, the queued packages that\n" +
			"the flags select, or with --all the whole queue; what is being sent just then is left alone, and so is what comes\n" +
			"meanwhile. With --held, those of an app that is not configured any more.\n\n" +
			"It says how many they are and asks first. Where nobody can be asked, --yes is needed.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			what, state, err := b.toDrop(cmd, ids, queued, held)
			if err != nil {
				return err
			}
			if goOn, err := b.sureToDrop(cmd, &sure, what, state, held); !goOn || err != nil {
				return err
			}
			switch host := b.target.Admin(); {
			case len(ids) > 0:
				return dropNamed(cmd.Context(), cmd.OutOrStdout(), host, ids)
			case held:
				return runBulk(cmd, host.DropHeld, what, "dropped")
			case queued:
				return runBulk(cmd, host.DropQueued, what, "dropped")
			default:
				return runBulk(cmd, host.Drop, what, "dropped")
			}
		},
	}
	b.flags(cmd.Flags())
	cmd.Flags().Lookup("all").Usage += ", or with --queued all that is queued"
	cmd.Flags().BoolVar(&queued, "queued", false, "queued packages instead of dead letters")
	cmd.Flags().BoolVar(&held, "held", false, "queued packages of the app in --app-token and --environment, which is not configured")
	sure.Flags(cmd.Flags())
	return cmd
}

// toDrop says which packages are meant, and in which state they are.
func (b *bulk) toDrop(cmd *cobra.Command, ids []string, queued, held bool) (what admin.Bulk, state engine.PackageStatus, err error) {
	switch {
	case queued && held:
		return what, "", command.Usage(errors.New("say --queued or --held, not both"))
	case held:
		filter, err := b.heldFilter()
		if err == nil && (len(ids) > 0 || b.all) {
			err = command.Usage(errors.New("--held selects packages by their app; name none, and leave out --all"))
		}
		return admin.Bulk{Filter: &filter, Rate: b.rate, Max: b.most}, engine.Queued, err
	case queued && len(ids) > 0:
		return what, "", command.Usage(errors.New("name packages, queued or dead, or select them with --queued, not both"))
	}
	state = engine.Dead
	if queued {
		state = engine.Queued
	}
	what, err = b.packages(cmd, ids)
	return what, state, err
}

// sureToDrop counts what would be dropped, and asks.
func (b *bulk) sureToDrop(cmd *cobra.Command, sure *command.Confirm, what admin.Bulk, state engine.PackageStatus, held bool) (bool, error) {
	kind := map[bool]string{false: "dead letter", true: "queued package"}[state == engine.Queued]
	if held {
		kind = "held package"
	}
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
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "nothing to drop: no %s is selected\n", kind)
			return false, err
		}
	}
	if state != engine.Queued || held {
		kind = "package"
	}
	return sure.Agreed(cmd, "drop "+terminal.Number(count, kind)+" for ever")
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
