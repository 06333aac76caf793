package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"time"
	"unicode/utf8"

	"trackhook/engine"
)

// Response is what came of one attempt. Fields that have no meaning are left out of the JSON.
type Response struct {
	// Seq is the place in the log.
	Seq uint64 `json:"seq"`
	// At is when the attempt ended.
	At time.Time `json:"at"`

	// ID, Kind and so on name the package.
	ID          string             `json:"id"`
	Kind        engine.Kind        `json:"kind"`
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	Device      string             `json:"device"`
	EventToken  string             `json:"event_token,omitempty"`
	CallbackID  string             `json:"callback_id,omitempty"`
	// Params, CallbackParams and PartnerParams are those of the package, see [engine.Package]; values of parameters that
	// are named like credentials are [redacted]. CreatedAt is when the activity happened. All four are left out of a
	// [Timeline], which tells them once.
	Params         map[string]string `json:"params,omitempty"`
	CallbackParams map[string]string `json:"callback_params,omitempty"`
	PartnerParams  map[string]string `json:"partner_params,omitempty"`
	CreatedAt      time.Time         `json:"created_at,omitzero"`

	// Attempt counts from 1; 0 means that no request was made.
	Attempt int            `json:"attempt"`
	Outcome engine.Outcome `json:"outcome"`
	// Rule names the rule that chose the outcome.
	Rule string `json:"rule,omitempty"`
	// Status is the HTTP status. Absent: there was no answer.
	Status  int    `json:"status,omitempty"`
	Message string `json:"message,omitempty"`
	// Body is the answer when it is JSON, and BodyText when it is not, made UTF-8. BodyBytes is its length, and BodyCut
	// tells that only its beginning is here, as text.
	Body      json.RawMessage `json:"body,omitempty"`
	BodyText  string          `json:"body_text,omitempty"`
	BodyBytes int             `json:"body_bytes,omitempty"`
	BodyCut   bool            `json:"body_cut,omitempty"`
	// BodyRaw is the answer as it came, where Body and BodyText do not tell it to the byte. Only when it was asked for, see
	// [Client.Recorded].
	BodyRaw []byte `json:"body_raw,omitempty"`
	// Timestamp and ADID are what the server told.
	Timestamp string `json:"timestamp,omitempty"`
	ADID      string `json:"adid,omitempty"`
	// Ambiguous is true when the request was sent completely and no answer came: the server may have counted it.
	Ambiguous bool `json:"ambiguous,omitempty"`
	// RetryInMS is how long the server asked to wait, in milliseconds.
	RetryInMS int64 `json:"retry_in_ms,omitempty"`
	// WillRetry and NextAttempt tell what was decided.
	WillRetry   bool      `json:"will_retry"`
	NextAttempt time.Time `json:"next_attempt,omitzero"`
	// Repeat marks an attempt that told nothing new; no callback ran for it.
	Repeat bool `json:"repeat,omitempty"`
	// Runs are the listeners that are past it. Only in a [Timeline].
	Runs []Run `json:"runs,omitzero"`
}

const (
	// Longer bodies are cut.
	maxBody = 64 << 10
	// A page ends behind so many bytes of bodies, of those that were cut only what is told.
	maxPageBody = 16 << 20
)

// newResponse makes a row of what the log holds.
func newResponse(r *engine.Response) Response {
	p := &r.Package
	response := Response{
		Seq: r.Seq, At: r.At.UTC(), ID: p.ID, Kind: p.Kind, AppToken: p.App.Token, Environment: p.App.Environment,
		Device: p.Device, EventToken: p.Params["event_token"], CallbackID: p.CallbackID,
		Attempt: r.Attempt, Outcome: r.Outcome, Rule: r.Rule, Status: r.Status, Message: cut(r.Message, maxMessage),
		BodyBytes: len(r.Body), Timestamp: r.Timestamp, ADID: r.ADID, Ambiguous: r.Ambiguous,
		RetryInMS: r.RetryIn.Milliseconds(), WillRetry: r.WillRetry, NextAttempt: utc(r.NextAttempt), Repeat: r.Repeat,
	}
	switch text := bytes.TrimSpace(r.Body); {
	case len(text) > maxBody:
		response.BodyText, response.BodyCut = cut(string(text[:maxBody+1]), maxBody), true
	case json.Valid(text) && utf8.Valid(text):
		response.Body = text
	default:
		response.BodyText = cut(string(text), maxBody)
	}
	return response
}

// tellPackage adds what was sent.
func (r *Response) tellPackage(p *engine.Package) {
	shown := withoutSecrets(p)
	r.Params, r.CallbackParams, r.PartnerParams, r.CreatedAt = shown.Params, shown.CallbackParams, shown.PartnerParams, utc(p.Created)
}

// tellRaw adds what a replay needs to see the answer as it came.
func (r *Response) tellRaw(from *engine.Response) {
	r.Message = from.Message
	told := []byte(r.BodyText)
	if r.Body != nil {
		var compact bytes.Buffer
		if json.Compact(&compact, r.Body) == nil { // it was valid
			told = compact.Bytes()
		}
	}
	if !bytes.Equal(told, from.Body) {
		r.BodyRaw = from.Body
	}
}

