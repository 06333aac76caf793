package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/plugins"
	"trackhook/scripting"
)

func newPlugin() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plugin",
		Short: "See and check scripts",
		Args:  func(_ *cobra.Command, args []string) error { return unknownCommand(args) },
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPluginList(), newPluginCheck(), newPluginTest(), newPluginReplay(), newPluginForget(), newPluginInit())
	return cmd
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func newPluginInit() *cobra.Command {
	dir := "plugins"
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a plugins folder with a first script, and help editors to complete names",
		Long: "Make the plugins folder with a first script and the guide where there is none, and write trackhook.d.ts and\n" +
			"jsconfig.json into it, so that editors complete names in plain JavaScript. A jsconfig.json that is there stays.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			created, err := plugins.Create(dir)
			if err != nil {
				return err
			}
			if created {
				fmt.Fprintf(cmd.OutOrStdout(), "made %s with a first script, outcomes.js, and the guide, README.md\n", dir)
			}
			written, err := scripting.WriteEditorFiles(dir)
			for _, name := range written {
				fmt.Fprintln(cmd.OutOrStdout(), "wrote", name)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&dir, "plugins", dir, "folder of the scripts")
	return cmd
}

func newPluginCheck() *cobra.Command {
	var flags *config.Flags
	asJSON := false
	cmd := &cobra.Command{
		Use:   "check [FILE...]",
		Short: "Load scripts without side effects, and say what they register or what is wrong",
		Long: "Load scripts, by default all of the plugins folder, run their top level against a host that records, and print\n" +
			"what they register and every problem. Nothing is sent. The exit code is 1 when there is a problem.",
		RunE: func(cmd *cobra.Command, files []string) error {
			cfg, err := flags.Load(os.LookupEnv)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				if files, err = pluginFiles(cfg.PluginsDir); err != nil {
					return err
				}
			}
			loaded := checkConfig(&cfg)
			loaded.Dir = cfg.PluginsDir
			// Where a check runs, secrets often are not at hand; a script that needs one at its top level should say so itself.
			if loaded.Plugins, err = cfg.Grants(func(name string) (string, bool) { return os.Getenv(name), true }); err != nil {
				return err
			}
			return checkFiles(cmd.Context(), cmd.OutOrStdout(), loaded, files, asJSON)
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML, for the apps that scripts may name")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// checkConfig is what scripts would run with: the configured apps, or those of the demo.
func checkConfig(cfg *config.Config) scripting.Config {
	apps, device := cfg.EngineApps(), cfg.Device
	if len(apps) == 0 {
		apps = append(apps, demo.App())
		if len(device) == 0 {
			device = demo.TrialDevice()
		}
	}
	return scripting.Config{
		Apps: apps, DefaultApp: apps[0], Device: device, Timeout: cfg.RunTimeout, Plugins: cfg.GrantsAtHand(os.LookupEnv),
	}
}

// pluginFiles lists what a host would try to load from dir.
func pluginFiles(dir string) ([]string, error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("there is no folder %s; name files, or the folder with --plugins", dir)}
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
		return nil, usageError{fmt.Errorf("there are no scripts in %s", dir)}
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
	for _, file := range files {
		report, err := scripting.Check(ctx, cfg, file)
		if err != nil {
			return err
		}
		if report.Problem != nil {
			bad++
		}
		reports = append(reports, report)
		if !asJSON {
			if err := printReport(out, shorter(file), &report); err != nil {
				return err
			}
		}
	}
	if asJSON {
		if err := printJSON(out, reports); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d scripts cannot be loaded", bad, len(files))
	}
	return nil
}

func printReport(out io.Writer, file string, report *scripting.Report) error {
	var text strings.Builder
	if p := report.Problem; p != nil {
		place := file
		if p.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
		}
		fmt.Fprintf(&text, "BROKEN %s: %s\n", place, p.Message)
		if line, caret := p.Excerpt(); line != "" {
			fmt.Fprintf(&text, "  %s\n  %s\n", line, caret)
		}
		for _, note := range p.Notes {
			fmt.Fprintf(&text, "  %s\n", note)
		}
	} else {
		fmt.Fprintf(&text, "ok     %s version %s\n", file, report.Version)
	}
	for _, r := range report.Registered {
		for _, listener := range r.Listeners {
			fmt.Fprintf(&text, "  listens to %s of %s\n", listener, r.App)
		}
	}
	for i := range report.Tracked {
		p := &report.Tracked[i]
		fmt.Fprintf(&text, "  would track %s for %s\n", strings.TrimSpace(string(p.Kind)+" "+p.Params["event_token"]), p.Device)
	}
	for _, line := range report.Lines {
		fmt.Fprintf(&text, "  %s: %s\n", line.Level, line.Text)
	}
	_, err := io.WriteString(out, text.String())
	return err
}
