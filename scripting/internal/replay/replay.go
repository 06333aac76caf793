package replay

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path/filepath"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
	"trackhook/scripting/internal/storage"
)

// trailing is how long timers may go on after the last response.
const trailing = time.Second

// Run runs the plugin that is on disk on responses of the past, and beside it the version that handled them then.
// each is called for every response in order; an error ends the replay and is returned. The first call is for the top
// level, with the zero response. A script on disk that cannot be loaded is a *ScriptError.
func Run(ctx context.Context, cfg Config, each func(*Replayed) error) (summary Summary, err error) {
	if cfg.Sources == nil {
		cfg.Sources = &source.Sources{}
	}
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return summary, fmt.Errorf("replay: %w", err)
	}
	e, err := cfg.entry()
	if err != nil {
		return summary, err
	}
	r := &replay{cfg: cfg, each: each, entry: e, summary: Summary{Verdicts: map[Verdict]int{}, Unedited: true}}
	defer func() { err = errors.Join(err, r.close()) }() //nolint:contextcheck // closing must not be cut short
	if err = r.run(ctx); err != nil && r.pending != nil {
		err = errors.Join(err, r.tell()) // what came of the response in hand may say why
	}
	return r.summary, err
}

// side is one of the two versions.
type side struct {
	stage   *stage.Stage
	version string
	random  *rand.PCG
	// read is how much of the tape was taken.
	read int
	// lost is why it cannot run. Nil: it can.
	lost error
}

// replay is one replay under way.
type replay struct {
	cfg     Config
	each    func(*Replayed) error
	entry   source.Entry
	summary Summary

	edited side
	live   side
	opened bool
	// pending is the response that was handled last; what its timers do until the next one belongs to it.
	pending *Replayed
}

func (r *replay) run(ctx context.Context) error {
	for {
		batch, err := r.cfg.Responses(ctx)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			break
		}
		for i := range batch {
			if err := r.one(ctx, &batch[i]); err != nil {
				return err
			}
		}
	}
	if !r.opened {
		return nil
	}
	return r.settle(ctx, r.summary.Last.Add(trailing))
}

// one replays one response.
func (r *replay) one(ctx context.Context, response *engine.Response) error {
	version := r.cfg.Against
	switch {
	case r.cfg.Live != nil:
		version = r.cfg.Live.Version
	case version == "":
		version = r.cfg.Sources.At(response.Seq)
	}
	if !r.opened {
		r.summary.First = response.At
		if err := r.open(ctx, version, response); err != nil {
			return err
		}
		r.opened = true
	} else {
		if err := r.settle(ctx, response.At); err != nil {
			return err
		}
		if version != r.live.version {
			if err := r.replace(ctx, version, response); err != nil {
				return err
			}
			r.live.take() // of a version that took over in between, the top level is no news
		}
	}
	r.summary.Last = response.At
	r.pending = &Replayed{Response: *response, Version: r.live.name()}
	for _, s := range []*side{&r.edited, &r.live} {
		s.seed(response)
		if s.stage != nil {
			if err := s.stage.Hand(ctx, response); err != nil {
				return err
			}
		}
	}
	return nil
}

// open loads both versions, and tells what their top levels do.
func (r *replay) open(ctx context.Context, version string, response *engine.Response) error {
	if err := r.load(ctx, &r.edited, nil, response); err != nil {
		return err
	}
	r.summary.Version = r.edited.version
	if err := r.replace(ctx, version, response); err != nil {
		return err
	}
	top := &Replayed{Version: r.live.name(), Live: r.live.take(), Edited: r.edited.take()}
	top.judge()
	return r.each(top)
}

