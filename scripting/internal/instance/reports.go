package instance

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
)

const (
	// maxKnownFailures bounds the failures that are told apart; beyond it the oldest counts are let go.
	maxKnownFailures = 256
	// failureSummary is how often repeats of a failure are summed up.
	failureSummary = 10 * time.Second
)

// reports logs what goes wrong in a version: the first of a kind in full, then counts, so that a listener that fails
// for every response does not fill the disk. It may be used from many goroutines at once.
type reports struct {
	inst *Instance

	mu    sync.Mutex
	known map[failureKey]*failureCount // guarded by mu
	total uint64                       // guarded by mu
	// failed are the errors of responses since the last call of taken, by number; guarded by mu.
	failed map[uint64]string
}

// failureKey tells failures apart: the same error at the same place is the same failure.
type failureKey struct{ where, at, message string }

type failureCount struct {
	repeats uint64 // since the last line about it
	last    time.Time
}

func newReports(i *Instance) *reports {
	return &reports{inst: i, known: map[failureKey]*failureCount{}}
}

// failure logs an error of a run; where says which kind of run it was. response may be nil.
func (r *reports) failure(where string, failure *script.Error, response *engine.Response, now time.Time) {
	failure = r.inst.redacted(failure)
	key := failureKey{where, failure.Where(), failure.Message}
	r.mu.Lock()
	r.total++
	if r.inst.cfg.Probe.failed(where, failure) {
		r.mu.Unlock()
		return
	}
	r.recordLocked(response, failure.Error())
	count := r.known[key]
	if count == nil {
		if len(r.known) >= maxKnownFailures {
			clear(r.known)
		}
		r.known[key] = &failureCount{last: now}
		r.mu.Unlock()
		r.inst.sayOn(response, zerolog.ErrorLevel, failure.Error(), func(e *zerolog.Event) *zerolog.Event {
			return aboutResponse(aboutFailure(e.Str("in", where), failure), response)
		})
		return
	}
	count.repeats++
	r.mu.Unlock()
	r.summarize(now, false)
}

// summarize logs the counts of failures that were repeated. Unless all is set, only those about which nothing was
// logged for a while.
func (r *reports) summarize(now time.Time, all bool) {
	type summary struct {
		key     failureKey
		repeats uint64
	}
	var due []summary
	r.mu.Lock()
	for key, count := range r.known {
		if count.repeats > 0 && (all || now.Sub(count.last) >= failureSummary) {
			due = append(due, summary{key, count.repeats})
			count.repeats, count.last = 0, now
		}
	}
	r.mu.Unlock()
	for _, s := range due {
		text := s.key.message
		if s.key.at != "" {
			text = s.key.at + ": " + text
		}
		r.inst.say(zerolog.ErrorLevel, text, func(e *zerolog.Event) *zerolog.Event {
			return e.Str("in", s.key.where).Uint64("repeated", s.repeats)
		})
	}
}

// failures counts all failures so far.
func (r *reports) failures() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total
}

// maxRecorded bounds the text of an error that is recorded beside its response, in bytes.
const maxRecorded = 1000

// recordLocked notes that a response's run failed. The first error of a response is the one that is kept.
func (r *reports) recordLocked(response *engine.Response, text string) {
	if response == nil || r.failed[response.Seq] != "" {
		return
	}
	if r.failed == nil {
		r.failed = map[uint64]string{}
	}
	if len(text) > maxRecorded {
		text = strings.ToValidUTF8(text[:maxRecorded], "") + " ..."
	}
	r.failed[response.Seq] = text
}

// Taken returns the errors of responses up to a number since the last call, and forgets them; nil when there are none.
func (r *reports) Taken(upTo uint64) map[uint64]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.failed) == 0 {
		return nil
	}
	taken := map[uint64]string{}
	for seq, text := range r.failed {
		if seq <= upTo {
			taken[seq] = text
			delete(r.failed, seq)
		}
	}
	return taken
}

// panicked logs a bug of ours.
func (r *reports) panicked(where string, failure *machine.PanicError, response *engine.Response) {
	r.mu.Lock()
	r.total++
	r.recordLocked(response, r.inst.Redact(failure.Error()))
	r.mu.Unlock()
	r.inst.sayOn(response, zerolog.ErrorLevel, fmt.Sprintf("internal error in a plugin's %s; its runtime is thrown away: %v", where, failure.Value),
		func(e *zerolog.Event) *zerolog.Event {
			return aboutResponse(e.Bytes("stack", failure.Stack), response)
		})
}

// stuck logs that a response was given up.
func (r *reports) stuck(response *engine.Response) {
	r.mu.Lock()
	r.total++
	r.recordLocked(response, "stuck: the listener went on although it was interrupted at the time limit")
	r.mu.Unlock()
	r.inst.sayOn(response, zerolog.ErrorLevel, "stuck in a listener; the response counts as handled", func(e *zerolog.Event) *zerolog.Event {
		return aboutResponse(e, response)
	})
}

func aboutFailure(e *zerolog.Event, failure *script.Error) *zerolog.Event {
	if failure.File != "" {
		e = e.Str("file", failure.File)
	}
	if failure.Line > 0 {
		e = e.Int("line", failure.Line).Int("column", failure.Column)
	}
	if failure.Source != "" {
		source, caret := script.Excerpt(failure.Source, failure.Column)
		e = e.Str("source", source).Str("caret", caret)
	}
	if len(failure.Notes) > 0 {
		e = e.Strs("notes", failure.Notes)
	}
	if failure.Stack != "" {
		e = e.Str("stack", failure.Stack)
	}
	return e
}

func aboutResponse(e *zerolog.Event, response *engine.Response) *zerolog.Event {
	if response == nil {
		return e
	}
	return e.Uint64("seq", response.Seq).Str("id", response.Package.ID).Str("kind", string(response.Package.Kind)).
		Str("app", response.Package.App.Token).Stringer("outcome", response.Outcome)
}
