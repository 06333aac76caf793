package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/scripts"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/replay"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
)

// try runs the draft on answers, beside the version that runs.
func (w *work) try(ctx context.Context) (*scripts.Tried, error) {
	e, err := w.entry()
	if err != nil {
		return nil, err
	}
	out := &scripts.Tried{
		Plugin: e.Name, Answers: []scripts.Answered{}, Top: scripts.Compared{Verdict: scripts.Verdict(replay.Unknown), Running: []scripts.Act{}, Draft: []scripts.Act{}},
		Against: scripts.AgainstSide{Why: w.Why},
	}
	if w.Live != nil {
		out.Against.Version = w.Live.Version
	}
	out.Draft.Version = w.graphVersion(e)
	summary, err := replay.Run(ctx, replay.Config{
		Settings: w.settings(), Name: e.Name, Overlay: w.overlay, Live: w.Live, Stored: w.Stored, Responses: once(w.Responses),
		Most: maxActs, MostBytes: maxActBytes,
	}, func(r *replay.Replayed) error {
		w.compared(r, out)
		return nil
	})
	if len(w.Responses) == 0 {
		err = w.loadAlone(ctx, e, out)
	}
	if summary.Version != "" {
		out.Draft.Version = summary.Version
	}
	out.Cut = out.Cut || summary.Cut
	if summary.LiveError != "" {
		out.Against = scripts.AgainstSide{Why: "the version that runs cannot be loaded again: " + cut(summary.LiveError)}
	}
	w.ended(err, e, out)
	out.Took = w.took()
	return out, nil
}

// once hands responses over.
func once(all []engine.Response) func(context.Context) ([]engine.Response, error) {
	return func(context.Context) ([]engine.Response, error) {
		batch := all
		all = nil
		return batch, nil
	}
}

// graphVersion is the version of a draft that cannot be loaded: over what is known of it.
func (w *work) graphVersion(e source.Entry) string {
	g := w.graph(e)
	_, _, _ = g.Read(e.Path) // an error is found again when it is loaded
	return g.Version()
}

// loadAlone loads a draft for which there are no answers.
func (w *work) loadAlone(ctx context.Context, e source.Entry, out *scripts.Tried) error {
	s, g, err := stage.Open(ctx, &stage.Config{
		Settings: w.settings(), Entry: e, Now: time.Now(), Read: w.overlay.Reader(), Fetch: stage.AlwaysOK, Stored: w.Stored, Replay: true,
		Most: maxActs, MostBytes: maxActBytes,
	})
	if g != nil {
		out.Draft.Version = g.Version()
	}
	if err != nil {
		return err
	}
	out.Top.Draft = w.acts(s.Tape.Since(0))
	return s.Close() //nolint:contextcheck // closing must not be cut short
}

// compared takes down what came of one answer, or of the top level.
func (w *work) compared(r *replay.Replayed, out *scripts.Tried) {
	c := scripts.Compared{Verdict: scripts.Verdict(r.Verdict), Running: w.acts(r.Live), Draft: w.acts(r.Edited)}
	if r.Response.Seq == 0 {
		out.Top = c
		return
	}
	p := &r.Response.Package
	out.Answers = append(out.Answers, scripts.Answered{
		Seq: r.Response.Seq, At: r.Response.At.UTC(), ID: p.ID, Kind: p.Kind, EventToken: p.Params["event_token"], CallbackID: p.CallbackID,
		Outcome: r.Response.Outcome.String(), Attempt: r.Response.Attempt, WillRetry: r.Response.WillRetry, Typed: w.Typed, Compared: c,
	})
	s := &out.Summary
	s.Answers++
	switch r.Verdict {
	case replay.Same:
		s.Same++
	case replay.Differs:
		s.Differs++
	case replay.NowThrows:
		s.NowThrows++
	case replay.NoLongerThrows:
		s.NoLongerThrows++
	case replay.Unknown:
		s.Unknown++
	}
}

// ended says why not all answers were run.
func (w *work) ended(err error, e source.Entry, out *scripts.Tried) {
	if err == nil {
		return
	}
	if given, ok := errors.AsType[*instance.QuarantineError](err); ok {
		which := "the draft"
		if given.Reason.Version == out.Against.Version && given.Reason.Version != out.Draft.Version {
			which = "the version that runs"
		}
		out.Stopped = which + " was given up: " + cut(given.Reason.Error())
		return
	}
	if _, ok := errors.AsType[*script.Error](err); ok && len(out.Answers) == 0 {
		out.Draft.Problem = w.loadProblem(err, e)
		return
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.Stopped = fmt.Sprintf("the trial may take %s: after that, %d of %d answers were run", w.Limit, len(out.Answers), len(w.Responses))
	case errors.Is(err, context.Canceled):
		out.Stopped = "the trial was given up"
	default:
		out.Stopped = cut(err.Error())
	}
}
