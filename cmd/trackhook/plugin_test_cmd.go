package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"trackhook/scripting"
)

// pluginTest is one call of `plugin test`.
type pluginTest struct {
	cfg   config
	path  string // of the configuration file
	files []string
	run   string
	junit string
	json  bool
	watch bool
	limit time.Duration
	color bool
	out   io.Writer
}

func newPluginTest() *cobra.Command {
	t := pluginTest{cfg: defaultConfig()}
	cmd := &cobra.Command{
		Use:   "test [FILE...]",
		Short: "Run the tests of scripts",
		Long: "Run files named NAME.test.js or NAME.test.ts (.mjs, .cjs, .mts and .cts as well), by default all of the plugins\n" +
			"folder: beside the plugin NAME, or any in the folder of a plugin. A FILE may also be a plugin, which stands for its\n" +
			"tests, or a folder.\n\n" +
			"Tests are written as for Jest: test, describe, beforeEach, expect and so on are there. plugin.load(\"./NAME.js\")\n" +
			"loads a plugin afresh, in a time of its own that stands still. Nothing leaves the test: what the plugin tracks is\n" +
			"recorded, and fetch is answered by the test.\n\n" +
			"  const { plugin, test, expect } = require(\"trackhook/test\");\n\n" +
			"  test(\"prints the token\", async () => {\n" +
			"    const p = await plugin.load(\"./count.js\", { now: \"2026-05-01T12:00:00Z\" });\n" +
			"    await p.eventSuccess({ eventToken: \"abc123\", callbackId: \"order-1\" });\n" +
			"    expect(p.lines).toContainEqual({ level: \"info\", text: \"abc123 counted\" });\n" +
			"    await p.advance(\"1h\");\n" +
			"    expect(p.tracked).toEqual([]);\n" +
			"  });\n\n" +
			"The answers are fed by p.eventSuccess, p.eventFailure({ willRetry: true }), p.sessionSuccess, p.sessionFailure and\n" +
			"p.response({ outcome: \"duplicate\" }); each rejects when the plugin throws. p.lines, p.text, p.tracked, p.fetches,\n" +
			"p.errors and p.localStorage are what it did; p.clear() forgets it, save localStorage.\n\n" +
			"Options of load: appToken, environment, apps, device, now, timeout, random; firstStart (Adjust.create sends a\n" +
			"session); env, what process.env holds; localStorage, what an earlier run has kept; fetch, which is an object such as\n" +
			"{ \"POST https://hooks.example/*\": { status: 200, json: {} } }, a function, or true for the real network; and\n" +
			"allowHosts, for the real network.\n\n" +
			"The exit code is 1 when a test fails, or when there is none.",
		Example: "  trackhook plugin test\n  trackhook plugin test --watch plugins/count.test.js\n  trackhook plugin test --run 'refund' --junit report.xml",
		RunE: func(cmd *cobra.Command, files []string) error {
			if t.path == "" {
				t.path = os.Getenv("TRACKHOOK_CONFIG")
			}
			if err := t.cfg.load(t.path, cmd.Flags(), os.LookupEnv); err != nil {
				return err
			}
			if err := t.cfg.check(); err != nil {
				return usageError{fmt.Errorf("configuration: %w", err)}
			}
			t.files, t.out = files, cmd.OutOrStdout()
			t.color = !t.json && colored(t.out)
			return t.do(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&t.path, "config", "", "configuration file in YAML, for the apps that scripts may name")
	cmd.Flags().StringVar(&t.run, "run", "", "run the tests whose names match this regular expression")
	cmd.Flags().StringVar(&t.junit, "junit", "", "write the results to this file as JUnit XML")
	cmd.Flags().BoolVar(&t.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&t.watch, "watch", false, "run again whenever a test, or a file that it has loaded, is saved")
	cmd.Flags().DurationVar(&t.limit, "limit", scripting.DefaultTestLimit, "time limit of one test")
	t.cfg.flags(cmd.Flags())
	return cmd
}

// colored tells whether the output is a terminal of somebody who likes colours.
func colored(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (t *pluginTest) do(ctx context.Context) error {
	cfg := scripting.TestConfig{Config: checkConfig(&t.cfg), Limit: t.limit}
	cfg.Dir = t.cfg.Plugins
	var err error
	// What the variables hold is for the tests to say, so that they do the same everywhere.
	if cfg.Plugins, err = t.cfg.grants(func(string) (string, bool) { return "", true }); err != nil {
		return err
	}
	if t.run != "" {
		if cfg.Run, err = regexp.Compile(t.run); err != nil {
			return usageError{fmt.Errorf("--run: %w", err)}
		}
	}
	if t.watch {
		if t.json {
			return usageError{errors.New("--watch and --json do not go together")}
		}
		return t.follow(ctx, cfg)
	}
	files, err := t.find()
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there are no tests in %s: write NAME.test.js or NAME.test.ts beside the plugin NAME; `trackhook plugin test --help` shows one", t.cfg.Plugins)
	}
	results, err := t.runFiles(ctx, cfg, files)
	if err != nil {
		return err
	}
	return t.finish(results)
}

// runFiles runs files, and prints each as soon as it is over.
func (t *pluginTest) runFiles(ctx context.Context, cfg scripting.TestConfig, files []string) ([]*scripting.TestFile, error) {
	results := make([]*scripting.TestFile, 0, len(files))
	for _, file := range files {
		result, err := scripting.Test(ctx, cfg, file)
		if err != nil {
			return nil, err
		}
		result.File = shorter(file)
		results = append(results, result)
		if !t.json {
			if err := (testPrinter{t.out, t.color}).file(result); err != nil {
				return nil, err
			}
		}
	}
	return results, nil
}

// finish prints the sum, writes the report, and returns an error when anything failed.
func (t *pluginTest) finish(results []*scripting.TestFile) error {
	if t.junit != "" {
		if err := writeJUnit(t.junit, results); err != nil {
			return err
		}
	}
	var err error
	if t.json {
		err = printJSON(t.out, results)
	} else {
		err = (testPrinter{t.out, t.color}).sum(results)
	}
	if err != nil {
		return err
	}
	ran := 0
	for _, result := range results {
		if result.Failed() {
			return silentError{errors.New("a test failed")}
		}
		ran += result.Count(scripting.Passed)
	}
	if ran == 0 && t.run != "" {
		return fmt.Errorf("no test matches --run %q", t.run)
	}
	return nil
}

// find lists the files of tests that are meant.
func (t *pluginTest) find() ([]string, error) {
	if len(t.files) == 0 {
		if _, err := os.Stat(t.cfg.Plugins); errors.Is(err, fs.ErrNotExist) {
			return nil, usageError{fmt.Errorf("there is no folder %s; name files, or the folder with --plugins", t.cfg.Plugins)}
		}
		return scripting.TestFiles(t.cfg.Plugins)
	}
	var found []string
	for _, file := range t.files {
		info, err := os.Stat(file)
		switch {
		case err != nil:
			return nil, usageError{err}
		case info.IsDir():
			inside, err := scripting.TestFiles(file)
			if err != nil {
				return nil, err
			}
			found = append(found, inside...)
		case scripting.IsTest(file):
			found = append(found, file)
		default:
			beside := scripting.TestsBeside(file)
			if len(beside) == 0 {
				stem := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
				return nil, usageError{fmt.Errorf("%s has no tests: there is no %s.test.js beside it, and no %s.test.ts", file, stem, stem)}
			}
			found = append(found, beside...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// follow runs all tests, and then those again whose files were saved, until ctx ends.
func (t *pluginTest) follow(ctx context.Context, cfg scripting.TestConfig) error {
	known := map[string]*scripting.TestFile{}
	var problem error
	again := func() {
		files, err := t.find()
		if err != nil {
			problem = err
			return
		}
		var due []string
		for _, file := range files {
			if last := known[file]; last == nil || last.Stale() {
				due = append(due, file)
			}
		}
		if len(due) == 0 || ctx.Err() != nil {
			return
		}
		results, err := t.runFiles(ctx, cfg, due)
		for i, result := range results {
			known[due[i]] = result
		}
		if err == nil {
			if err = t.finish(results); err != nil {
				if _, failed := errors.AsType[silentError](err); failed {
					err = nil // it was printed
				}
			}
		}
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(t.out, err)
		}
		fmt.Fprintln(t.out, "\nwaiting for changes; end with Ctrl-C")
	}
	again()
	if problem != nil {
		return problem
	}
	dir := t.cfg.Plugins
	if len(t.files) > 0 {
		dir = filepath.Dir(t.files[0])
	}
	return scripting.Watch(ctx, dir, zerolog.Nop(), again)
}

// shorter is a path as people type it.
func shorter(path string) string {
	if wd, err := os.Getwd(); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			if rel, err := filepath.Rel(wd, abs); err == nil && filepath.IsLocal(rel) {
				return filepath.ToSlash(rel)
			}
		}
	}
	return path
}
