package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"trackhook/engine"
	"trackhook/engine/admin"
)

func newReport() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Numbers to compare with the dashboard",
		Args:  func(_ *cobra.Command, args []string) error { return unknownCommand(args) },
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newReportCounts())
	return cmd
}

func newReportCounts() *cobra.Command {
	var (
		target        client
		from, to, app string
		event         string
		asCSV, asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "counts",
		Short: "Count packages by day, app, event token and outcome",
		Long: "Count what was accepted and what became of it, by day (UTC, of the activity), app, kind and event token: the\n" +
			"numbers to compare with the dashboard when events move to server-to-server.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			first, last, err := days(from, to, time.Now())
			if err != nil {
				return err
			}
			filter := engine.Filter{AppToken: app, EventToken: event}
			if asCSV {
				return target.admin().CountsCSV(cmd.Context(), cmd.OutOrStdout(), first, last, filter)
			}
			rows, err := target.admin().Counts(cmd.Context(), first, last, filter)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return printCounts(cmd.OutOrStdout(), rows)
		},
	}
	target.flags(cmd.Flags())
	cmd.Flags().StringVar(&from, "from", "", "first day, such as 2026-05-01, or an age such as 30d (default: six days ago)")
	cmd.Flags().StringVar(&to, "to", "", "last day (default: today)")
	cmd.Flags().StringVar(&app, "app-token", "", "only this app")
	cmd.Flags().StringVar(&event, "event-token", "", "only this event")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func days(from, to string, now time.Time) (first, last time.Time, err error) {
	if from != "" {
		if first, err = admin.ParseTime(from, now); err != nil {
			return first, last, usageError{fmt.Errorf("--from: %w", err)}
		}
	}
	if to != "" {
		if last, err = admin.ParseTime(to, now); err != nil {
			return first, last, usageError{fmt.Errorf("--to: %w", err)}
		}
	}
	return first, last, nil
}

func printCounts(out io.Writer, rows []admin.Count) error {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprint(table, "DAY\tAPP\tENVIRONMENT\tKIND\tEVENT\tACCEPTED")
	for _, o := range engine.Outcomes() {
		fmt.Fprintf(table, "\t%s", o)
	}
	fmt.Fprintln(table, "\tambiguous")
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d", r.Day, r.AppToken, r.Environment, r.Kind, dash(r.EventToken), r.Accepted)
		for _, o := range engine.Outcomes() {
			fmt.Fprintf(table, "\t%d", r.Outcomes[o])
		}
		fmt.Fprintf(table, "\t%d\n", r.Ambiguous)
	}
	return table.Flush()
}

// printLine prints one value as one line of JSON.
func printLine(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
