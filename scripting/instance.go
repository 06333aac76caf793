package scripting

import (
	"context"
	"errors"

	"trackhook/engine"
)

// instanceConfig is what one version of one plugin runs with.
type instanceConfig struct {
	// host is the host's configuration, with defaults filled in.
	host *Config
	// name is the plugin's name; entry the absolute path of its first file.
	name, entry string
	// devices is the state of the host's own device, shared by all plugins.
	devices *devices
}

// devices is the state of the host's own device: one for each app.
type devices struct{}

func newDevices(*Config) (*devices, error) { return &devices{}, nil }

// instance is one version of one plugin: a runtime on a goroutine of its own.
type instance struct{}

// startInstance loads the plugin and runs its top level in a fresh runtime, on a fresh goroutine. The graph is never
// nil and names every file that was looked at, also when the load failed. The error is a *ScriptError where a script
// is to blame.
func startInstance(ctx context.Context, cfg instanceConfig) (*instance, *graph, error) {
	return nil, &graph{}, errors.New("not built")
}

// handle runs the plugin's listeners for responses from the front, and returns how many are done.
func (i *instance) handle(ctx context.Context, responses []engine.Response) (int, error) {
	return 0, errors.New("not built")
}

// retire stops timers, lets promises in flight go on for the grace period, and ends the goroutine. It returns at once;
// done is closed at the end.
func (i *instance) retire() (done <-chan struct{}) { return nil }

// graph is what a version was loaded from: each path that was looked at, with a hash of its content, or missing.
type graph struct{}

// version is the short hash of everything in the graph.
func (g *graph) version() string { return "" }

// changed tells whether any file of the graph has another content on disk now.
func (g *graph) changed() bool { return false }
