package scripting

import (
	"context"
	"errors"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/source"
)

// keepWait bounds what a reload waits for the store to keep its source.
const keepWait = 5 * time.Second

// keepSource keeps the source of a version that is taking over, for replays: which bytes handled which responses. A
// failure costs a replay its comparison and nothing else, so it is only logged. Only run's goroutine calls it.
func (p *plugin) keepSource(v *version, after uint64) {
	ctx, cancel := context.WithTimeout(context.Background(), keepWait)
	defer cancel()
	text, err := v.graph.Source(v.id, v.entry.Path).Encode()
	if errors.Is(err, source.ErrTooLarge) {
		p.log.Info().Str("version", v.id).Msg("the source of this version is too large to be kept; replays have nothing to compare with")
	} else if err != nil {
		p.log.Warn().Err(err).Msg("cannot keep the source of the plugin; replays have nothing to compare with")
	}
	if err := keepVersion(ctx, p.host.cfg.Engine.Store(), p.name, source.Takeover{Version: v.id, After: after, At: time.Now()}, text); err != nil {
		p.log.Warn().Err(err).Msg("cannot keep the source of the plugin; replays have nothing to compare with")
	}
}

func keepVersion(ctx context.Context, store engine.Values, plugin string, t source.Takeover, text []byte) error {
	values, err := store.Values(ctx, source.Space(plugin))
	if err != nil {
		return err
	}
	sources, err := source.ReadSources(values)
	if err != nil {
		sources = &source.Sources{} // what cannot be read is of no use, and is written anew
	}
	changed, err := sources.Add(t, text)
	if err != nil {
		return err
	}
	return store.SetValues(ctx, source.Space(plugin), changed)
}
