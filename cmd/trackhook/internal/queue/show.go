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
	line := func(format string, args ...string) {
		shown := make([]any, len(args))
		for i, arg := range args {
			shown[i] = terminal.OneLine(arg)
		}
		fmt.Fprintf(&text, format+"\n", shown...)
	}
	p := &t.Package
	if p.Kind == "" { // nothing of it could be read
		line("package %s", p.ID)
	} else {
		line("%s %s of %s in %s (%s)", string(p.Kind), p.ID, p.Device, p.AppToken, string(p.Environment))
	}
	if p.EventToken != "" {
		line("  event      %s", p.EventToken)
	}
	if p.Revenue != "" {
		line("  revenue    %s %s", p.Revenue, p.Currency)
	}
	if p.CallbackID != "" {
		line("  callback   %s", p.CallbackID)
	}
	if p.Kind != "" {
		line("  happened   %s", terminal.Stamp(p.Created))
	}
	if !p.Accepted.IsZero() {
		line("  accepted   %s", terminal.Stamp(p.Accepted))
	}
	line("  state      %s%s", string(p.State), due(p))
	for _, missing := range t.Missing {
		line("  damaged    cannot be read: %s", missing)
	}
	if len(t.Missing) > 0 {
		line("             stop trackhook, and see what is lost with `trackhook store verify`")
	}
	if t.Request.Curl != "" {
		fmt.Fprintf(&text, "\nrequest\n  %s\n", terminal.Indented(t.Request.Curl, "  "))
	}
	for i := range t.History {
		printResponse(&text, line, &t.History[i])
	}
	_, err := io.WriteString(out, text.String())
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

func printResponse(text *strings.Builder, line func(string, ...string), r *admin.Response) {
	const indent = "             "
	status := "no answer"
	if r.Status > 0 {
		status = strconv.Itoa(r.Status)
	}
	line("\nattempt %s  %s  %s  %s (rule: %s)", strconv.Itoa(r.Attempt), terminal.Stamp(r.At), status, r.Outcome.String(), terminal.Dash(r.Rule))
	if r.Message != "" {
		line("  message    %s", r.Message)
	}
	if r.Ambiguous {
		line("  ambiguous  it was sent whole; the server may have counted it")
	}
	switch {
	case len(r.Body) > 0:
		fmt.Fprintf(text, "  answer     %s\n", terminal.Indented(string(r.Body), indent))
	case r.BodyText != "":
		line("  answer     %s", strconv.Quote(r.BodyText))
	}
	if r.WillRetry {
		line("  next       %s", terminal.Stamp(r.NextAttempt))
	}
	for _, run := range r.Runs {
		switch {
		case run.Failure != "":
			fmt.Fprintf(text, "  script     %s version %s failed: %s\n", terminal.OneLine(run.Listener), terminal.OneLine(run.Version), terminal.Indented(run.Failure, indent))
		case run.Skipped:
			// Nothing ran.
		default:
			line("  script     %s version %s", run.Listener, run.Version)
		}
	}
}
