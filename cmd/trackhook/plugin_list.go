package main

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
	"trackhook/scripting"
)

func newPluginList() *cobra.Command {
	var (
		target command.Client
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show what a running host has loaded, and what is wrong with it",
		Long: "Show what a running host has loaded. DISK is the version of the files as they are, RUNNING the version that\n" +
			"handles answers; they differ while the latest edit is broken. SINCE is when the state began. RUNS and ERRORS\n" +
			"count since the host started; P50 and P99 are run times of the running version, by a sample. LAG counts the\n" +
			"answers that are still to come, LOST those that were gone before the plugin came to them.\n\n" +
			"States: live; standby (another host that shares the database runs it); loading; broken_edit (the version before\n" +
			"goes on); broken (nothing runs, its answers wait);\n" +
			"quarantined (given up for runs that were too long, its answers wait for the next edit); removed (not in the\n" +
			"plugins folder any more, its place in the log is kept until `trackhook plugin forget NAME`).",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			plugins, err := target.Admin().Plugins(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), plugins)
			}
			host, err := target.Admin().Host(cmd.Context())
			if err != nil {
				return err
			}
			if err := printPlugins(cmd.OutOrStdout(), plugins, terminal.Colored(cmd.OutOrStdout())); err != nil || host.PluginsDir == "" {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "\n%d in %s\n", countPresent(plugins), terminal.OneLine(host.PluginsDir))
			return err
		},
	}
	target.Flags(cmd.Flags())
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
	table := terminal.NewTable(&text)
	table.Row("NAME", "STATE", "DISK", "RUNNING", "SINCE", "RELOADS", "RUNS", "ERRORS", "P50", "P99", "LAG", "LOST")
	for i := range plugins {
		p := &plugins[i]
		table.Row(p.Name, p.State, p.Disk, p.Running, terminal.Ago(p.Since), p.Reloads, p.Runs, p.Errors, terminal.RunTime(p.P50), terminal.RunTime(p.P99), lag(p), p.Lost)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, line := range strings.SplitAfter(strings.TrimSuffix(text.String(), "\n"), "\n") {
		// Whole lines, because the table counts the bytes of a color as width.
		switch line = strings.TrimSuffix(line, "\n"); {
		case i == 0:
			line = terminal.Paint(color, terminal.Bold, line)
		case !plugins[i-1].State.Healthy():
			line = terminal.Paint(color, terminal.Red, line)
		case len(plugins[i-1].Warnings) > 0:
			line = terminal.Paint(color, terminal.Yellow, line)
		case plugins[i-1].State == admin.Removed:
			line = terminal.Paint(color, terminal.Faint, line)
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	if err := printPlaces(out, plugins); err != nil {
		return err
	}
	for i := range plugins {
		p := &plugins[i]
		if err := printProblem(out, p, p.LastError, terminal.Red, color); err != nil {
			return err
		}
		for n := range p.Warnings {
			if err := printProblem(out, p, &p.Warnings[n], terminal.Yellow, color); err != nil {
				return err
			}
		}
	}
	return nil
}

// printPlaces prints which host runs a plugin that several share, and where they have different versions of it.
func printPlaces(out io.Writer, plugins []admin.Plugin) error {
	for i := range plugins {
		var places []string
		runner, versions := "no host", map[string]bool{}
		for _, place := range plugins[i].Hosts {
			versions[place.Version] = true
			places = append(places, terminal.OneLine(place.Host)+" has "+terminal.OneLine(place.Version))
			if place.Runs {
				runner = terminal.OneLine(place.Host)
			}
		}
		if len(places) == 0 {
			continue
		}
		text := terminal.OneLine(plugins[i].Name) + ": " + runner + " runs it"
		if len(versions) > 1 {
			text += "; the hosts have different versions: " + strings.Join(places, ", ")
		}
		if _, err := fmt.Fprintln(out, text); err != nil {
			return err
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
	fmt.Fprintf(&text, "\n%s: ", terminal.Paint(color, terminal.Bold, terminal.OneLine(p.Name)))
	switch {
	case e.Line > 0:
		fmt.Fprintf(&text, "%s:%d:%d: ", terminal.OneLine(e.File), e.Line, e.Column)
	case e.File != "":
		text.WriteString(terminal.OneLine(e.File) + ": ")
	}
	text.WriteString(terminal.Indented(e.Message, "  "))
	if !e.Since.IsZero() {
		text.WriteString(" (since " + terminal.Ago(e.Since) + ")")
	}
	text.WriteString("\n")
	problem := scripting.Problem{Source: e.Source, Column: e.Column}
	if line, caret := problem.Excerpt(); line != "" {
		fmt.Fprintf(&text, "  %s\n  %s\n", terminal.OneLine(line), terminal.Paint(color, hue, caret))
	}
	for _, note := range e.Notes {
		fmt.Fprintf(&text, "  %s\n", terminal.Indented(note, "  "))
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
