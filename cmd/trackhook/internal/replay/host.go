package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/scripting"
)

// hostSource asks a running host.
type hostSource struct {
	client *command.Client
	host   admin.Host
}

// ask finds out whether a host runs.
func (s *hostSource) ask(ctx context.Context) (err error) {
	s.host, err = s.client.Admin().Host(ctx)
	return err
}

func (s *hostSource) String() string { return "the host at " + s.client.Base() }

func (s *hostSource) last(ctx context.Context) (uint64, error) {
	stats, err := s.client.Admin().Stats(ctx)
	return stats.Last, err
}

func (s *hostSource) responses(ctx context.Context, after uint64, limit int) ([]engine.Response, uint64, error) {
	return s.client.Admin().Recorded(ctx, after, limit)
}

func (s *hostSource) sources(ctx context.Context, plugin string) (map[string][]byte, error) {
	return s.client.Admin().Sources(ctx, plugin)
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

// track posts the packages in batches, with keys, so that the host takes each only once.
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
		header := map[string]string{"Content-Type": "application/x-ndjson"}
		if _, err := s.client.Post(ctx, "/v1/packages", header, body.Bytes()); err != nil {
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
