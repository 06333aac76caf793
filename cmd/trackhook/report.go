package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/engine/admin"
)

func newReport() *cobra.Command {
	return command.Group("report", "Numbers to compare with the dashboard", newReportCounts())
}

// reportCounts is `trackhook report counts` as typed.
type reportCounts struct {
	target        command.Client
	from, to      string
	app, event    string
	asCSV, asJSON bool
}

func newReportCounts() *cobra.Command {
	r := &reportCounts{}
	cmd := &cobra.Command{
		Use:   "counts",
		Short: "Count packages by day, app, event token and outcome",
		Long: "Count what was accepted and what became of it, by day (UTC, of the activity), app, kind and event token: the\n" +
			"numbers to compare with the dashboard when events move to server-to-server.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return r.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	r.target.Flags(cmd.Flags())
	cmd.Flags().StringVar(&r.from, "from", "", "first day, such as 2026-05-01, or an age such as 30d (default: six days ago)")
	cmd.Flags().StringVar(&r.to, "to", "", "last day (default: today)")
	cmd.Flags().StringVar(&r.app, "app-token", "", "only this app")
	cmd.Flags().StringVar(&r.event, "event-token", "", "only this event")
	cmd.Flags().BoolVar(&r.asCSV, "csv", false, "print CSV")
	cmd.Flags().BoolVar(&r.asJSON, "json", false, "print JSON")
	return cmd
}

func (r *reportCounts) run(ctx context.Context, out io.Writer) error {
	first, last, err := days(r.from, r.to, time.Now())
	if err != nil {
		return err
	}
	filter := engine.Filter{AppToken: r.app, EventToken: r.event}
	if r.asCSV {
		if !terminal.IsTerminal(out) {
			return r.target.Admin().CountsCSV(ctx, out, first, last, filter)
		}
		var text strings.Builder
		if err := r.target.Admin().CountsCSV(ctx, &text, first, last, filter); err != nil {
			return err
		}
		_, err := io.WriteString(out, terminal.Visible(text.String()))
		return err
	}
	rows, err := r.target.Admin().Counts(ctx, first, last, filter)
	if err != nil {
		return err
	}
	if r.asJSON {
		return terminal.JSON(out, rows)
	}
	return printCounts(out, rows)
}

// days reads the bounds of a report. What is not given is zero.
func days(from, to string, now time.Time) (first, last time.Time, err error) {
	if from != "" {
		if first, err = admin.ParseTime(from, now); err != nil {
			return first, last, command.Usage(fmt.Errorf("--from: %w", err))
		}
	}
	if to != "" {
		if last, err = admin.ParseTime(to, now); err != nil {
			return first, last, command.Usage(fmt.Errorf("--to: %w", err))
		}
	}
	return first, last, nil
}

func printCounts(out io.Writer, rows []admin.Count) error {
	table := terminal.NewTable(out)
	head := []any{"DAY", "APP", "ENVIRONMENT", "KIND", "EVENT", "ACCEPTED"}
	for _, o := range engine.Outcomes() {
		head = append(head, o)
	}
	table.Row(append(head, "ambiguous")...)
	for i := range rows {
		r := &rows[i]
		line := []any{r.Day, r.AppToken, r.Environment, r.Kind, r.EventToken, r.Accepted}
		for _, o := range engine.Outcomes() {
			line = append(line, r.Outcomes[o])
		}
		table.Row(append(line, r.Ambiguous)...)
	}
	return table.Flush()
}
