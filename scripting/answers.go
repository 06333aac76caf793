package scripting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/scripts"
	"trackhook/scripting/internal/tester"
	"trackhook/scripting/internal/trial"
)

const (
	// maxScanned bounds the answers of the log that are looked at for those that are meant, and maxBodies the bytes of what the
	// server said in them.
	maxScanned = 20_000
	maxBodies  = 16 << 20
	// readWait is how long the log may take to say something: it waits where there is nothing.
	readWait = 2 * time.Second
)

// choose fills in the answers that a draft is tried on, and returns how many were looked at.
func (e *Editor) choose(ctx context.Context, job *trial.Job, t *scripts.Trial) (scanned int, err error) {
	a := &t.Answers
	ways := 0
	for _, given := range []bool{len(a.Seqs) > 0, len(a.Typed) > 0, a.Last != 0 || len(a.Outcome) > 0 || len(a.EventToken) > 0 || len(a.Kind) > 0 || a.AppToken != ""} {
		if given {
			ways++
		}
	}
	if ways > 1 {
		return 0, invalidAnswers("give one of seqs, typed, or last with what selects them")
	}
	if most := max(a.Last, len(a.Seqs), len(a.Typed)); most > scripts.MaxAnswers || a.Last < 0 {
		return 0, invalidAnswers(fmt.Sprintf("a trial has from 1 to %d answers", scripts.MaxAnswers))
	}
	switch {
	case len(a.Typed) > 0:
		job.Typed = true
		job.Responses, err = e.typed(a.Typed)
	case len(a.Seqs) > 0:
		scanned = len(a.Seqs)
		job.Responses, err = e.chosen(ctx, a.Seqs)
	default:
		job.Responses, scanned, err = e.latest(ctx, t)
	}
	return scanned, err
}

func invalidAnswers(why string) error {
	return &scripts.RefusedError{Reason: scripts.Invalid, Title: "Invalid answers", Detail: "answers: " + why}
}

// typed makes the answers that were made up.
func (e *Editor) typed(typed []scripts.TypedAnswer) ([]engine.Response, error) {
	listeners := []string{"eventSuccess", "eventFailure", "sessionSuccess", "sessionFailure", "response"}
	now := time.Now().UTC().Truncate(time.Millisecond)
	responses := make([]engine.Response, 0, len(typed))
	for n, one := range typed {
		if !slices.Contains(listeners, one.Listener) {
			return nil, invalidAnswers(fmt.Sprintf("typed %d: the listener is one of %s", n+1, strings.Join(listeners, ", ")))
		}
		text := string(one.Response)
		if text == "" || text == "null" {
			text = "{}"
		}
		r, err := tester.ReadResponse(one.Listener, text, e.host.cfg.DefaultApp, now, n+1)
		if err != nil {
			return nil, invalidAnswers(fmt.Sprintf("typed %d: %s", n+1, err))
		}
		responses = append(responses, *r)
	}
	return responses, nil
}

