package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/engine/admin"
)

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
	line := func(format string, args ...string) {
		shown := make([]any, len(args))
		for i, arg := range args {
			shown[i] = oneLine(arg)
		}
		fmt.Fprintf(&text, format+"\n", shown...)
	}
	p := &t.Package
	line("%s %s of %s in %s (%s)", string(p.Kind), p.ID, p.Device, p.AppToken, string(p.Environment))
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
	line("  state      %s%s", string(p.State), due(p))
	if t.Request.Curl != "" {
		fmt.Fprintf(&text, "\nrequest\n  %s\n", indented(t.Request.Curl, "  "))
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
		return ", next attempt " + stamp(p.Due)
	case !p.Ended.IsZero():
		return " since " + stamp(p.Ended)
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
	line("\nattempt %s  %s  %s  %s (rule: %s)", strconv.Itoa(r.Attempt), stamp(r.At), status, r.Outcome.String(), dash(r.Rule))
	if r.Message != "" {
		line("  message    %s", r.Message)
	}
	if r.Ambiguous {
		line("  ambiguous  it was sent whole; the server may have counted it")
	}
	switch {
	case len(r.Body) > 0:
		fmt.Fprintf(text, "  answer     %s\n", indented(string(r.Body), indent))
	case r.BodyText != "":
		line("  answer     %s", strconv.Quote(r.BodyText))
	}
	if r.WillRetry {
		line("  next       %s", stamp(r.NextAttempt))
	}
	for _, run := range r.Runs {
		switch {
		case run.Failure != "":
			fmt.Fprintf(text, "  script     %s version %s failed: %s\n", oneLine(run.Listener), oneLine(run.Version), indented(run.Failure, indent))
		case run.Skipped:
			// Nothing ran.
		default:
			line("  script     %s version %s", run.Listener, run.Version)
		}
	}
}
