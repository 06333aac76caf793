package scripting

import (
	"context"
	"regexp"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/diff"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/node"
	"trackhook/scripting/internal/replay"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/surface"
	"trackhook/scripting/internal/tester"
)

// This file is the door to the rooms of the house: what runs plugins without a host, and the types that come out of it.

// ScriptError is an error that a script is to blame for: it did not compile, it threw, it ran too long.
type ScriptError = script.Error

// Sources are the versions of a plugin that ran, as a host has kept them for replays.
type Sources = source.Sources

// Takeover is the moment at which a version began to handle responses.
type Takeover = source.Takeover

// CheckGrants says what is wrong with what the configuration grants to plugins, by name; nil: nothing.
func CheckGrants(plugins map[string]PluginConfig) error { return instance.CheckGrants(plugins) }

// SourceSpace names the values in the store of a host in which the versions of a plugin are kept.
func SourceSpace(plugin string) string { return source.Space(plugin) }

// ReadSources reads the values of [SourceSpace]. No values are no versions.
func ReadSources(values map[string][]byte) (*Sources, error) { return source.ReadSources(values) }

// Files lists the first files of the plugins that lie in dir, relative to it, sorted, without looking into them.
func Files(dir string) ([]string, error) { return source.Files(dir) }

// IsTest tells files of tests by their name: NAME.test.js or NAME.test.ts, and the same with .mjs, .cjs, .mts, .cts, .jsx and .tsx.
func IsTest(name string) bool { return source.IsTest(name) }

// TestedName is the name of a file of tests without what marks it as one: "daily" of "plugins/daily.test.ts". Of any
// other file it is the name as it stands.
func TestedName(file string) string { return source.TestedName(file) }

// TestsBeside lists the files of tests that stand beside a plugin's file and carry its name, sorted.
func TestsBeside(file string) []string { return source.TestsBeside(file) }

// NodeModules returns the modules of Node that scripts and packages may name, sorted by name, each with what to do instead
// where it cannot exist; then packages alone get one, whose functions throw.
func NodeModules() (names []string, instead map[string]string) {
	instead = map[string]string{}
	for _, m := range node.Table() {
		names = append(names, m.Name)
		if m.Instead != "" {
			instead[m.Name] = m.Instead
		}
	}
	return names, instead
}

// Types returns trackhook.d.ts: TypeScript declarations of everything that a script finds, with its documentation.
func Types() string { return surface.Types() }

// WriteEditorFiles writes trackhook.d.ts and jsconfig.json into a plugins folder, so that editors complete and explain
// what scripts can use. It creates the folder where there is none. trackhook.d.ts is replaced, jsconfig.json is left
// alone where there is one, or a tsconfig.json. The names of the files that were written are returned, also with an
// error.
func WriteEditorFiles(dir string) (written []string, err error) { return surface.WriteEditorFiles(dir) }

// StoredSpace is the space of the store in which a host keeps the localStorage of a plugin.
func StoredSpace(plugin string) string { return storage.Space(plugin) }

// Act is one thing that a plugin did in a test or a replay. One of its pointers is set.
type Act = stage.Act

// Line is one line of the log that a script is the reason for.
type Line = stage.Line

// Fetch is a request that a plugin made with fetch.
type Fetch = stage.Fetch

// Failure is an error of a run.
type Failure = stage.Failure

// Replayed is what came of one response in a replay. Its zero Response stands for the top level of the script.
type Replayed = replay.Replayed

// ReplaySummary counts the verdicts of a replay, without that of the top level.
type ReplaySummary = replay.Summary

// Verdict is how the edited version compares with the one that ran.
type Verdict = replay.Verdict

// The verdicts.
const (
	// Same: both did the same.
	Same = replay.Same
	// Differs: they did not.
	Differs = replay.Differs
	// NowThrows: the edited version throws, and the other one did not.
	NowThrows = replay.NowThrows
	// NoLongerThrows: the other way round.
	NoLongerThrows = replay.NoLongerThrows
	// Unknown: the version that ran was not kept, so there is nothing to compare with.
	Unknown = replay.Unknown
)

// UnknownPluginError means that there is no such plugin in the folder.
type UnknownPluginError = replay.UnknownPluginError

