package scripting

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/tester"
	"trackhook/scripting/internal/trial"
	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
	"trackhook/scripting/internal/worker"
)

// The errands: what a worker process does once, in the place of a version. A script that nests too deep ends that process
// and nobody else's.
const (
	checkErrand  = "check"
	testErrand   = "test"
	replayErrand = "replay"
	trialErrand  = "trial"
)

// Work is the inside of a worker process: a program that is started by Worker of [Config] calls it with its standard input
// and output before it does anything else, and ends with the exit code that it returns.
func Work(in io.Reader, out io.Writer) (exitCode int) {
	return worker.Run(in, out, map[string]worker.Errand{
		checkErrand:  errand(runCheck),
		testErrand:   errand(runTest),
		replayErrand: errand(runReplay),
		trialErrand:  errand(runTrial),
	})
}

// elsewhere tells whether what is run alone has a process of its own.
func (c *Config) elsewhere() bool { return cmp.Or(c.Isolation, InHost) != InHost && len(c.Worker) > 0 }

// setup is what an errand needs of the configuration.
type setup struct {
	Dir            string
	Apps           []engine.App
	DefaultApp     engine.App
	Device         map[string]string
	Timeout, Grace time.Duration
	Plugins        map[string]PluginConfig
}

func (c *Config) setup() setup {
	dir := c.Dir
	if dir != "" { // that of the process is another
		if absolute, err := filepath.Abs(dir); err == nil {
			dir = absolute
		}
	}
	return setup{
		Dir: dir, Apps: c.Apps, DefaultApp: c.DefaultApp, Device: c.Device, Timeout: c.Timeout, Grace: c.Grace, Plugins: c.Plugins,
	}
}

func (s *setup) config() Config {
	return Config{
		Dir: s.Dir, Apps: s.Apps, DefaultApp: s.DefaultApp, Device: s.Device, Timeout: s.Timeout, Grace: s.Grace, Plugins: s.Plugins,
	}
}

type checkRequest struct {
	Setup setup
	Files []string
}

type testRequest struct {
	Setup setup
	File  string
	Run   string
	Limit time.Duration
}

// outcome is what came of an errand: a value, and an error. Those that callers tell apart go over as what they are.
type outcome[T any] struct {
	Value   T
	Text    string
	Script  *ScriptError
	Unknown *UnknownPluginError
}

// awayError is an error of another process.
type awayError struct {
	text string
	is   error
}

func (e *awayError) Error() string { return e.text }
func (e *awayError) Unwrap() error { return e.is }

func (o *outcome[T]) err() error {
	switch {
	case o.Script != nil:
		return &awayError{o.Text, o.Script}
	case o.Unknown != nil:
		return &awayError{o.Text, o.Unknown}
	case o.Text != "":
		return errors.New(o.Text)
	}
	return nil
}

// asker has the host answer.
type asker func(request []byte) (answer []byte, err error)

// errand makes an errand of a function.
func errand[Request, Result any](do func(context.Context, *Request, asker) (Result, error)) worker.Errand {
	return func(ctx context.Context, body []byte, ask func([]byte) ([]byte, error)) []byte {
		var request Request
		var o outcome[Result]
		err := gob.NewDecoder(bytes.NewReader(body)).Decode(&request)
		if err == nil {
			o.Value, err = do(ctx, &request, ask)
		}
		if err != nil {
			o.Text = err.Error()
			o.Script, _ = errors.AsType[*ScriptError](err)
			o.Unknown, _ = errors.AsType[*UnknownPluginError](err)
		}
		var out bytes.Buffer
		if err := gob.NewEncoder(&out).Encode(&o); err != nil {
			panic(err)
		}
		return out.Bytes()
	}
}

// away has a worker process do an errand, which may read the files in folders.
func away[Result any](ctx context.Context, cfg *Config, name string, request any, folders []string, ask asker) (result Result, err error) {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(request); err != nil {
		return result, fmt.Errorf("%s: %w", name, err)
	}
	answer, err := wall.Do(ctx, cfg.Worker, &wire.Task{
		Name: name, Request: body.Bytes(), Level: int8(zerolog.GlobalLevel()), Memory: cmp.Or(cfg.WorkerMemory, DefaultWorkerMemory),
		Folders: folders,
	}, ask)
	if err != nil {
		return result, err
	}
	var o outcome[Result]
	if err := gob.NewDecoder(bytes.NewReader(answer)).Decode(&o); err != nil {
		return result, fmt.Errorf("%s: read what the worker process says: %w", name, err)
	}
	return o.Value, o.err()
}

