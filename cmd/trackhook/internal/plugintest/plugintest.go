package plugintest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/scripting"
)

// request is `trackhook plugin test` as typed.
type request struct {
	cfg    config.Config
	files  []string
	run    string
	worker []string // the command line of a worker process; nil: there is none
	junit  string
	json   bool
	watch  bool
	limit  time.Duration
	color  bool
	out    io.Writer
}

// testHelp is most of what there is to know about tests of scripts.
const testHelp = `Run files named NAME.test.js or NAME.test.ts (.mjs, .cjs, .mts, .cts, .jsx and .tsx as well), by default all of the plugins
folder: beside the plugin NAME, or any in the folder of a plugin. A FILE may also be a plugin, which stands for its
tests, or a folder.

Tests are written as for Jest: test, describe, beforeEach, expect and so on are there. plugin.load("./NAME.js")
loads a plugin afresh, in a time of its own that stands still. Nothing leaves the test: what the plugin tracks is
recorded, and fetch is answered by the test.

  const { plugin, test, expect } = require("trackhook/test");

  test("prints the token", async () => {
    const p = await plugin.load("./count.js", { now: "2026-05-01T12:00:00Z" });
    await p.eventSuccess({ eventToken: "abc123", callbackId: "order-1" });
    expect(p.lines).toContainEqual({ level: "info", text: "abc123 counted" });
    await p.advance("1h");
    expect(p.tracked).toEqual([]);
  });

The answers are fed by p.eventSuccess, p.eventFailure({ willRetry: true }), p.sessionSuccess, p.sessionFailure and
p.response({ outcome: "duplicate" }); each rejects when the plugin throws. p.lines, p.text, p.tracked, p.fetches,
p.errors and p.localStorage are what it did; p.clear() forgets it, save localStorage.

Options of load: appToken, environment, apps, device, now, timeout, random; firstStart (Adjust.create sends a
session); env, what process.env holds; localStorage, what an earlier run has kept; fetch, which is an object such as
{ "POST https://hooks.example/*": { status: 200, json: {} } }, a function, or true for the real network; and
allowHosts, for the real network.

The exit code is 1 when a test fails, or when there is none.`

// Command makes `trackhook plugin test`. worker is the command line of the process that each file runs in; nil: in this one.
func Command(worker []string) *cobra.Command {
	t := request{worker: worker}
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:     "test [FILE...]",
		Short:   "Run the tests of scripts",
		Long:    testHelp,
		Example: "  trackhook plugin test\n  trackhook plugin test --watch plugins/count.test.js\n  trackhook plugin test --run 'refund' --junit report.xml",
		RunE: func(cmd *cobra.Command, files []string) error {
			var err error
			if t.cfg, err = command.LoadSettings(cmd, flags); err != nil {
				return err
			}
			t.files, t.out = files, cmd.OutOrStdout()
			t.color = !t.json && terminal.Colored(t.out)
			return t.do(cmd.Context())
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML, for the apps that scripts may name")
	cmd.Flags().StringVar(&t.run, "run", "", "run the tests whose names match this regular expression")
	cmd.Flags().StringVar(&t.junit, "junit", "", "write the results to this file as JUnit XML")
	cmd.Flags().BoolVar(&t.json, "json", false, "print JSON")
	cmd.Flags().BoolVar(&t.watch, "watch", false, "run again whenever a test, or a file that it has loaded, is saved")
	cmd.Flags().DurationVar(&t.limit, "limit", scripting.DefaultTestLimit, "time limit of one test")
	return cmd
}

// patternProblem says what is wrong with a regular expression, without the words of Go around it.
func patternProblem(err error) string {
	if problem, ok := errors.AsType[*syntax.Error](err); ok {
		return fmt.Sprintf("%s in %q", problem.Code, problem.Expr)
	}
	return err.Error()
}

func (t *request) do(ctx context.Context) error {
	if t.limit <= 0 {
		return command.Usage(fmt.Errorf("--limit %v must be more than 0", t.limit))
	}
	cfg := scripting.TestConfig{Config: command.ScriptConfig(&t.cfg, t.worker), Limit: t.limit}
	// What the variables hold is for the tests to say, so that they do the same everywhere.
	cfg.Plugins = t.cfg.GrantsAtHand(func(string) (string, bool) { return "", true })
	var err error
	if t.run != "" {
		if cfg.Run, err = regexp.Compile(t.run); err != nil {
			return command.Usage(fmt.Errorf("--run: %q is no regular expression: %s", t.run, patternProblem(err)))
		}
	}
	if t.watch {
		if t.json {
			return command.Usage(errors.New("--watch and --json do not go together"))
		}
		return t.follow(ctx, cfg)
	}
	files, err := t.find()
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there are no tests in %s: write NAME.test.js or NAME.test.ts beside the plugin NAME; `trackhook plugin test --help` shows one", t.cfg.PluginsDir)
	}
	results, err := t.runFiles(ctx, cfg, files)
	if err != nil {
		return err
	}
	return t.finish(results)
}