// TestFile is what came of one file of tests.
type TestFile = tester.TestFile

// TestCase is what came of one test.
type TestCase = tester.TestCase

// TestStatus is how a test ended.
type TestStatus = tester.TestStatus

// The ends of a test.
const (
	Passed  = tester.Passed
	Failed  = tester.Failed
	Skipped = tester.Skipped
	Todo    = tester.Todo
)

// DefaultTestLimit is the time that a test or a hook may take.
const DefaultTestLimit = tester.DefaultTestLimit

// TestFiles lists the files of tests in a plugins folder: beside plugins, and inside of folders of plugins, but not in
// packages. They are sorted.
func TestFiles(dir string) ([]string, error) { return tester.TestFiles(dir) }

// Watch calls changed whenever something in the folder dir or below it may have changed and has come to rest, and from
// time to time as a net for file systems without events, until ctx ends. Whether anything did change is for changed to
// find out.
func Watch(ctx context.Context, dir string, log zerolog.Logger, changed func()) error {
	return tester.Watch(ctx, dir, log, changed)
}

// ParseDuration is [time.ParseDuration] with days: "2d" is 48 hours, and "1d12h" is 36.
func ParseDuration(text string) (time.Duration, error) { return tester.ParseDuration(text) }

// DiffLine is one line of a diff.
type DiffLine = diff.Line

// DiffLines compares two texts by lines.
func DiffLines(old, edited []string) []DiffLine { return diff.Lines(old, edited) }

// TestConfig says how tests run. Of Config, DefaultApp is required, Engine and Log are not used, and Dir is the plugins
// folder, default: the folder of the file.
type TestConfig struct {
	Config
	// Run selects the tests whose names, with those of the describes around them, match. Nil: all.
	Run *regexp.Regexp
	// Limit is the time that a test or a hook may take unless it sets its own. Default 5 s.
	Limit time.Duration
}

// Test runs the tests of one file. The error means that there is no such file, or that cfg is wrong; what goes wrong in
// the file is part of the result. Nothing that the tests do leaves them: see plugin test in the guide.
func Test(ctx context.Context, cfg TestConfig, file string) (result *tester.TestFile, err error) {
	if cfg.elsewhere() {
		return testAway(ctx, &cfg, file)
	}
	return tester.Run(ctx, tester.Config{Settings: cfg.settings(), Run: cfg.Run, Limit: cfg.Limit}, file)
}

// ReplayConfig says what [Replay] works with. Config.Dir, Config.DefaultApp and Name are required; of Config, Engine
// and Log are not used.
type ReplayConfig struct {
	Config
	// Name is the name of the plugin. What is on disk is the edited version.
	Name string
	// Sources are the versions that ran, to compare with. Nil: there are none.
	Sources *source.Sources
	// Against is the version to compare with. Default: for each response the version that handled it.
	Against string
	// Stored is what the plugin has stored, as the space [StoredSpace] of its host holds it: localStorage of both versions
	// begins with a copy. Nil: it begins empty, which suits a plugin that remembers what it has handled.
	Stored map[string][]byte
	// Responses returns responses in the order of the log, some at a time; none at the end.
	Responses func(ctx context.Context) ([]engine.Response, error)
}

// Replay runs the plugin that is on disk on responses of the past, and beside it the version that handled them then.
// Nothing leaves the replay: what the two track is recorded and not sent, a fetch is answered with 200 and {}, and
// what they store is kept in memory. Both begin afresh with their first response. Date is the time of the response,
// timers run on the way from one to the next, and Math.random gives both the same, so that what differs is the edit.
//
// each is called for every response in order; an error ends the replay and is returned. The first call is for the top
// level, with the zero response. A script on disk that cannot be loaded is a *ScriptError.
func Replay(ctx context.Context, cfg ReplayConfig, each func(*replay.Replayed) error) (summary replay.Summary, err error) {
	if cfg.elsewhere() {
		return replayAway(ctx, &cfg, each)
	}
	return replay.Run(ctx, replay.Config{
		Settings: cfg.settings(), Name: cfg.Name, Sources: cfg.Sources, Against: cfg.Against, Stored: cfg.Stored,
		Responses: cfg.Responses,
	}, each)
}
