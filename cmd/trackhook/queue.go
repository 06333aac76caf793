package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// selection is the filter of `trackhook queue`, as typed.
type selection struct {
	appToken, environment, kind, device, eventToken string
	state, reason, after, before                    string
}

func (s *selection) flags(set *pflag.FlagSet, withState bool) {
	set.StringVar(&s.appToken, "app-token", "", "only this app")
	set.StringVar(&s.environment, "environment", "", "only sandbox or production")
	set.StringVar(&s.kind, "kind", "", "only session, event, ad_revenue or gdpr_forget_device")
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
			return f, usageError{fmt.Errorf("--reason: %w", err)}
		}
	}
	if f.Kind != "" && !f.Kind.Known() {
		return f, usageError{fmt.Errorf("--kind: %q is not one of session, event, ad_revenue, gdpr_forget_device", s.kind)}
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
			return f, usageError{fmt.Errorf("%s: %w", bound.flag, err)}
		}
		*bound.into = at
	}
	return f, nil
}

func newQueue() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "queue",
		Short: "See what waits and what died, and put it right",
		Args:  func(_ *cobra.Command, args []string) error { return unknownCommand(args) },
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newQueueList(), newQueueShow(), newQueueChange("retry"), newQueueChange("drop"))
	return cmd
}

func newQueueList() *cobra.Command {
	var (
		target  client
		chosen  selection
		limit   int
		asJSON  bool
		summary bool
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List packages that wait, and dead letters",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter, err := chosen.filter(time.Now())
			if err != nil {
				return err
			}
			if summary {
				return printSummary(cmd.Context(), cmd.OutOrStdout(), target.admin(), filter, asJSON)
			}
			return printPackages(cmd.Context(), cmd.OutOrStdout(), target.admin(), filter, limit, asJSON)
		},
	}
	target.flags(cmd.Flags())
	chosen.flags(cmd.Flags(), true)
	cmd.Flags().IntVar(&limit, "limit", 100, "print at most so many; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, a line each")
	cmd.Flags().BoolVar(&summary, "summary", false, "count dead letters by app and reason")
	return cmd
}

func printPackages(ctx context.Context, out io.Writer, from *admin.Client, filter engine.Filter, limit int, asJSON bool) error {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	printed := 0
	for p, err := range from.Packages(ctx, filter) {
		if err != nil {
			return errors.Join(table.Flush(), err)
		}
		if limit > 0 && printed == limit {
			if err := table.Flush(); err != nil {
				return err
			}
			_, err := fmt.Fprintf(out, "more than %d; --limit 0 prints all\n", limit)
			return err
		}
		if asJSON {
			if err := printLine(out, p); err != nil {
				return err
			}
			printed++
			continue
		}
		if printed == 0 {
			fmt.Fprintln(table, "ID\tSTATE\tAPP\tKIND\tEVENT\tDEVICE\tACCEPTED\tATTEMPTS\tREASON\tMESSAGE")
		}
		printed++
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", p.ID, p.State, p.AppToken, p.Kind, dash(p.EventToken),
			p.Device, ago(p.Accepted), p.Attempts, outcome(p.Reason), dash(p.Message))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if printed == 0 && !asJSON {
		_, err := fmt.Fprintln(out, "nothing")
		return err
	}
	return nil
}

func outcome(o engine.Outcome) string {
	if o == 0 {
		return "-"
	}
	return o.String()
}

func printSummary(ctx context.Context, out io.Writer, from *admin.Client, filter engine.Filter, asJSON bool) error {
	filter.State = ""
	summary, err := from.DeadSummary(ctx, filter)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(out, summary)
	}
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "COUNT\tAPP\tENVIRONMENT\tREASON\tNEWEST\tITS MESSAGE")
	for i := range summary.Reasons {
		r := &summary.Reasons[i]
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", r.Count, r.AppToken, r.Environment, r.Reason, ago(r.Newest), dash(r.Message))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if !summary.Complete {
		_, err = fmt.Fprintln(out, "there are more: these are the counts of what could be looked at in time")
	}
	return err
}