// runFiles runs files, and prints each as soon as it is over.
func (t *request) runFiles(ctx context.Context, cfg scripting.TestConfig, files []string) ([]*scripting.TestFile, error) {
	results := make([]*scripting.TestFile, 0, len(files))
	for _, file := range files {
		result, err := scripting.Test(ctx, cfg, file)
		if err != nil {
			return nil, err
		}
		result.File = terminal.Shorter(file)
		results = append(results, result)
		if !t.json {
			if err := (printer{t.out, t.color}).file(result); err != nil {
				return nil, err
			}
		}
	}
	return results, nil
}

// finish prints the sum, writes the report, and returns an error when anything failed.
func (t *request) finish(results []*scripting.TestFile) error {
	if t.junit != "" {
		if err := writeJUnit(t.junit, results); err != nil {
			return err
		}
	}
	var err error
	if t.json {
		err = terminal.JSON(t.out, results)
	} else {
		err = (printer{t.out, t.color}).sum(results)
	}
	if err != nil {
		return err
	}
	ran := 0
	for _, result := range results {
		if result.Failed() {
			return command.Silent(errors.New("a test failed"))
		}
		ran += result.Count(scripting.Passed)
	}
	if ran == 0 && t.run != "" {
		return fmt.Errorf("no test matches --run %q", t.run)
	}
	return nil
}

// find lists the files of tests that are meant.
func (t *request) find() ([]string, error) {
	if len(t.files) == 0 {
		if err := command.RequireFolder(t.cfg.PluginsDir); err != nil {
			return nil, err
		}
		return scripting.TestFiles(t.cfg.PluginsDir)
	}
	var found []string
	for _, file := range t.files {
		info, err := os.Stat(file)
		switch {
		case err != nil:
			return nil, command.Usage(config.Unreadable("the file", file, err))
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
				return nil, command.Usage(fmt.Errorf("%s has no tests: there is no %s.test.js beside it, and no %s.test.ts", file, stem, stem))
			}
			found = append(found, beside...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// follow runs all tests, and then those again whose files were saved, until ctx ends.
func (t *request) follow(ctx context.Context, cfg scripting.TestConfig) error {
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
			err = t.finish(results)
		}
		if err != nil && !command.IsSilent(err) && ctx.Err() == nil {
			fmt.Fprintln(t.out, terminal.Visible(err.Error()))
		}
		fmt.Fprintln(t.out, "\nwaiting for changes; end with Ctrl-C")
	}
	again()
	if problem != nil {
		return problem
	}
	dir := t.cfg.PluginsDir
	if len(t.files) > 0 {
		dir = filepath.Dir(t.files[0])
	}
	return scripting.Watch(ctx, dir, zerolog.Nop(), again)
}
