package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"trackhook/engine/admin"
)

func newQueueDrop() *cobra.Command {
	var (
		b    bulk
		held bool
	)
	cmd := &cobra.Command{
		Use:   "drop [ID...]",
		Short: "Drop packages for ever",
		Long: "Drop packages for ever: those named, queued or dead, or the dead letters that the flags select, or --all\n" +
			"dead letters. Each leaves a response with the outcome dropped in the log. With --held, those of an app that is\n" +
			"not configured any more, queued ones too.",
		RunE: func(cmd *cobra.Command, ids []string) error {
			if held {
				filter, err := b.heldFilter()
				switch {
				case err != nil:
					return err
				case len(ids) > 0 || b.all:
					return usageError{errors.New("--held selects packages by their app; name none, and leave out --all")}
				}
				return runBulk(cmd, b.target.admin().DropHeld, admin.Bulk{Filter: &filter, Rate: b.rate, Max: b.most}, "dropped")
			}
			what, err := b.packages(cmd, ids)
			switch {
			case err != nil:
				return err
			case len(ids) > 0:
				return dropNamed(cmd.Context(), cmd.OutOrStdout(), b.target.admin(), ids)
			}
			return runBulk(cmd, b.target.admin().Drop, what, "dropped")
		},
	}
	b.flags(cmd.Flags())
	cmd.Flags().BoolVar(&held, "held", false, "queued packages of the app in --app-token and --environment, which is not configured")
	return cmd
}

// dropNamed drops packages one by one, because those that are queued are not among the dead letters of a bulk.
func dropNamed(ctx context.Context, out io.Writer, at *admin.Client, ids []string) error {
	for _, id := range ids {
		if err := at.DropPackage(ctx, id); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, "dropped", id); err != nil {
			return err
		}
	}
	return nil
}