// recorded is the inverse of what the host does with raw=true, save AskIn, ContinueIn and what is redacted.
func (r *Response) recorded() engine.Response {
	recorded := engine.Response{
		Seq: r.Seq, At: r.At, Attempt: r.Attempt, Outcome: r.Outcome, Rule: r.Rule, Status: r.Status, Message: r.Message,
		Timestamp: r.Timestamp, ADID: r.ADID, Ambiguous: r.Ambiguous, RetryIn: time.Duration(r.RetryInMS) * time.Millisecond,
		WillRetry: r.WillRetry, NextAttempt: r.NextAttempt, Repeat: r.Repeat,
		Package: engine.Package{
			ID: r.ID, Kind: r.Kind, App: engine.App{Token: r.AppToken, Environment: r.Environment}, Device: r.Device,
			Params: r.Params, CallbackParams: r.CallbackParams, PartnerParams: r.PartnerParams, CallbackID: r.CallbackID,
			Created: r.CreatedAt,
		},
	}
	switch {
	case len(r.BodyRaw) > 0:
		recorded.Body = r.BodyRaw
	case len(r.Body) > 0:
		recorded.Body = r.Body
	case r.BodyText != "":
		recorded.Body = []byte(r.BodyText)
	}
	return recorded
}

// responseFilter are the parameters that select responses.
func responseFilter() []string {
	return append(appFilter(), "kind", "device", "event_token", "outcome")
}

// wanted reads what selects responses.
func (q query) wanted() (func(*engine.Response) bool, error) {
	filter, err := q.filter(time.Time{})
	if err != nil {
		return nil, err
	}
	outcome, err := q.outcome("outcome")
	if err != nil {
		return nil, err
	}
	return func(r *engine.Response) bool {
		p := &r.Package
		return (filter.AppToken == "" || filter.AppToken == p.App.Token) &&
			(filter.Environment == "" || filter.Environment == p.App.Environment) &&
			(filter.Kind == "" || filter.Kind == p.Kind) &&
			(filter.Device == "" || filter.Device == p.Device) &&
			(filter.EventToken == "" || filter.EventToken == p.Params["event_token"]) &&
			(outcome == 0 || outcome == r.Outcome)
	}, nil
}

// responsePage is one page of the log.
type responsePage struct {
	Responses []Response `json:"responses"`
	// Next is the number to go on after, and Last the newest one in the log.
	Next uint64 `json:"next"`
	Last uint64 `json:"last"`
}

// logQuery is what a request wants of the log.
type logQuery struct {
	after  uint64
	limit  int
	raw    bool
	wanted func(*engine.Response) bool
}

// parseLogQuery reads the parameters of a page of the log.
func parseLogQuery(r *http.Request) (lq logQuery, err error) {
	q, err := parseQuery(r, append(responseFilter(), "after", "limit", "raw")...)
	if err != nil {
		return lq, err
	}
	if lq.after, err = q.number("after", 0, 0, math.MaxUint64); err != nil {
		return lq, err
	}
	delete(q, "after") // a number here, a time in a filter
	if _, lq.limit, err = q.page(); err != nil {
		return lq, err
	}
	if lq.wanted, err = q.wanted(); err != nil {
		return lq, err
	}
	lq.raw, err = q.flag("raw")
	return lq, err
}

// responses answers with what the log holds now, without waiting.
func (a *api) responses(w http.ResponseWriter, r *http.Request) error {
	q, err := parseLogQuery(r)
	if err != nil {
		return err
	}
	if a.cfg.Responses == nil {
		return notKept()
	}
	last, err := a.cfg.Responses.Last(r.Context())
	if err != nil {
		return err
	}
	body := responsePage{Responses: []Response{}, Next: q.after, Last: last}
	for told := 0; body.Next < last && len(body.Responses) < q.limit && told < maxPageBody; {
		read, err := a.read(r.Context(), body.Next, min(q.limit, tailBatch))
		if err != nil {
			return err
		}
		if len(read) == 0 {
			body.Next = last // retention has removed the rest meanwhile
		}
		told += body.add(read, &q, maxPageBody-told)
		if len(read) > 0 && r.Context().Err() != nil {
			return r.Context().Err()
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// add adds what is wanted of responses, until the page is full or room bytes of bodies are used up. It returns how many
// bytes were.
func (p *responsePage) add(responses []engine.Response, q *logQuery, room int) (told int) {
	for i := range responses {
		if len(p.Responses) == q.limit || told >= room {
			break
		}
		response := &responses[i]
		p.Next = response.Seq
		if !q.wanted(response) {
			continue
		}
		row := newResponse(response)
		row.tellPackage(&response.Package)
		if q.raw {
			row.tellRaw(response)
		}
		told += len(row.Body) + len(row.BodyText) + len(row.BodyRaw)
		p.Responses = append(p.Responses, row)
	}
	return told
}

// read reads what is there already. The log would wait when retention has removed everything after the given number.
func (a *api) read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	read, err := a.cfg.Responses.Read(ctx, after, limit)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, nil
	}
	return read, err
}
