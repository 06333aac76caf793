package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"trackhook/engine"
	"trackhook/engine/site"
)

// Health is the answer of /healthz and /readyz.
type Health struct {
	// Status is ok, degraded or failing; of /readyz, ready or "not ready".
	Status string `json:"status"`
	// Reasons say why it is not ok. Left out for those who may not ask.
	Reasons []string `json:"reasons,omitempty"`
	// Spare is the process that is started ahead for scripts. Left out of /readyz, where scripts have no processes, and for those
	// who may not ask.
	Spare *Spare `json:"spare,omitempty"`
}

// Spare is a process that is started ahead for the next script that needs one. The counts are those since the host started.
type Spare struct {
	// Ready tells that there is one, and Reason why not.
	Ready  bool   `json:"ready"`
	Reason string `json:"reason,omitempty"`
	// Used counts the processes that were needed and ready, and Cold those that had to be started when they were needed.
	Used uint64 `json:"used"`
	Cold uint64 `json:"cold"`
}

// A store that does not answer within this time fails the health check: probes give up after a few seconds too.
const checkTimeout = 3 * time.Second

// healthz tells whether the host works.
func (a *api) healthz(w http.ResponseWriter, r *http.Request) error {
	status, health := http.StatusOK, Health{Status: "ok"}
	if reason := a.storeFails(r.Context()); reason != "" {
		status = http.StatusServiceUnavailable
		health = Health{Status: "failing", Reasons: []string{reason}}
	}
	degraded := a.degraded()
	if len(degraded) > 0 && status == http.StatusOK {
		health.Status = "degraded"
	}
	health.Reasons = append(health.Reasons, degraded...)
	if spare, ok := a.cfg.Spare(); ok {
		health.Spare = &spare
	}
	a.answer(w, r, status, health)
	return nil
}

// degraded lists what is wrong beside the store.
func (a *api) degraded() []string {
	var reasons []string
	for _, plugin := range a.cfg.Plugins() {
		if !plugin.State.Healthy() {
			reasons = append(reasons, plugin.reason())
		}
		for n := range plugin.Warnings {
			reasons = append(reasons, "plugin "+plugin.Name+": "+plugin.Warnings[n].text())
		}
	}
	return append(reasons, a.cfg.Health()...)
}

// readyz tells whether packages can be taken in.
func (a *api) readyz(w http.ResponseWriter, r *http.Request) error {
	status, health := http.StatusOK, Health{Status: "ready"}
	var reasons []string
	if reason := a.storeFails(r.Context()); reason != "" {
		reasons = append(reasons, reason)
	}
	if err := a.cfg.Ready(r.Context()); err != nil {
		reasons = append(reasons, err.Error())
	}
	if len(reasons) > 0 {
		status, health = http.StatusServiceUnavailable, Health{Status: "not ready", Reasons: reasons}
	}
	a.answer(w, r, status, health)
	return nil
}

// answer keeps the reasons from those who may not ask for the rest of the API either.
func (a *api) answer(w http.ResponseWriter, r *http.Request, status int, health Health) {
	if a.guard(r, site.Read) != nil {
		health.Reasons, health.Spare = nil, nil
	}
	a.write(w, status, health)
}

// storeFails returns the reason, "" when the store answers.
func (a *api) storeFails(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if _, err := a.cfg.Stats(ctx); err != nil {
		if !errors.Is(err, engine.ErrUnavailable) { // which the store says itself, once
			a.cfg.Log.Error().Err(err).Msg("the store fails its health check")
		}
		return "the store does not answer: " + err.Error()
	}
	return ""
}

// reason says what is wrong with a plugin, in one line.
func (p *Plugin) reason() string {
	text := "plugin " + p.Name + " is broken; its responses wait"
	switch p.State { //nolint:exhaustive // the others are as they are
	case Quarantined:
		text = "plugin " + p.Name + " is quarantined; its responses wait for the next edit"
	case BrokenEdit:
		text = fmt.Sprintf("plugin %s is broken on disk; version %s goes on", p.Name, p.Running)
	}
	if e := p.LastError; e != nil {
		text += ": " + e.text()
	}
	return text
}

// text is the message, with the place as far as it is known.
func (e *PluginError) text() string {
	switch {
	case e.File == "":
		return e.Message
	case e.Line == 0:
		return e.File + ": " + e.Message
	default:
		return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	}
}