func newQueueShow() *cobra.Command {
	var (
		target client
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Tell the story of one package: accepted, every attempt, every script",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			timeline, err := target.admin().Package(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), timeline)
			}
			return printTimeline(cmd.OutOrStdout(), &timeline)
		},
	}
	target.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printTimeline(out io.Writer, t *admin.Timeline) error {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	p := &t.Package
	line("%s %s of %s in %s (%s)", p.Kind, p.ID, p.Device, p.AppToken, p.Environment)
	if p.EventToken != "" {
		line("  event      %s", p.EventToken)
	}
	if p.Revenue != "" {
		line("  revenue    %s %s", p.Revenue, p.Currency)
	}
	if p.CallbackID != "" {
		line("  callback   %s", p.CallbackID)
	}
	line("  happened   %s", stamp(p.Created))
	line("  accepted   %s", stamp(p.Accepted))
	line("  state      %s%s", p.State, due(p))
	if t.Request.Curl != "" {
		line("\nrequest\n  %s", strings.ReplaceAll(t.Request.Curl, "\n", "\n  "))
	}
	for i := range t.History {
		printResponse(line, &t.History[i])
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func due(p *admin.Package) string {
	switch {
	case !p.Due.IsZero():
		return ", next attempt " + stamp(p.Due)
	case !p.Ended.IsZero():
		return " since " + stamp(p.Ended)
	default:
		return ""
	}
}

func stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000 -0700") }

func printResponse(line func(string, ...any), r *admin.Response) {
	status := "no answer"
	if r.Status > 0 {
		status = strconv.Itoa(r.Status)
	}
	line("\nattempt %d  %s  %s  %s (rule: %s)", r.Attempt, stamp(r.At), status, r.Outcome, dash(r.Rule))
	if r.Message != "" {
		line("  message    %s", r.Message)
	}
	if r.Ambiguous {
		line("  ambiguous  it was sent whole; the server may have counted it")
	}
	switch {
	case len(r.Body) > 0:
		line("  answer     %s", r.Body)
	case r.BodyText != "":
		line("  answer     %q", r.BodyText)
	}
	if r.WillRetry {
		line("  next       %s", stamp(r.NextAttempt))
	}
	for _, run := range r.Runs {
		switch {
		case run.Failure != "":
			line("  script     %s version %s failed: %s", run.Listener, run.Version, run.Failure)
		case run.Skipped:
			line("  script     %s was not meant", run.Listener)
		default:
			line("  script     %s version %s", run.Listener, run.Version)
		}
	}
}

func newQueueChange(verb string) *cobra.Command {
	var (
		target client
		chosen selection
		rate   float64
		most   uint64
		all    bool
	)
	retry := verb == "retry"
	cmd := &cobra.Command{
		Use:   verb + " [ID...]",
		Short: map[bool]string{true: "Put dead letters back into the queue", false: "Drop packages for ever"}[retry],
		Long: map[bool]string{
			true: "Put dead letters back at the end of their lanes: those named, those that the flags select, or --all.\n" +
				"They go back at a bounded rate, so that a server that has just recovered is not run over.",
			false: "Drop packages for ever: those named, queued or dead, or the dead letters that the flags select, or --all\n" +
				"dead letters. Each leaves a response with the outcome dropped in the log.",
		}[retry],
		RunE: func(cmd *cobra.Command, ids []string) error {
			filter, err := chosen.filter(time.Now())
			if err != nil {
				return err
			}
			switch {
			case len(ids) > 0 && (all || !chosen.empty()):
				return usageError{errors.New("name packages, or select them by flags, not both")}
			case len(ids) == 0 && !all && chosen.empty():
				return usageError{fmt.Errorf("name packages, select them by flags such as --reason, or say --all; see `%s --help`", cmd.CommandPath())}
			case !retry && len(ids) > 0:
				return dropNamed(cmd.Context(), cmd.OutOrStdout(), target.admin(), ids)
			}
			what := admin.Bulk{IDs: ids, Rate: rate, Max: most}
			if len(ids) == 0 {
				what.Filter = &filter
			}
			return change(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), target.admin(), retry, what)
		},
	}
	target.flags(cmd.Flags())
	chosen.flags(cmd.Flags(), false)
	cmd.Flags().Float64Var(&rate, "rate", admin.DefaultRate, "at most so many a second")
	cmd.Flags().Uint64Var(&most, "max", 0, "at most so many; 0 for no bound")
	cmd.Flags().BoolVar(&all, "all", false, "all dead letters")
	return cmd
}

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

func change(ctx context.Context, out, progress io.Writer, at *admin.Client, retry bool, what admin.Bulk) error {
	call, done := at.Drop, "dropped"
	if retry {
		call, done = at.Retry, "put back"
	}
	next := time.Now().Add(time.Second)
	last, err := call(ctx, what, func(p admin.Progress) {
		if time.Now().After(next) {
			next = time.Now().Add(time.Second)
			fmt.Fprintf(progress, "%s %d ...\n", done, p.Changed)
		}
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s %d\n", done, last.Changed)
	return err
}