// checkAway is CheckAll in a process of its own, and in the next one when a script has ended that.
func checkAway(ctx context.Context, cfg *Config, files []string, each func(file string, report Report) error) error {
	request := checkRequest{Setup: cfg.setup()}
	var entries []source.Entry
	var folders []string
	for _, file := range files {
		e, root, err := source.Locate(cfg.Dir, file)
		if err == nil {
			file, err = filepath.Abs(file)
		}
		if err != nil {
			return fmt.Errorf("check plugin: %w", err)
		}
		entries, request.Files = append(entries, e), append(request.Files, file)
		if !slices.Contains(folders, root) {
			folders = append(folders, root)
		}
	}
	for done := 0; done < len(files); {
		var told bytes.Buffer
		decoder := gob.NewDecoder(&told)
		_, err := away[struct{}](ctx, cfg, checkErrand, &request, folders, func(asked []byte) ([]byte, error) {
			told.Write(asked)
			var report Report
			if err := decoder.Decode(&report); err != nil || done == len(files) {
				return nil, fmt.Errorf("check plugin: read what the worker process says: %w", cmp.Or(err, wire.ErrFrame))
			}
			done++
			return nil, each(files[done-1], report)
		})
		ended, died := errors.AsType[*wall.EndedError](err)
		if !died {
			return err
		}
		e := entries[done]
		report := Report{Name: e.Name, File: e.File, Problem: &Problem{Message: ended.Error(), File: nameIn(cfg.Dir, files[done]), Since: time.Now()}}
		if err := each(files[done], report); err != nil {
			return err
		}
		done++
		request.Files = request.Files[len(request.Files)-(len(files)-done):]
	}
	return nil
}

// nameIn is how scripts and messages name a file.
func nameIn(dir, file string) string {
	_, root, err := source.Locate(dir, file)
	if err == nil {
		file, err = filepath.Abs(file)
	}
	if err != nil {
		return filepath.Base(file)
	}
	return source.NewGraph(root).Name(file)
}

func runCheck(ctx context.Context, r *checkRequest, ask asker) (struct{}, error) {
	var telling bytes.Buffer
	encoder := gob.NewEncoder(&telling)
	for _, file := range r.Files {
		report, err := check(ctx, r.Setup.config(), file)
		if err != nil {
			return struct{}{}, err
		}
		telling.Reset()
		if err := encoder.Encode(&report); err != nil {
			return struct{}{}, err
		}
		if _, err := ask(telling.Bytes()); err != nil {
			return struct{}{}, err
		}
	}
	return struct{}{}, nil
}

// testAway is a file of tests in a process of its own.
func testAway(ctx context.Context, cfg *TestConfig, file string) (*TestFile, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	request := testRequest{Setup: cfg.setup(), File: path, Limit: cfg.Limit}
	if cfg.Run != nil {
		request.Run = cfg.Run.String()
	}
	started := time.Now()
	folder := request.Setup.Dir
	if folder == "" || !source.Contains(folder, path) {
		folder = filepath.Dir(path)
	}
	result, err := away[*TestFile](ctx, &cfg.Config, testErrand, &request, []string{folder}, nil)
	if ended, ok := errors.AsType[*wall.EndedError](err); ok {
		result, err = &TestFile{Took: time.Since(started), Problem: &Failure{Message: ended.Error(), In: "the file of tests"}}, nil
		// Whatever lies beside it may be what ended the process.
		g := source.NewGraph(filepath.Dir(path))
		files, _ := source.Files(g.Root)
		for _, name := range append(files, filepath.Base(path)) {
			_, _, _ = g.Read(filepath.Join(g.Root, filepath.FromSlash(name)))
		}
		result.Seen = []source.Seen{g.Seen()}
	}
	if err != nil {
		return nil, err
	}
	result.File = file
	return result, nil
}

func runTest(ctx context.Context, r *testRequest, _ asker) (*TestFile, error) {
	cfg := tester.Config{Limit: r.Limit}
	own := r.Setup.config()
	cfg.Settings = own.settings()
	if r.Run != "" {
		var err error
		if cfg.Run, err = regexp.Compile(r.Run); err != nil {
			return nil, err
		}
	}
	return tester.Run(ctx, cfg, r.File)
}

// runTrial is work on a draft. Everything that it prints is told, whatever the host logs.
func runTrial(ctx context.Context, body *[]byte, _ asker) ([]byte, error) {
	job, err := trial.Decode(*body)
	if err != nil {
		return nil, err
	}
	zerolog.SetGlobalLevel(zerolog.DebugLevel)
	return trial.Do(ctx, job).Encode()
}
