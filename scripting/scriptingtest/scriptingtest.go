package scriptingtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting"
)

// Name is the name of the plugin that a test runs.
const Name = "plugin"

// Test is one plugin and what it is to hear. Script is required.
type Test struct {
	// Script is the text of the plugin. It is written to plugin.js.
	Script string
	// Files are more files of the plugins folder, by path relative to it, for scripts that require them.
	Files map[string]string
	// Responses are handed to the plugin, in order. Of each, Outcome, Package.Kind and Package.App may be left empty:
	// delivered, an event, and [App]. Seq is set by the log.
	Responses []engine.Response
	// Device are the parameters of the host's own device, for scripts that track something. Default: there is none.
	Device map[string]string
	// Timeout is the time limit of one run of a listener. Default: that of [scripting.Config].
	Timeout time.Duration
}

// Result is what came of a test.
type Result struct {
	// Lines are what the script printed, in order, and what the host said about it: warnings, and errors of listeners.
	Lines []scripting.Line
	// Tracked are the packages that the script tracked. They were not sent.
	Tracked []engine.Package
	// Plugin tells what the plugin registered, and counts its runs and errors.
	Plugin scripting.Plugin
}

// App is the app of a test: its token and environment are what {YourAppToken} means.
func App() engine.App { return engine.App{Token: "abc123def456", Environment: engine.Sandbox} }

// Run loads the plugin in a fresh host, hands it the responses, waits until all of them are handled, and takes
// everything down again. A plugin that cannot be loaded is an error; a listener that throws is a line of the result.
func (t Test) Run(ctx context.Context) (result Result, err error) {
	dir, err := os.MkdirTemp("", "scriptingtest-")
	if err != nil {
		return Result{}, fmt.Errorf("test plugin: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	plugins := filepath.Join(dir, "plugins")
	if err := t.write(plugins); err != nil {
		return Result{}, fmt.Errorf("test plugin: %w", err)
	}

	store, lines := memory.New(), &scripting.Lines{}
	eng, err := engine.New(engine.Config{Store: store, Deliverer: nowhere{}})
	if err != nil {
		return Result{}, fmt.Errorf("test plugin: %w", err)
	}
	host, err := scripting.New(scripting.Config{
		Dir: plugins, Engine: eng, DefaultApp: App(), Device: t.Device, Timeout: t.Timeout, Log: zerolog.New(lines),
	})
	if err != nil {
		return Result{}, fmt.Errorf("test plugin: %w", err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- host.Run(running) }()
	err = t.feed(ctx, host, store)
	for _, p := range host.Plugins() { //nolint:contextcheck // a snapshot bounds itself
		if p.Name == Name {
			result.Plugin = p
		}
	}
	stop()
	err = errors.Join(err, <-ended)
	_, closeErr := eng.Close() //nolint:contextcheck // closing must not be cut short
	result.Lines, result.Tracked = lines.All(), store.Accepted()
	return result, errors.Join(err, closeErr)
}

func (t Test) write(dir string) error {
	files := map[string]string{Name + ".js": t.Script}
	maps.Copy(files, t.Files)
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// feed waits for the plugin, logs the responses and waits until they are handled.
func (t Test) feed(ctx context.Context, host *scripting.Host, store *memory.Store) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-host.Ready():
	}
	for _, p := range host.Plugins() { //nolint:contextcheck // a snapshot bounds itself
		if p.Name == Name && p.Error != nil {
			return fmt.Errorf("load plugin: %s:%d:%d: %s", p.Error.File, p.Error.Line, p.Error.Column, p.Error.Message)
		}
	}
	responses := make([]engine.Response, len(t.Responses))
	for i, response := range t.Responses {
		responses[i] = complete(response, i)
	}
	return store.WaitCommit(ctx, scripting.ListenerName(Name), store.Log(responses...))
}

// complete fills what a test may leave empty.
func complete(r engine.Response, index int) engine.Response {
	if r.Outcome == 0 {
		r.Outcome = engine.Delivered
	}
	if r.Package.Kind == "" {
		r.Package.Kind = engine.KindEvent
	}
	if r.Package.App == (engine.App{}) {
		r.Package.App = App()
	}
	if r.Package.ID == "" {
		r.Package.ID = "test-" + strconv.Itoa(index+1)
	}
	if r.Attempt == 0 {
		r.Attempt = 1
	}
	if r.At.IsZero() {
		r.At = time.Now()
	}
	return r
}

// nowhere is the deliverer of an engine that sends nothing.
type nowhere struct{}

func (nowhere) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Retry, Rule: "test", Message: "tests send nothing"}
}
