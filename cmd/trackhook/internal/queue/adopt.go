package queue

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/engine"
	"trackhook/engine/admin"
)

func newAdopt() *cobra.Command {
	var (
		b                      bulk
		toToken, toEnvironment string
	)
	cmd := &cobra.Command{
		Use:   "adopt --app-token FROM --environment E --to-app-token TO",
		Short: "Give packages of an app that is not configured any more to one that is",
		Long: "Give queued packages of an app that the configuration does not name any more to one that it does. Such packages\n" +
			"are held: they are sent nowhere. Each goes to the end of its device's lane of the new app, with a new id.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter, err := b.heldFilter()
			if err != nil {
				return err
			}
			if toToken == "" {
				return command.Usage(errors.New("say with --to-app-token which app is to have the packages"))
			}
			if toEnvironment == "" {
				toEnvironment = string(filter.Environment)
			}
			to := engine.App{Token: toToken, Environment: engine.Environment(toEnvironment)}
			call := func(ctx context.Context, what admin.Bulk, progress func(admin.Progress)) (admin.Progress, error) {
				return b.target.Admin().Adopt(ctx, to, what, progress)
			}
			return runBulk(cmd, call, admin.Bulk{Filter: &filter, Rate: b.rate, Max: b.most}, "adopted")
		},
	}
	b.target.Flags(cmd.Flags())
	b.chosen.flags(cmd.Flags(), false)
	b.bounds(cmd.Flags())
	cmd.Flags().StringVar(&toToken, "to-app-token", "", "the app that is to have them")
	cmd.Flags().StringVar(&toEnvironment, "to-environment", "", "its environment; that of the packages if left out")
	return cmd
}

// heldFilter is the filter for packages of an app that is not configured, which must be named.
func (b *bulk) heldFilter() (engine.Filter, error) {
	filter, err := b.chosen.filter(time.Now())
	if err == nil && (filter.AppToken == "" || filter.Environment == "") {
		err = command.Usage(errors.New("name the app whose packages are held, with --app-token and --environment"))
	}
	return filter, err
}
