package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/disk"
	"trackhook/scripting"
)

// replaySource is where recorded answers come from. Its methods are for one goroutine.
type replaySource interface {
	fmt.Stringer
	// last is the number of the newest answer.
	last(ctx context.Context) (uint64, error)
	// responses returns answers behind a number, at most limit, and the number to go on after. It does not wait.
	responses(ctx context.Context, after uint64, limit int) ([]engine.Response, uint64, error)
	// sources is what is kept of the source of a plugin.
	sources(ctx context.Context, plugin string) (map[string][]byte, error)
	// stored is what a plugin has stored.
	stored(ctx context.Context, plugin string) (map[string][]byte, error)
	// adapt makes cfg what the host has.
	adapt(cfg *scripting.Config)
	// track queues packages. Those that were queued before, with the same ids, are not queued again.
	track(ctx context.Context, packages []engine.Package) error
	close() error
}

// storeSource reads the data folder of a host that does not run.
type storeSource struct {
	store  *disk.Store
	dir    string
	device map[string]string // of the demo
}

func openStore(cfg *config.Config) (*storeSource, error) {
	if _, err := os.Stat(cfg.Data); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no host answers, and there is no data folder %s; start one with `trackhook run`, or name the folder with --data", cfg.Data)
	}
	store, err := disk.Open(disk.Config{Dir: cfg.Data, Retain: cfg.Log.Retain, RetainBytes: cfg.Log.RetainBytes})
	if err != nil {
		return nil, err
	}
	s := &storeSource{store: store, dir: cfg.Data}
	if len(cfg.Apps) == 0 && len(cfg.Device) == 0 {
		// A demo that never ran has none, and then there is nothing to replay either.
		if device, err := demo.KeptDevice(context.Background(), store); err == nil {
			s.device = device
		}
	}
	return s, nil
}

func (s *storeSource) String() string { return "data folder " + filepath.ToSlash(s.dir) }

func (s *storeSource) last(ctx context.Context) (uint64, error) { return s.store.Last(ctx) }

func (s *storeSource) responses(ctx context.Context, after uint64, limit int) ([]engine.Response, uint64, error) {
	end, err := s.store.Last(ctx)
	if err != nil || after >= end {
		return nil, after, err
	}
	// The log waits when retention has removed all that there was.
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	read, err := s.store.Read(short, after, limit)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, after, nil
	}
	if err != nil {
		return nil, after, err
	}
	if len(read) > 0 {
		after = read[len(read)-1].Seq
	}
	return read, after, nil
}

func (s *storeSource) sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	return s.store.Values(ctx, scripting.SourceSpace(plugin))
}

func (s *storeSource) stored(ctx context.Context, plugin string) (map[string][]byte, error) {
	return s.store.Values(ctx, scripting.StoredSpace(plugin))
}

func (s *storeSource) adapt(cfg *scripting.Config) {
	if s.device != nil {
		cfg.Device = s.device
	}
}

func (s *storeSource) track(ctx context.Context, packages []engine.Package) error {
	now := time.Now()
	prepared := make([]engine.Package, len(packages))
	for i := range packages {
		p := packages[i].Clone()
		p.Created = now
		// The id that the running host would make of the same key.
		p.ID = engine.DerivedID("idempotency-key", p.App.Token, string(p.App.Environment), string(p.Kind), p.ID)
		if err := p.Prepare(now); err != nil {
			return err
		}
		prepared[i] = p
	}
	return s.store.Append(ctx, prepared...)
}

func (s *storeSource) close() error { return s.store.Close() }

// hostSource asks a running host.
type hostSource struct {
	client *client
	host   admin.Host
}

// ask finds out whether a host runs.
func (s *hostSource) ask(ctx context.Context) (err error) {
	s.host, err = s.client.admin().Host(ctx)
	return err
}

func (s *hostSource) String() string { return "the host at " + s.client.base() }

func (s *hostSource) last(ctx context.Context) (uint64, error) {
	stats, err := s.client.admin().Stats(ctx)
	return stats.Last, err
}

func (s *hostSource) responses(ctx context.Context, after uint64, limit int) ([]engine.Response, uint64, error) {
	return s.client.admin().Recorded(ctx, after, limit)
}

// request asks the host.
func (s *hostSource) request(ctx context.Context, method, path, contentType string, body []byte, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, s.client.base()+path, bytes.NewReader(body))
	if err != nil {
		return usageError{fmt.Errorf("--host: %w", err)}
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if token := s.client.token(); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%w at %s (%w)", admin.ErrNoHost, s.client.base(), errors.Unwrap(err))
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 256<<20))
	if err != nil {
		return fmt.Errorf("read the host's answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return refusalOf(answer.StatusCode, text)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read the host's answer: %w", err)
	}
	return nil
}

func (s *hostSource) sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	return s.client.admin().Sources(ctx, plugin)
}

func (s *hostSource) stored(context.Context, string) (map[string][]byte, error) {
	return nil, errors.New("--stored: a running host does not hand out what plugins store; stop it, or replay without --stored")
}

func (s *hostSource) adapt(cfg *scripting.Config) {
	app := engine.App{Token: s.host.AppToken, Environment: engine.Environment(s.host.Environment)}
	if s.host.Demo || s.host.AppToken != "" && cfg.DefaultApp.Token == demo.App().Token {
		cfg.DefaultApp, cfg.Apps = app, []engine.App{app}
	}
	if len(s.host.Device) > 0 {
		cfg.Device = s.host.Device
	}
}

// track posts a batch. A key makes the same package of every repeat.
func (s *hostSource) track(ctx context.Context, packages []engine.Package) error {
	const most = 500 // lines of one request
	for len(packages) > 0 {
		n := min(len(packages), most)
		var body bytes.Buffer
		encoder := json.NewEncoder(&body)
		encoder.SetEscapeHTML(false)
		for i := range packages[:n] {
			p := &packages[i]
			err := encoder.Encode(map[string]any{
				"kind": p.Kind, "app_token": p.App.Token, "environment": p.App.Environment, "device": p.Device, "params": orNone(p.Params),
				"callback_params": orNone(p.CallbackParams), "partner_params": orNone(p.PartnerParams), "callback_id": p.CallbackID,
				"idempotency_key": p.ID,
			})
			if err != nil {
				return fmt.Errorf("encode package: %w", err)
			}
		}
		if err := s.request(ctx, http.MethodPost, "/v1/packages", "application/x-ndjson", body.Bytes(), nil); err != nil {
			return err
		}
		packages = packages[n:]
	}
	return nil
}

func orNone(pairs map[string]string) map[string]string {
	if pairs == nil {
		return map[string]string{}
	}
	return pairs
}

func (*hostSource) close() error { return nil }
