package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/engine/admin"
)

func newList() *cobra.Command {
	var (
		target  command.Client
		chosen  selection
		limit   int
		asJSON  bool
		summary bool
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List packages that wait, and dead letters",
		Args:  command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter, err := chosen.filter(time.Now())
			if err != nil {
				return err
			}
			if summary {
				return printSummary(cmd.Context(), cmd.OutOrStdout(), target.Admin(), filter, asJSON)
			}
			if err := printPackages(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), target.Admin(), filter, limit, asJSON); err != nil || asJSON {
				return err
			}
			return printEndpoints(cmd.Context(), cmd.OutOrStdout(), target.Admin())
		},
	}
	target.Flags(cmd.Flags())
	chosen.flags(cmd.Flags(), true)
	cmd.Flags().IntVar(&limit, "limit", 100, "print at most so many; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, a line each")
	cmd.Flags().BoolVar(&summary, "summary", false, "count dead letters by app and reason")
	return cmd
}

// printPackages prints to out; what is no package goes to notes where out is for programs.
func printPackages(ctx context.Context, out, notes io.Writer, from *admin.Client, filter engine.Filter, limit int, asJSON bool) error {
	table := terminal.NewTable(out)
	printed := 0
	for p, err := range from.Packages(ctx, filter) {
		if err != nil {
			return errors.Join(table.Flush(), err)
		}
		if limit > 0 && printed == limit {
			if err := table.Flush(); err != nil {
				return err
			}
			if asJSON {
				out = notes
			}
			_, err := fmt.Fprintf(out, "more than %d; --limit 0 prints all\n", limit)
			return err
		}
		if asJSON {
			if err := terminal.JSONLine(out, p); err != nil {
				return err
			}
			printed++
			continue
		}
		if printed == 0 {
			table.Row("ID", "STATE", "APP", "ENVIRONMENT", "KIND", "EVENT", "DEVICE", "ACCEPTED", "ATTEMPTS", "NEXT", "REASON", "MESSAGE")
		}
		printed++
		table.Row(p.ID, stateOf(&p), p.AppToken, p.Environment, p.Kind, p.EventToken, p.Device, terminal.Ago(p.Accepted), p.Attempts, next(&p),
			outcome(p.Reason), p.Message)
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

// printEndpoints says how fast the servers take what waits. Hosts of an earlier version do not tell.
func printEndpoints(ctx context.Context, out io.Writer, from *admin.Client) error {
	all, err := from.Endpoints(ctx)
	if answer, ok := errors.AsType[*admin.AnswerError](err); ok && answer.Status == http.StatusNotFound {
		return nil
	}
	for i := range all {
		fmt.Fprintln(out, terminal.Visible(all[i].Text()))
	}
	return err
}

// stateOf is where a package is, and held where its app is not configured.
func stateOf(p *admin.Package) string {
	if p.Held {
		return "held"
	}
	return string(p.State)
}

// next is when a package is sent, where that is known: it is for the one in front of its device's lane.
func next(p *admin.Package) string {
	switch {
	case p.Held || p.Due.IsZero():
		return "-"
	case !p.Due.After(time.Now()):
		return "now"
	default:
		return "in " + terminal.Age(time.Until(p.Due))
	}
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
		return terminal.JSON(out, summary)
	}
	table := terminal.NewTable(out)
	table.Row("COUNT", "APP", "ENVIRONMENT", "REASON", "NEWEST", "ITS MESSAGE")
	for i := range summary.Reasons {
		r := &summary.Reasons[i]
		table.Row(r.Count, r.AppToken, r.Environment, r.Reason, terminal.Ago(r.Newest), r.Message)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if !summary.Complete {
		_, err = fmt.Fprintln(out, "there are more: these are the counts of what could be looked at in time")
	}
	return err
}
