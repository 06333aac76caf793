package queue

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

func newShow() *cobra.Command {
	var (
		target command.Client
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Tell the story of one package: accepted, every attempt, every script",
		Args:  command.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			timeline, err := target.Admin().Package(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), timeline)
			}
			return printTimeline(cmd.OutOrStdout(), &timeline)
		},
	}
	target.Flags(cmd.Flags())
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
	line("  happened   %s", terminal.Stamp(p.Created))
	line("  accepted   %s", terminal.Stamp(p.Accepted))
	line("  state      %s%s", p.State, due(p))
	if t.Request.Curl != "" {
		line("\nrequest\n  %s", strings.ReplaceAll(t.Request.Curl, "\n", "\n  "))
	}
	for i := range t.History {
		printResponse(line, &t.History[i])
	}
	_, err := io.WriteString(out, terminal.Visible(text.String()))
	return err
}

func due(p *admin.Package) string {
	switch {
	case !p.Due.IsZero():
		return ", next attempt " + terminal.Stamp(p.Due)
	case !p.Ended.IsZero():
		return " since " + terminal.Stamp(p.Ended)
	default:
		return ""
	}
}

func printResponse(line func(string, ...any), r *admin.Response) {
	status := "no answer"
	if r.Status > 0 {
		status = strconv.Itoa(r.Status)
	}
	line("\nattempt %d  %s  %s  %s (rule: %s)", r.Attempt, terminal.Stamp(r.At), status, r.Outcome, terminal.Dash(r.Rule))
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
		line("  next       %s", terminal.Stamp(r.NextAttempt))
	}
	for _, run := range r.Runs {
		switch {
		case run.Failure != "":
			line("  script     %s version %s failed: %s", run.Listener, run.Version, run.Failure)
		case run.Skipped:
			// Nothing ran.
		default:
			line("  script     %s version %s", run.Listener, run.Version)
		}
	}
}
