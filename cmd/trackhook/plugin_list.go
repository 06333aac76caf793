package main

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/engine/admin"
	"trackhook/scripting"
)

func newPluginList() *cobra.Command {
	var (
		target client
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show what a running host has loaded, and what is wrong with it",
		Long: "Show what a running host has loaded. DISK is the version of the files as they are, RUNNING the version that\n" +
			"handles answers; they differ while the latest edit is broken. SINCE is when the state began. RUNS and ERRORS\n" +
			"count since the host started; P50 and P99 are run times of the running version, by a sample. LAG counts the\n" +
			"answers that are still to come, LOST those that were gone before the plugin came to them.\n\n" +
			"States: live; loading; broken_edit (the version before goes on); broken (nothing runs, its answers wait);\n" +
			"quarantined (given up for runs that were too long, its answers wait for the next edit); removed (not in the\n" +
			"plugins folder any more, its place in the log is kept until `trackhook plugin forget NAME`).",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			plugins, err := target.admin().Plugins(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), plugins)
			}
			host, err := target.admin().Host(cmd.Context())
			if err != nil {
				return err
			}
			if err := printPlugins(cmd.OutOrStdout(), plugins, colored(cmd.OutOrStdout())); err != nil || host.PluginsDir == "" {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "\n%d in %s\n", countPresent(plugins), oneLine(host.PluginsDir))
			return err
		},
	}
	target.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// countPresent counts the plugins that lie in the folder.
func countPresent(plugins []admin.Plugin) int {
	n := 0
	for i := range plugins {
		if plugins[i].State != admin.Removed {
			n++
		}
	}
	return n
}

func printPlugins(out io.Writer, plugins []admin.Plugin, color bool) error {
	if len(plugins) == 0 {
		_, err := fmt.Fprintln(out, "no plugins: drop a script into the plugins folder of the host")
		return err
	}
	var text bytes.Buffer
	table := newTable(&text)
	table.row("NAME", "STATE", "DISK", "RUNNING", "SINCE", "RELOADS", "RUNS", "ERRORS", "P50", "P99", "LAG", "LOST")
	for i := range plugins {
		p := &plugins[i]
		table.row(p.Name, p.State, p.Disk, p.Running, ago(p.Since), p.Reloads, p.Runs, p.Errors, runTime(p.P50), runTime(p.P99), lag(p), p.Lost)
	}
	if err := table.flush(); err != nil {
		return err
	}
	for i, line := range strings.SplitAfter(strings.TrimSuffix(text.String(), "\n"), "\n") {
		// Whole lines, because the table counts the bytes of a color as width.
		switch line = strings.TrimSuffix(line, "\n"); {
		case i == 0:
			line = paint(color, bold, line)
		case !plugins[i-1].State.Healthy():
			line = paint(color, red, line)
		case len(plugins[i-1].Warnings) > 0:
			line = paint(color, yellow, line)
		case plugins[i-1].State == admin.Removed:
			line = paint(color, faint, line)
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	for i := range plugins {
		p := &plugins[i]
		if err := printProblem(out, p, p.LastError, red, color); err != nil {
			return err
		}
		for n := range p.Warnings {
			if err := printProblem(out, p, &p.Warnings[n], yellow, color); err != nil {
				return err
			}
		}
	}
	return nil
}

// printProblem prints what is wrong with a plugin, if anything, and the line that is to blame.
func printProblem(out io.Writer, p *admin.Plugin, e *admin.PluginError, hue string, color bool) error {
	if e == nil {
		return nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s: ", paint(color, bold, oneLine(p.Name)))
	switch {
	case e.Line > 0:
		fmt.Fprintf(&text, "%s:%d:%d: ", oneLine(e.File), e.Line, e.Column)
	case e.File != "":
		text.WriteString(oneLine(e.File) + ": ")
	}
	text.WriteString(indented(e.Message, "  "))
	if !e.Since.IsZero() {
		text.WriteString(" (since " + ago(e.Since) + ")")
	}
	text.WriteString("\n")
	problem := scripting.Problem{Source: e.Source, Column: e.Column}
	if line, caret := problem.Excerpt(); line != "" {
		fmt.Fprintf(&text, "  %s\n  %s\n", oneLine(line), paint(color, hue, caret))
	}
	for _, note := range e.Notes {
		fmt.Fprintf(&text, "  %s\n", indented(note, "  "))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func lag(p *admin.Plugin) string {
	if p.CursorUnknown {
		return "?"
	}
	return strconv.FormatUint(p.Lag, 10)
}
