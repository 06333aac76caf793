package admin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"trackhook/engine"
)

const (
	appProbePath      = "/api/v1/apps/probe"
	endpointProbePath = "/api/v1/endpoints/probe"
	maxProbeBody      = 8 << 10
	// probeWait is how long the first attempt is waited for. The longest attempts take longer; nothing depends on knowing.
	probeWait = 30 * time.Second
)

// ErrProbeUnclear means that it is not said which app or endpoint is to be tried, of several. The asker is told the text of
// the error, and so is one that wraps [engine.ErrNotFound].
var ErrProbeUnclear = errors.New("say which one")

// ProbedApp says which app is to be tried now. An empty field takes whatever the host has, if that is one.
type ProbedApp struct {
	AppToken    string `json:"app_token,omitempty"`
	Environment string `json:"environment,omitempty"`
}

// probedEndpoint says which endpoint is.
type probedEndpoint struct {
	Endpoint string `json:"endpoint,omitempty"`
}

// ProbeResult says what came of the first attempt.
type ProbeResult string

// What can come of it.
const (
	// ProbeTaken: the server takes the app.
	ProbeTaken ProbeResult = "taken"
	// ProbeRefused: the server answers, and refuses the app.
	ProbeRefused ProbeResult = "refused"
	// ProbeFailed: there was no answer, or one that decided nothing.
	ProbeFailed ProbeResult = "failed"
	// ProbeIdle: there is nothing to try.
	ProbeIdle ProbeResult = "idle"
	// ProbePending: no attempt was over in half a minute.
	ProbePending ProbeResult = "pending"
)

// Probe is what came of a probe.
type Probe struct {
	// AppToken and Environment name the app that was tried, or Endpoint the server.
	AppToken    string `json:"app_token,omitempty"`
	Environment string `json:"environment,omitempty"`
	Endpoint    string `json:"endpoint,omitempty"`
	// Hastened counts the devices that waited for a later time, and are tried now.
	Hastened int         `json:"hastened"`
	Result   ProbeResult `json:"result"`
	// Outcome, Status and Message are of the first attempt. Left out: there was none, or it had none.
	Outcome string `json:"outcome,omitempty"`
	Status  int    `json:"status,omitempty"`
	Message string `json:"message,omitempty"`
	// Again is when a refused app is tried again by itself.
	Again *time.Time `json:"again,omitempty"`
}

// MakeProbe says what came of a probe. What was probed is left to the caller.
func MakeProbe(probed *engine.Probed) Probe {
	p := Probe{Hastened: probed.Hastened, Result: ProbePending}
	r := probed.Response
	if r == nil {
		if probed.Idle {
			p.Result = ProbeIdle
		}
		return p
	}
	p.Outcome, p.Status, p.Message = r.Outcome.String(), r.Status, r.Message
	switch {
	case r.TakesApp():
		p.Result = ProbeTaken
	case r.Outcome == engine.Blocked:
		again := utc(r.NextAttempt)
		p.Result, p.Again = ProbeRefused, &again
	default:
		p.Result = ProbeFailed
	}
	return p
}

func (a *api) probeApp(w http.ResponseWriter, r *http.Request) error {
	var body ProbedApp
	return a.probe(w, r, &body, `{"app_token":"...","environment":"sandbox"}`, a.cfg.ProbeApp == nil, func(ctx context.Context) (Probe, error) {
		return a.cfg.ProbeApp(ctx, body)
	})
}

func (a *api) probeEndpoint(w http.ResponseWriter, r *http.Request) error {
	var body probedEndpoint
	return a.probe(w, r, &body, `{"endpoint":"https://..."}`, a.cfg.ProbeEndpoint == nil, func(ctx context.Context) (Probe, error) {
		return a.cfg.ProbeEndpoint(ctx, body.Endpoint)
	})
}

// probe reads the body, has what it names tried now, and waits for what comes of it.
func (a *api) probe(w http.ResponseWriter, r *http.Request, body any, like string, missing bool, try func(context.Context) (Probe, error)) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if missing {
		return &refusal{status: http.StatusNotImplemented, message: "Not implemented", detail: "this host cannot be asked to try anything"}
	}
	if err := readJSON(w, r, jsonForm{most: maxProbeBody, large: "send only the name of one", like: like}, body); err != nil {
		return err
	}
	ctx, cancel := a.until(r.Context())
	defer cancel()
	ctx, late := context.WithTimeout(ctx, probeWait)
	defer late()
	probed, err := try(ctx)
	switch {
	case errors.Is(err, ErrProbeUnclear):
		return badRequest("Not clear", "%s", err)
	case errors.Is(err, engine.ErrNotFound):
		return &refusal{status: http.StatusNotFound, message: "Not found", detail: err.Error()}
	case err != nil:
		return err
	}
	line := a.cfg.Log.Info().Str("app", probed.AppToken).Str("environment", probed.Environment)
	if probed.AppToken == "" {
		line = a.cfg.Log.Info().Str("endpoint", probed.Endpoint)
	}
	line.Int("hastened", probed.Hastened).Str("result", string(probed.Result)).Func(a.asker(r)).Msg("a probe was asked for")
	a.write(w, http.StatusOK, probed)
	return nil
}

// ProbeApp has an app tried now, with all of its devices that wait for a later time, and returns what came of the first
// attempt, for which it waits half a minute. An app that the host does not send is an [*AnswerError] with status 404, and one
// that is not named clearly one with 400.
func (c *Client) ProbeApp(ctx context.Context, app ProbedApp) (Probe, error) {
	return c.probe(ctx, appProbePath, app)
}

// ProbeEndpoint does as [Client.ProbeApp] for a server, by its scheme and host or its host alone, and all that is sent there.
// It may be empty where the host sends to one only.
func (c *Client) ProbeEndpoint(ctx context.Context, endpoint string) (Probe, error) {
	return c.probe(ctx, endpointProbePath, probedEndpoint{endpoint})
}

func (c *Client) probe(ctx context.Context, path string, body any) (Probe, error) {
	var probed Probe
	patient := *c
	patient.Timeout = c.timeout() + probeWait
	err := patient.ask(ctx, call{method: http.MethodPost, path: path, body: body}, &probed)
	return probed, err
}
