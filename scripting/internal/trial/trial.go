package trial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"trackhook/engine"
	"trackhook/engine/scripts"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wire"
)

// Kind says what is to be done.
type Kind string

// The kinds.
const (
	Check Kind = "check"
	Try   Kind = "try"
	Test  Kind = "test"
)

const (
	// maxActs and maxActBytes bound what is recorded of each version.
	maxActs     = 5000
	maxActBytes = 2 << 20
	// maxText bounds each text of what is told, in bytes.
	maxText = 4 << 10
)

// Job is one piece of work on a draft.
type Job struct {
	Kind  Kind          `json:"kind"`
	Draft scripts.Draft `json:"draft"`
	// Dir is the plugins folder, absolute; Apps, DefaultApp and Device are those of the host, and Grants what the plugin may do.
	Dir        string            `json:"dir"`
	Apps       []engine.App      `json:"apps"`
	DefaultApp engine.App        `json:"default_app"`
	Device     map[string]string `json:"device"`
	Grants     instance.Grants   `json:"grants"`
	// Timeout is the time limit of one run, EachTest that of one test, where it is not the default, and Limit that of the whole.
	Timeout  time.Duration `json:"timeout"`
	EachTest time.Duration `json:"each_test,omitempty"`
	Limit    time.Duration `json:"limit"`
	// Memory is how many bytes the process may use that does it, where it is one of its own.
	Memory int64 `json:"memory"`

	// Live is what a try compares with; nil: nothing, and Why says why. Stored is what localStorage begins with.
	Live   *source.Kept      `json:"live,omitempty"`
	Why    string            `json:"why,omitempty"`
	Stored map[string][]byte `json:"stored,omitempty"`
	// Typed tells that Responses were made up.
	Typed     bool              `json:"typed,omitempty"`
	Responses []engine.Response `json:"-"`

	// Files are the files of tests, relative to Dir, with slashes. Run selects tests; empty: all.
	Files []string `json:"files,omitempty"`
	Run   string   `json:"run,omitempty"`
}

// Encode writes a job for another process.
func (j *Job) Encode() ([]byte, error) {
	head, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("encode a trial: %w", err)
	}
	return wire.AppendResponses(wire.AppendString(nil, head), j.Responses), nil
}

// Decode reads what Encode has written.
func Decode(body []byte) (*Job, error) {
	f := wire.NewFields(body)
	head, responses := f.Bytes(), f.Responses()
	if err := f.End(); err != nil {
		return nil, err
	}
	j := &Job{Responses: responses}
	return j, json.Unmarshal(head, j)
}

// Result is what came of a job: the field of its kind, or why there is none.
type Result struct {
	Checked *scripts.Checked `json:"checked,omitempty"`
	Tried   *scripts.Tried   `json:"tried,omitempty"`
	Tested  *scripts.Tested  `json:"tested,omitempty"`
	// Refused is for people, and Failed an error of the host.
	Refused *scripts.RefusedError `json:"refused,omitempty"`
	Failed  string                `json:"failed,omitempty"`
}

// Err returns why there is no result; nil: there is one.
func (r *Result) Err() error {
	switch {
	case r.Refused != nil:
		return r.Refused
	case r.Failed != "":
		return errors.New(r.Failed)
	default:
		return nil
	}
}

// Encode writes a result for another process.
func (r *Result) Encode() ([]byte, error) { return json.Marshal(r) }

// ReadResult reads what Encode has written. What does not decode is an error: the process may have been anything.
func ReadResult(body []byte) (*Result, error) {
	var r Result
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, fmt.Errorf("read the result of a trial: %w", err)
	}
	return &r, nil
}

// Do does a job, within its time limit.
func Do(ctx context.Context, j *Job) *Result {
	ctx, cancel := context.WithTimeout(ctx, j.Limit)
	defer cancel()
	w := &work{Job: j, overlay: &source.Overlay{Root: filepath.Clean(j.Dir), Files: j.Draft.Files}, began: time.Now()}
	var r Result
	var err error
	switch j.Kind {
	case Check:
		r.Checked, err = w.check(ctx)
	case Try:
		r.Tried, err = w.try(ctx)
	case Test:
		r.Tested, err = w.test(ctx)
	default:
		err = fmt.Errorf("there is no kind %q", j.Kind)
	}
	if err == nil {
		return &r
	}
	if refused, ok := errors.AsType[*scripts.RefusedError](err); ok {
		return &Result{Refused: refused}
	}
	return &Result{Failed: err.Error()}
}

// work is a job under way.
type work struct {
	*Job
	overlay *source.Overlay
	began   time.Time
}

// entry finds the plugin.
func (w *work) entry() (source.Entry, error) {
	e, found, err := w.overlay.Plugin(w.Draft.Plugin)
	if err != nil {
		return e, err
	}
	if !found {
		return e, &scripts.RefusedError{
			Reason: scripts.NotFound, Title: "No such plugin",
			Detail: fmt.Sprintf("there is no plugin %q in the plugins folder, and the draft has no first file of it, such as %s.js", w.Draft.Plugin, w.Draft.Plugin),
		}
	}
	return e, nil
}

// settings are those of a stage.
func (w *work) settings() instance.Settings {
	grants := w.Grants
	grants.Timeout = w.Timeout
	return instance.Settings{
		Settings: adjust.Settings{Apps: w.Apps, DefaultApp: w.DefaultApp, Device: w.Device},
		Dir:      w.overlay.Root, Timeout: w.Timeout, Plugins: map[string]instance.Grants{w.Draft.Plugin: grants},
	}
}

func (w *work) took() float64 { return milliseconds(time.Since(w.began)) }

func milliseconds(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
}
