package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/sandbox"
	"trackhook/plugins"
)

// demo is what `trackhook run` makes up when it is given no app: an app, a device of its own, a server to talk to, and
// a first script.
type demo struct {
	server *sandbox.Listening // nil with --endpoint
}

const (
	demoToken = "demo12345678"
	// The sandbox of the demo listens where `trackhook sandbox` would, so that its control endpoints are easy to find.
	demoSandbox = "127.0.0.1:8788"
)

func openDemo(ctx context.Context, h *host) (*demo, error) {
	d := &demo{}
	h.apps = []engine.App{{Token: demoToken, Environment: engine.Sandbox}}
	if len(h.device) == 0 {
		device, err := demoDevice(ctx, h.store)
		if err != nil {
			return nil, err
		}
		h.device = device
	}
	if err := starterPlugins(h.cfg.PluginsDir); err != nil {
		return nil, err
	}
	if h.endpoint != "" {
		return d, nil
	}
	// It must outlive ctx: attempts in flight are finished while everything stops.
	life := context.WithoutCancel(ctx)
	server, err := sandbox.Start(life, demoSandbox, sandbox.Config{})
	if err != nil {
		server, err = sandbox.Start(life, "127.0.0.1:0", sandbox.Config{})
	}
	if err != nil {
		return nil, err
	}
	d.server, h.endpoint = server, server.URL
	if err := remind(ctx, h.store, server.URL); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return d, nil
}

func (d *demo) greet(h *host) {
	line := h.log.Info().Str("app", demoToken).Str("environment", string(engine.Sandbox)).Str("endpoint", h.endpoint)
	if d.server != nil {
		line.Msg("this is the demo: a sandbox server in this process plays Adjust, nothing leaves this machine")
	} else {
		line.Msg("this is the demo, with an endpoint of your choice")
	}
}

func (d *demo) close() error {
	if d.server == nil {
		return nil
	}
	return d.server.Close()
}

// demoDevice makes up a device at the first start and keeps it in the store.
func demoDevice(ctx context.Context, values engine.Values) (map[string]string, error) {
	const space, key = "host", "demo_device"
	id, err := values.Value(ctx, space, key)
	if errors.Is(err, engine.ErrNotFound) {
		id = []byte("demo-" + strings.ToLower(rand.Text()[:10]))
		err = values.SetValues(ctx, space, map[string][]byte{key: id})
	}
	if err != nil {
		return nil, fmt.Errorf("keep the demo's device: %w", err)
	}
	return map[string]string{"external_device_id": string(id), "os_name": osName()}, nil
}

// osName is this system in the words of the S2S documentation.
func osName() string {
	switch runtime.GOOS {
	case "darwin":
		return "macos"
	case "windows", "linux":
		return runtime.GOOS
	default:
		return "unknown"
	}
}

// starterPlugins fills a plugins folder that does not exist yet with the first script and the guide.
func starterPlugins(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return fs.WalkDir(plugins.Starter(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(plugins.Starter(), name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), text, 0o644)
	})
}

// remind tells a fresh sandbox of the devices whose sessions an earlier one has accepted: it keeps them in memory only,
// and an event of a device that it does not know would have to wait.
func remind(ctx context.Context, store engine.Store, base string) error {
	last, err := store.Last(ctx)
	if err != nil {
		return err
	}
	const most = 10_000
	for seq := last - min(last, most); seq < last; {
		responses, err := store.Read(ctx, seq, 256)
		if err != nil {
			return err
		}
		for i := range responses {
			r := &responses[i]
			seq = r.Seq
			if r.Package.Kind == engine.KindSession && r.Outcome == engine.Delivered {
				if err := repeat(ctx, &r.Package, base); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// repeat sends a package that was delivered before, and ignores what the server says of it.
func repeat(ctx context.Context, p *engine.Package, base string) error {
	form := url.Values{}
	for _, param := range adjust.Form(p) {
		form.Set(param.Name, param.Value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/session", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
