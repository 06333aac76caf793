package scripting

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
)

// runner is a version at work: an [instance.Instance] in this process, or a [wall.Version] in one of its own. The methods are
// described there.
type runner interface {
	Handle(ctx context.Context, responses []engine.Response) (int, error)
	Taken(upTo uint64) map[uint64]string
	GoLive()
	Retire() (done <-chan struct{})
	GiveUp() (inHand bool)
	Counters() (runs, failed uint64)
	Quantiles() (p50, p99 time.Duration)
	Registered() []Registration
	Warnings() []*script.Error
}

// start starts a version where the plugin is to run. It goes live when it is told to.
func (p *plugin) start(ctx context.Context, e source.Entry) (runner, *source.Graph, error) {
	return p.startAs(ctx, e, p.host.shared, p.resources, p.host.cfg.Log, p.host.recent.add)
}

// startAs is start with what the version prints to, and what it keeps things in where it runs in the process of the host.
func (p *plugin) startAs(
	ctx context.Context, e source.Entry, shared *instance.Shared, own *instance.Resources, log zerolog.Logger, heard func(*Printed),
) (runner, *source.Graph, error) {
	if p.host.cfg.isolation(p.name) == InHost {
		i, g, err := instance.Start(ctx, instance.Config{
			Shared: shared, Name: p.name, Entry: e.Path, Resources: own, Held: true,
			OnQuarantine: func(i *instance.Instance, reason *script.Error) { p.quarantined(i, reason) },
		})
		return i, g, err
	}
	cfg, rights := &p.host.cfg, p.host.shared.Rights(p.name)
	var pool *wall.Pool
	if cfg.isolation(p.name) == InShared {
		pool = cfg.pool
	}
	v, g, err := wall.Start(ctx, &wall.Config{
		Pool: pool, Spare: cfg.spare, OnMove: func(v *wall.Version, why string) { p.relocate(v, why) },
		Command: cfg.Worker, Home: cfg.home, Hosts: func() []string { return p.host.shared.Rights(p.name).AllowHosts }, Peers: &p.peers, Log: log, Own: p.log,
		Heard: heard,
		Start: wire.Start{
			Plugin: p.name, Root: cfg.Dir, Entry: e.Path, Apps: cfg.Apps, DefaultApp: cfg.DefaultApp, Device: cfg.Device,
			Env: rights.Env, Timeout: rights.Timeout, Grace: cfg.Grace, Held: true, Memory: cfg.WorkerMemory,
		},
		OnQuarantine: func(v *wall.Version, reason *script.Error) { p.quarantined(v, reason) },
		OnDeath: func(setAside bool) {
			if setAside {
				p.aside.Add(1)
				return
			}
			p.deaths.Add(1)
		},
	})
	return v, g, err
}
