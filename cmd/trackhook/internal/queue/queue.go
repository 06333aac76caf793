package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/engine"
	"trackhook/engine/admin"
)

// Command makes `trackhook queue` with all commands below it.
func Command() *cobra.Command {
	return command.Group("queue", "See what waits and what died, and put it right",
		newList(), newShow(), newRetry(), newDrop(), newAdopt(), newHasten(),
		newAcknowledge())
}

// selection is the filter of `trackhook queue`, as typed.
type selection struct {
	appToken, environment, kind, device, eventToken string
	state, reason, after, before                    string
}

func (s *selection) flags(set *pflag.FlagSet, withState bool) {
	set.StringVar(&s.appToken, "app-token", "", "only this app")
	set.StringVar(&s.environment, "environment", "", "only sandbox or production")
	set.StringVar(&s.kind, "kind", "", "only session, event, ad_revenue, gdpr_forget_device or third_party_sharing")
	set.StringVar(&s.device, "device", "", "only this device, KIND=ID")
	set.StringVar(&s.eventToken, "event-token", "", "only this event")
	set.StringVar(&s.reason, "reason", "", "only with this outcome of the last attempt, such as rejected or unclear")
	set.StringVar(&s.after, "after", "", "only accepted since then: a time, a day, or an age such as 2h or 3d")
	set.StringVar(&s.before, "before", "", "only accepted before then")
	if withState {
		set.StringVar(&s.state, "state", "", "only queued or dead")
	}
}

func (s *selection) empty() bool { return *s == selection{} }

func (s *selection) filter(now time.Time) (engine.Filter, error) {
	f := engine.Filter{
		AppToken: s.appToken, Environment: engine.Environment(s.environment), Kind: engine.Kind(s.kind), Device: s.device,
		EventToken: s.eventToken, State: engine.PackageStatus(s.state),
	}
	if s.reason != "" {
		if err := f.Reason.UnmarshalText([]byte(s.reason)); err != nil {
			return f, command.Usage(fmt.Errorf("--reason: %w", err))
		}
	}
	if f.Kind != "" && !f.Kind.Known() {
		return f, command.Usage(fmt.Errorf("--kind: %q is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing", s.kind))
	}
	for _, bound := range []struct {
		flag, text string
		into       *time.Time
	}{{"--after", s.after, &f.After}, {"--before", s.before, &f.Before}} {
		if bound.text == "" {
			continue
		}
		at, err := admin.ParseTime(bound.text, now)
		if err != nil {
			return f, command.Usage(fmt.Errorf("%s: %w", bound.flag, err))
		}
		*bound.into = at
	}
	return f, nil
}

// bulk is what `trackhook queue retry` and `drop` are asked with, as typed.
type bulk struct {
	target command.Client
	chosen selection
	rate   float64
	most   uint64
	all    bool
}

func (b *bulk) flags(set *pflag.FlagSet) {
	b.target.Flags(set)
	b.chosen.flags(set, false)
	b.bounds(set)
	set.BoolVar(&b.all, "all", false, "all dead letters")
}

func (b *bulk) bounds(set *pflag.FlagSet) {
	set.Float64Var(&b.rate, "rate", admin.DefaultRate, "at most so many a second")
	set.Uint64Var(&b.most, "max", 0, "at most so many; 0 for no bound")
}

// packages says which are meant: those that are named, or those that the flags select.
func (b *bulk) packages(cmd *cobra.Command, ids []string) (admin.Bulk, error) {
	filter, err := b.chosen.filter(time.Now())
	what := admin.Bulk{IDs: ids, Rate: b.rate, Max: b.most}
	switch {
	case err != nil:
		return what, err
	case len(ids) > 0 && (b.all || !b.chosen.empty()):
		return what, command.Usage(errors.New("name packages, or select them by flags, not both"))
	case len(ids) == 0 && !b.all && b.chosen.empty():
		return what, command.Usage(fmt.Errorf("name packages, select them by flags such as --reason, or say --all; see `%s --help`", cmd.CommandPath()))
	case len(ids) == 0:
		what.Filter = &filter
	}
	return what, nil
}

// change is a call of the host that works through many packages, such as [admin.Client.Retry].
type change func(ctx context.Context, what admin.Bulk, progress func(admin.Progress)) (admin.Progress, error)

// runBulk makes the call and says how far it is: to stderr once a second, to stdout at the end. done is the word for it.
func runBulk(cmd *cobra.Command, call change, what admin.Bulk, done string) error {
	next := time.Now().Add(time.Second)
	last, err := call(cmd.Context(), what, func(p admin.Progress) {
		if time.Now().After(next) {
			next = time.Now().Add(time.Second)
			fmt.Fprintf(cmd.ErrOrStderr(), "%s %d ...\n", done, p.Changed)
		}
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %d\n", done, last.Changed)
	return err
}