// chosen reads the answers of these numbers, as far as the log still has them, in its order.
func (e *Editor) chosen(ctx context.Context, seqs []uint64) ([]engine.Response, error) {
	seqs = slices.Clone(seqs)
	slices.Sort(seqs)
	last, err := e.host.cfg.Engine.Store().Last(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	var responses []engine.Response
	for _, seq := range slices.Compact(seqs) {
		if seq == 0 || seq > last {
			continue
		}
		read, err := e.read(ctx, seq-1, 1)
		if err != nil {
			return nil, err
		}
		if len(read) > 0 && read[0].Seq == seq {
			responses = append(responses, read[0])
		}
	}
	if len(responses) == 0 {
		return nil, &scripts.RefusedError{
			Reason: scripts.NotFound, Title: "No such answers", Detail: "the log has none of these answers any more, or has never had them",
		}
	}
	return within(responses), nil
}

// latest reads the latest answers that match, of those apps that the plugin hears: from the end of the log backwards, in
// growing pieces.
func (e *Editor) latest(ctx context.Context, t *scripts.Trial) (responses []engine.Response, scanned int, err error) {
	match, err := e.matching(t)
	if err != nil {
		return nil, 0, err
	}
	most := t.Answers.Last
	if most == 0 {
		most = scripts.DefaultAnswers
	}
	last, err := e.host.cfg.Engine.Store().Last(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read the log: %w", err)
	}
	for end, size := last, uint64(2*most); end > 0 && scanned < maxScanned && len(responses) < most; size *= 4 { //nolint:gosec // a few hundred
		begin := end - min(end, size, uint64(maxScanned-scanned)) //nolint:gosec // not negative
		found, looked, err := e.between(ctx, begin, end, match)
		if err != nil {
			return nil, scanned, err
		}
		scanned += looked
		responses = slices.Concat(found, responses)
		if end = begin; looked == 0 {
			break // retention has taken what is older
		}
	}
	return within(responses[max(0, len(responses)-most):]), scanned, nil
}

// between reads the log behind begin, up to end.
func (e *Editor) between(ctx context.Context, begin, end uint64, match func(*engine.Response) bool) (found []engine.Response, looked int, err error) {
	for begin < end {
		batch, err := e.read(ctx, begin, int(min(end-begin, 500))) //nolint:gosec // at most 500
		if err != nil || len(batch) == 0 {
			return found, looked, err
		}
		for i := range batch {
			if batch[i].Seq > end {
				return found, looked, nil
			}
			looked++
			if match(&batch[i]) {
				found = append(found, batch[i])
			}
		}
		begin = batch[len(batch)-1].Seq
	}
	return found, looked, nil
}

// read reads the log without waiting for what is not there yet.
func (e *Editor) read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	short, cancel := context.WithTimeout(ctx, readWait)
	defer cancel()
	read, err := e.host.cfg.Engine.Store().Read(short, after, limit)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	return read, nil
}

// matching tells which answers are meant. Without an app, it is those that the version which runs listens to.
func (e *Editor) matching(t *scripts.Trial) (func(*engine.Response) bool, error) {
	a := &t.Answers
	outcomes := make([]engine.Outcome, len(a.Outcome))
	for i, name := range a.Outcome {
		if err := outcomes[i].UnmarshalText([]byte(name)); err != nil {
			return nil, invalidAnswers(fmt.Sprintf("outcome %q is none", name))
		}
	}
	for _, kind := range a.Kind {
		if !engine.Kind(kind).Known() {
			return nil, invalidAnswers(fmt.Sprintf("kind %q is none", kind))
		}
	}
	var heard []engine.App
	if a.AppToken == "" {
		heard = e.heard(t.Plugin)
	}
	return func(r *engine.Response) bool {
		p := &r.Package
		return !r.Repeat && r.Outcome != engine.Dropped && oneOf(outcomes, r.Outcome) && oneOf(a.EventToken, p.Params["event_token"]) &&
			oneOf(a.Kind, string(p.Kind)) && oneOf(heard, p.App) && (a.AppToken == "" || p.App.Token == a.AppToken)
	}, nil
}

// oneOf tells whether a value is in a list; an empty list has all.
func oneOf[T comparable](list []T, value T) bool {
	return len(list) == 0 || slices.Contains(list, value)
}

// heard are the apps that the version of a plugin which runs listens to.
func (e *Editor) heard(plugin string) []engine.App {
	v := e.host.current(plugin)
	if v == nil {
		return nil
	}
	var apps []engine.App
	for _, r := range v.instance.Registered() {
		apps = append(apps, r.App)
	}
	return apps
}

// within are the latest of responses whose bodies are not too much together.
func within(responses []engine.Response) []engine.Response {
	bytes := 0
	for i := range slices.Backward(responses) {
		if bytes += len(responses[i].Body); bytes > maxBodies {
			return responses[i+1:]
		}
	}
	return responses
}