// replace makes version the one to compare with.
func (r *replay) replace(ctx context.Context, version string, response *engine.Response) error {
	if err := r.live.close(); err != nil { //nolint:contextcheck // closing must not be cut short
		return err
	}
	r.live = side{version: version}
	source, err := r.cfg.Live, error(nil)
	if source == nil {
		source, err = r.cfg.Sources.Source(version)
	}
	if err != nil {
		return err
	}
	if source == nil {
		if r.cfg.Against != "" {
			return fmt.Errorf("version %s was not kept; kept are: %s", version, stage.JoinNames(r.cfg.Sources.Versions()))
		}
		return nil
	}
	err = r.load(ctx, &r.live, source, response)
	if script, ok := errors.AsType[*script.Error](err); ok {
		r.live.lost, r.summary.LiveError = script, script.Error()
		return nil
	}
	return err
}

func (r *replay) load(ctx context.Context, s *side, source *source.Kept, response *engine.Response) error {
	s.random = rand.NewPCG(0, 0)
	s.seed(response)
	sc := &stage.Config{
		Settings: r.cfg.Settings, Entry: r.entry, Now: response.At, Source: source, Replay: true, Fetch: stage.AlwaysOK,
		Random: rand.New(s.random).Float64, //nolint:gosec // the point is to be the same each time
		Stored: r.cfg.Stored, Most: r.cfg.Most, MostBytes: r.cfg.MostBytes,
	}
	if source == nil {
		sc.Read = r.cfg.Overlay.Reader()
	} else {
		sc.Entry.Path = filepath.Join(r.cfg.Dir, filepath.FromSlash(source.File))
	}
	stage, g, err := stage.Open(ctx, sc)
	if err != nil {
		return err
	}
	s.stage, s.version = stage, g.Version()
	if source != nil {
		s.version = source.Version
	}
	return nil
}

// settle runs timers up to t, and tells what came of the response before it.
func (r *replay) settle(ctx context.Context, t time.Time) error {
	for _, s := range []*side{&r.edited, &r.live} {
		if s.stage != nil {
			if err := s.stage.Advance(ctx, t); err != nil {
				return err
			}
		}
	}
	return r.tell()
}

// tell tells what came of the response in hand.
func (r *replay) tell() error {
	p := r.pending
	r.pending = nil
	p.Live, p.Edited = r.live.take(), r.edited.take()
	p.judge()
	r.summary.Cut = r.summary.Cut || r.live.cut() || r.edited.cut()
	r.summary.Responses++
	r.summary.Verdicts[p.Verdict]++
	r.summary.Unedited = r.summary.Unedited && p.Version == r.summary.Version
	return r.each(p)
}

func (r *replay) close() error { return errors.Join(r.edited.close(), r.live.close()) }

// name is the version; empty when there is nothing to compare with.
func (s *side) name() string {
	if s.stage == nil {
		return ""
	}
	return s.version
}

// seed makes chance the same for every replay of a response.
func (s *side) seed(response *engine.Response) {
	if s.random == nil {
		return
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(response.Package.ID)) // a hash's Write never fails
	s.random.Seed(h.Sum64(), response.Seq)
}

// take returns what was recorded since the last call.
func (s *side) take() []stage.Act {
	if s.stage == nil {
		return nil
	}
	acts := s.stage.Tape.Since(s.read)
	s.read += len(acts)
	for i := range acts {
		acts[i].Secrets = s.stage.Inst.Secrets
		if acts[i].Secrets != nil {
			acts[i].Fetch = acts[i].Fetch.Redacted(s.stage.Inst.Redact)
			acts[i].Stored = redacted(acts[i].Stored, s.stage.Inst.Redact)
		}
	}
	return acts
}

// redacted is a change without the secrets that a version was granted. Nil stays nil.
func redacted(c *storage.Change, redact func(string) string) *storage.Change {
	if c == nil {
		return c
	}
	out := *c
	if c.Key != nil {
		out.Key = new(redact(*c.Key))
	}
	if c.Value != nil {
		out.Value = new(redact(*c.Value))
	}
	return &out
}

// cut tells whether not all was recorded.
func (s *side) cut() bool { return s.stage != nil && s.stage.Tape.Lost() > 0 }

func (s *side) close() error {
	if s.stage == nil {
		return nil
	}
	stage := s.stage
	s.stage = nil
	return stage.Close()
}
