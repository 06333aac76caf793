package demo

import (
	"context"
	"errors"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/sandbox"
	"trackhook/plugins"
)

// SandboxAddress is where the server of the demo listens, unless somebody else does, and where `trackhook sandbox` does:
// its control endpoints are easy to find there.
const SandboxAddress = "127.0.0.1:8788"

// App is the app of the demo.
func App() engine.App { return engine.App{Token: "demo12345678", Environment: engine.Sandbox} }

// Config says what a demo is made with. Store and PluginsDir are required.
type Config struct {
	// Store keeps the device, and knows the devices that the server has to be told of.
	Store engine.Store
	// PluginsDir is filled with a first script and the guide when it does not exist.
	PluginsDir string
	// Device is the host's own device. Default: one is made up and kept.
	Device map[string]string
	// Endpoint is the server to send to. Default: one is started.
	Endpoint string
}

// Demo is what was made up. Its fields are only read.
type Demo struct {
	// App is the app to serve, Device what the host is measured as, and Endpoint the server to send to.
	App      engine.App
	Device   map[string]string
	Endpoint string

	server *sandbox.LocalServer // nil when Config named an endpoint
}

// Start makes up what cfg leaves open. The caller closes the demo.
func Start(ctx context.Context, cfg Config) (*Demo, error) {
	d := &Demo{App: App(), Device: cfg.Device, Endpoint: cfg.Endpoint}
	if len(d.Device) == 0 {
		device, err := makeDevice(ctx, cfg.Store)
		if err != nil {
			return nil, err
		}
		d.Device = device
	}
	if _, err := plugins.Create(cfg.PluginsDir); err != nil {
		return nil, err
	}
	if d.Endpoint != "" {
		return d, nil
	}
	// It must outlive ctx: attempts in flight are finished while everything stops.
	life := context.WithoutCancel(ctx)
	server, err := sandbox.Start(life, SandboxAddress, sandbox.Config{})
	if err != nil {
		server, err = sandbox.Start(life, "127.0.0.1:0", sandbox.Config{})
	}
	if err != nil {
		return nil, err
	}
	d.server, d.Endpoint = server, server.URL
	if err := recall(ctx, cfg.Store, server.URL); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return d, nil
}

// Greet says what runs.
func (d *Demo) Greet(log zerolog.Logger) {
	line := log.Info().Str("app", d.App.Token).Str("environment", string(d.App.Environment)).Str("endpoint", d.Endpoint)
	if d.server != nil {
		line.Msg("this is the demo: a sandbox server in this process plays Adjust, nothing leaves this machine")
	} else {
		line.Msg("this is the demo, with an endpoint of your choice")
	}
}

// Close ends the server, if one was started.
func (d *Demo) Close() error {
	if d.server == nil {
		return nil
	}
	return d.server.Close()
}
