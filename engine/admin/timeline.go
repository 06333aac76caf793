package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"trackhook/engine"
)

// Timeline is everything that is known about one package.
type Timeline struct {
	Package Package `json:"package"`
	// Request is what every attempt sends. It is the same for all, except that the secret may have changed.
	Request Request `json:"request"`
	// History are the responses that the log still holds, oldest first, each with the plugins that have handled it.
	History []Response `json:"history"`
	// Missing names what cannot be read, because what is stored is damaged. None: nothing.
	Missing []string `json:"missing,omitempty"`
}

// miss notes the parts that cannot be read, and returns the errors that are others.
func (t *Timeline) miss(err error) error {
	part, damaged := errors.AsType[*engine.PartError](err)
	if !damaged {
		return err
	}
	for _, missing := range part.Missing {
		if !slices.Contains(t.Missing, missing) {
			t.Missing = append(t.Missing, missing)
		}
	}
	return nil
}

// Request is what an attempt sends, without secrets.
type Request struct {
	// Curl is the request as a command for a shell. Empty: this host does not tell.
	Curl string `json:"curl,omitempty"`
	// Form are the parameters.
	Form []Param `json:"form"`
}

// Run is what one listener made of one response.
type Run struct {
	// Listener is the name of the plugin.
	Listener string `json:"listener"`
	// Version is the version of the plugin that ran. Empty: it was skipped.
	Version string `json:"version,omitempty"`
	// Skipped is true when the response was not meant for this listener.
	Skipped bool `json:"skipped,omitempty"`
	// Failure is the error of the run. Empty: none.
	Failure string `json:"failure,omitempty"`
	// Plugin is the name of the plugin that the listener is. Empty: it is none that there is now.
	Plugin string `json:"plugin,omitempty"`
	// Lines are what it has printed, as far as that is kept, and LinesLeftOut counts those that are not told.
	Lines        []Line `json:"lines,omitempty"`
	LinesLeftOut int    `json:"lines_left_out,omitempty"`
}

// show answers with the timeline of one package.
func (a *api) show(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
	}
	id := strings.TrimPrefix(r.URL.Path, packagePath)
	body := Timeline{}
	state, err := a.state(r, id)
	if err := body.miss(err); err != nil {
		return err
	}
	history, err := a.cfg.Inspector.History(r.Context(), id)
	if err := body.miss(err); err != nil {
		return fmt.Errorf("history of package %s: %w", engine.Quote(id), err)
	}
	if state.Package.Kind == "" && len(history) > 0 {
		state.Package = history[len(history)-1].Package
	}
	sent := withoutSecrets(&state.Package)
	body.Package, body.History = a.row(&state), make([]Response, len(history))
	if state.Package.Kind != "" { // else nothing of it could be read
		body.Request.Form = a.cfg.Form(sent)
	}
	if body.Request.Form == nil {
		body.Request.Form = []Param{}
	}
	if a.cfg.Curl != nil && state.Package.Kind != "" {
		body.Request.Curl = a.cfg.Curl(sent)
	}
	plugins := a.cfg.Plugins()
	for i := range history {
		body.History[i] = newResponse(&history[i])
		body.History[i].Runs, err = a.runs(r.Context(), &history[i], plugins)
		if err := body.miss(err); err != nil {
			return err
		}
		addLines(body.History[i].Runs, a.printedOn(history[i].Seq), plugins, 10*mostLines)
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// runs returns who has handled a response, not nil, also with an [engine.PartError].
func (a *api) runs(ctx context.Context, response *engine.Response, plugins []Plugin) ([]Run, error) {
	all, err := a.cfg.Inspector.Runs(ctx, response.Seq)
	if _, damaged := errors.AsType[*engine.PartError](err); err != nil && !damaged {
		return nil, fmt.Errorf("runs of response %d: %w", response.Seq, err)
	}
	runs := make([]Run, len(all))
	for i, run := range all {
		runs[i] = Run{
			Listener: run.Listener, Version: run.Version, Failure: cut(run.Failure, maxMessage),
			Skipped: run.Failure == "" && (run.Version == "" || unheard(&run, response, plugins)),
		}
		if runs[i].Skipped {
			runs[i].Version = ""
		}
	}
	return runs, err
}

// unheard tells whether a version that is past a response cannot have run on it: the response runs no callback at all, or
// the version, where it still runs, listens to nothing of the app. Stores keep who is past a response, and not who ran.
func unheard(run *engine.Run, response *engine.Response, plugins []Plugin) bool {
	if response.Repeat || response.Outcome == engine.Dropped {
		return true
	}
	app := response.Package.App
	for i := range plugins {
		if p := &plugins[i]; p.Name == run.Listener || strings.HasSuffix(run.Listener, "/"+p.Name) {
			return p.Running == run.Version && !slices.ContainsFunc(p.Registered, func(r Registration) bool {
				return r.AppToken == app.Token && r.Environment == string(app.Environment)
			})
		}
	}
	return false
}
