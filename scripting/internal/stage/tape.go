package stage

import (
	"slices"
	"sync"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/storage"
)

// Act is one thing that a plugin did. One of the fields is set.
type Act struct {
	// Line is what it printed, or what the host had to say about it.
	Line *Line `json:"line,omitempty"`
	// Tracked is what it put into the queue.
	Tracked *engine.Package `json:"-"`
	// Fetch is a request that it made.
	Fetch *Fetch `json:"fetch,omitempty"`
	// Stored is what it changed in localStorage.
	Stored *storage.Change `json:"stored,omitempty"`
	// Failure is an exception, or a rejected promise, that nobody handled.
	Failure *Failure `json:"failure,omitempty"`

	// Secrets takes the values of granted variables out of Text; nil when there are none. Tracked keeps them: it may be
	// sent.
	Secrets *instance.Secrets
}

// Line is one line of the log that a script is the reason for.
type Line struct {
	// Level is the level of the line, such as info; Text is exactly what was printed.
	Level string `json:"level"`
	Text  string `json:"text"`
}

// Fetch is a request that a plugin made with fetch.
type Fetch struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	// Headers have names in lower case.
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
}

// Redacted returns the request without the secrets that a version was granted. Nil stays nil.
func (f *Fetch) Redacted(redact func(string) string) *Fetch {
	if f == nil {
		return f
	}
	out := Fetch{Method: redact(f.Method), URL: redact(f.URL), Body: redact(f.Body)}
	if f.Headers != nil {
		out.Headers = make(map[string]string, len(f.Headers))
		for name, value := range f.Headers {
			out.Headers[redact(name)] = redact(value)
		}
	}
	return &out
}

// Failure is an error of a run.
type Failure struct {
	// Message is what was thrown; it may have several lines.
	Message string `json:"message"`
	// In says what kind of run it was.
	In string `json:"in,omitempty"`
	// File, Line and Column say where, from 1; Source is that line. Empty and 0 where no line is to blame.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Source string `json:"source,omitempty"`
	// Stack is the calls that led there, a line each.
	Stack string `json:"stack,omitempty"`
}

// FailureOf is an error as a record shows it; where says which kind of run it was.
func FailureOf(where string, e *script.Error) *Failure {
	return &Failure{
		Message: e.Message, In: where, File: e.File, Line: e.Line, Column: e.Column, Source: e.Source, Stack: e.Stack,
	}
}

// ScriptError is the way back, for texts.
func (f *Failure) ScriptError() *script.Error {
	return &script.Error{File: f.File, Line: f.Line, Column: f.Column, Message: f.Message, Source: f.Source, Stack: f.Stack}
}

// Error returns one line, with the place.
func (f *Failure) Error() string { return f.ScriptError().Error() }

// Excerpt returns the source line and the line with the caret below its column. Both are empty when no line is known.
func (f *Failure) Excerpt() (source, caret string) {
	if f.Source == "" {
		return "", ""
	}
	return script.Excerpt(f.Source, f.Column)
}

// Tape records what an instance does, in order. It may be used from many goroutines at once.
type Tape struct {
	// Most bounds what is recorded, in acts, and MostBytes in bytes of what they are about; failures count, and are recorded
	// all the same. Zero: no bound. Both are set before anything is recorded.
	Most, MostBytes int

	Mu    sync.Mutex
	Acts  []Act // guarded by mu
	bytes int   // guarded by mu
	lost  int   // guarded by mu
}

func (t *Tape) add(a Act) {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	t.bytes += a.size()
	if a.Failure == nil && (t.Most > 0 && len(t.Acts) >= t.Most || t.MostBytes > 0 && t.bytes > t.MostBytes) {
		t.lost++
		t.bytes -= a.size()
		return
	}
	t.Acts = append(t.Acts, a)
}

// Lost counts what was not recorded, because there was too much.
func (t *Tape) Lost() int {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	return t.lost
}

// size is about how many bytes an act holds.
func (a *Act) size() int {
	switch {
	case a.Line != nil:
		return len(a.Line.Text)
	case a.Fetch != nil:
		n := len(a.Fetch.URL) + len(a.Fetch.Body)
		for name, value := range a.Fetch.Headers {
			n += len(name) + len(value)
		}
		return n
	case a.Stored != nil && a.Stored.Value != nil:
		return len(*a.Stored.Key) + len(*a.Stored.Value)
	case a.Tracked != nil:
		n := 0
		for _, pairs := range []map[string]string{a.Tracked.Params, a.Tracked.CallbackParams, a.Tracked.PartnerParams} {
			for name, value := range pairs {
				n += len(name) + len(value)
			}
		}
		return n
	default:
		return 0
	}
}

// Line records a line of the log.
func (t *Tape) Line(level zerolog.Level, text string) {
	t.add(Act{Line: &Line{Level: level.String(), Text: text}})
}

// Failure records an error of a run.
func (t *Tape) Failure(where string, failure *script.Error) {
	t.add(Act{Failure: FailureOf(where, failure)})
}

// Since returns what was recorded from the n-th on.
func (t *Tape) Since(n int) []Act {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	return append([]Act(nil), t.Acts[min(n, len(t.Acts)):]...)
}

// drop forgets acts.
func (t *Tape) drop(which func(*Act) bool) {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	t.Acts = slices.DeleteFunc(t.Acts, func(a Act) bool { return which(&a) })
}

// Len counts what was recorded.
func (t *Tape) Len() int {
	t.Mu.Lock()
	defer t.Mu.Unlock()
	return len(t.Acts)
}
