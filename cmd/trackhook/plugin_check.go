package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/scripting"
)

func newPluginCheck(worker []string) *cobra.Command {
	var flags *config.Flags
	asJSON := false
	cmd := &cobra.Command{
		Use:   "check [FILE...]",
		Short: "Load scripts without side effects, and say what they register or what is wrong",
		Long: "Load scripts, by default all of the plugins folder, run their top level against a host that records, and print\n" +
			"what they register and every problem. Nothing is sent. The exit code is 1 when there is a problem.",
		RunE: func(cmd *cobra.Command, files []string) error {
			cfg, err := command.LoadSettings(cmd, flags)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				if files, err = pluginFiles(cfg.PluginsDir); err != nil {
					return err
				}
			}
			for _, file := range files {
				if _, err := os.Stat(file); err != nil {
					return command.Usage(config.Unreadable("the file", file, err))
				}
			}
			loaded := command.ScriptConfig(&cfg, worker)
			// Where a check runs, secrets often are not at hand; a script that needs one at its top level should say so itself.
			loaded.Plugins = cfg.GrantsAtHand(func(name string) (string, bool) { return os.Getenv(name), true })
			return checkFiles(cmd.Context(), cmd.OutOrStdout(), loaded, files, asJSON)
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML, for the apps that scripts may name")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	hideOthers(cmd.Flags(), "config", "plugins", "app-token", "environment", "device", "run-timeout", "json", "help")
	return cmd
}

// hideOthers leaves out of the help what has no effect on the command. It is accepted nevertheless, because it may be set
// for a host, too.
func hideOthers(set *pflag.FlagSet, own ...string) {
	set.VisitAll(func(f *pflag.Flag) { f.Hidden = f.Hidden || !slices.Contains(own, f.Name) })
}

// pluginFiles lists what a host would try to load from dir.
func pluginFiles(dir string) ([]string, error) {
	if err := command.RequireFolder(dir); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	names, err := scripting.Files(dir)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, command.Usage(fmt.Errorf("there are no scripts in %s", dir))
	}
	files := make([]string, len(names))
	for i, name := range names {
		files[i] = filepath.Join(dir, filepath.FromSlash(name))
	}
	return files, nil
}

func checkFiles(ctx context.Context, out io.Writer, cfg scripting.Config, files []string, asJSON bool) error {
	bad := 0
	reports := make([]scripting.Report, 0, len(files))
	err := scripting.CheckAll(ctx, cfg, files, func(file string, report scripting.Report) error {
		if report.Problem != nil {
			bad++
		}
		reports = append(reports, report)
		if asJSON {
			return nil
		}
		return printReport(out, terminal.Shorter(file), &report)
	})
	if err != nil {
		return err
	}
	if asJSON {
		if err := terminal.JSON(out, reports); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d scripts cannot be loaded", bad, len(files))
	}
	return nil
}

// printWarning says what is probably wrong with a script that can be loaded, and where.
func printWarning(text *strings.Builder, p *scripting.Problem) {
	fmt.Fprintf(text, "  WARNING %s:%d:%d: %s\n", terminal.OneLine(p.File), p.Line, p.Column, terminal.Indented(p.Message, "    "))
	if line, caret := p.Excerpt(); line != "" {
		fmt.Fprintf(text, "    %s\n    %s\n", line, caret)
	}
}

func printReport(out io.Writer, file string, report *scripting.Report) error {
	var text strings.Builder
	if p := report.Problem; p != nil {
		place := terminal.OneLine(file)
		if p.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", terminal.OneLine(p.File), p.Line, p.Column)
		}
		fmt.Fprintf(&text, "BROKEN %s: %s\n", place, terminal.Indented(p.Message, "  "))
		if line, caret := p.Excerpt(); line != "" {
			fmt.Fprintf(&text, "  %s\n  %s\n", line, caret)
		}
		for _, note := range p.Notes {
			fmt.Fprintf(&text, "  %s\n", terminal.Indented(note, "  "))
		}
	} else {
		fmt.Fprintf(&text, "ok     %s version %s\n", terminal.OneLine(file), report.Version)
	}
	for i := range report.Warnings {
		printWarning(&text, &report.Warnings[i])
	}
	for _, r := range report.Registered {
		for _, listener := range r.Listeners {
			fmt.Fprintf(&text, "  listens to %s of %s\n", listener, r.App)
		}
	}
	for i := range report.Tracked {
		p := &report.Tracked[i]
		fmt.Fprintf(&text, "  would track %s for %s\n", terminal.OneLine(strings.TrimSpace(string(p.Kind)+" "+p.EventToken())), terminal.OneLine(p.Device))
	}
	for _, line := range report.Lines {
		fmt.Fprintf(&text, "  %s: %s\n", line.Level, terminal.Indented(line.Text, "    "))
	}
	_, err := io.WriteString(out, terminal.Visible(text.String()))
	return err
}
