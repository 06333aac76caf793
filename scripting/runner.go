package scripting

import (
	"context"
	"time"

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
	if p.host.cfg.isolation(p.name) == InHost {
		i, g, err := instance.Start(ctx, instance.Config{
			Shared: p.host.shared, Name: p.name, Entry: e.Path, Resources: p.own, Held: true,
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
		Command: cfg.Worker, Home: cfg.home, Hosts: func() []string { return p.host.shared.Rights(p.name).AllowHosts }, Peers: &p.peers, Log: cfg.Log, Own: p.log,
		Heard: p.host.recent.add,
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
