package tester

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// testADID is what the answers of tests say unless the test does.
const testADID = "5cd8c32bb38761321b638547fba0ad08"

// responseFields are what a test may say of a response. What it leaves out is what the server would say.
type responseFields struct {
	Kind            string            `json:"kind"`
	Outcome         string            `json:"outcome"`
	Duplicate       bool              `json:"duplicate"`
	WillRetry       *bool             `json:"willRetry"`
	ID              string            `json:"id"`
	EventToken      string            `json:"eventToken"`
	CallbackID      string            `json:"callbackId"`
	Message         *string           `json:"message"`
	Timestamp       *string           `json:"timestamp"`
	ADID            *string           `json:"adid"`
	JSONResponse    json.RawMessage   `json:"jsonResponse"`
	RawBody         *string           `json:"rawBody"`
	Status          *int              `json:"status"`
	Attempt         int               `json:"attempt"`
	NextAttemptAt   json.RawMessage   `json:"nextAttemptAt"`
	Revenue         json.Number       `json:"revenue"`
	Currency        string            `json:"currency"`
	Params          map[string]string `json:"params"`
	CallbackParams  map[string]string `json:"callbackParams"`
	PartnerParams   map[string]string `json:"partnerParams"`
	Device          string            `json:"device"`
	AppToken        string            `json:"appToken"`
	Environment     string            `json:"environment"`
	Repeat          bool              `json:"repeat"`
	AmbiguousAnswer bool              `json:"ambiguous"`
}

const responseFieldList = "eventToken, callbackId, message, timestamp, adid, willRetry, jsonResponse, id, attempt, status, outcome, " +
	"duplicate, nextAttemptAt, rawBody, revenue, currency, params, callbackParams, partnerParams, device, appToken, environment, " +
	"repeat, ambiguous, kind"

// ReadResponse makes the response that a test would describe by this JSON, for the method eventSuccess or its like. number
// counts responses from 1.
func ReadResponse(method, text string, app engine.App, now time.Time, number int) (*engine.Response, error) {
	return readResponse(method, text, app, now, number)
}

// readResponse makes the response that a test describes. method is eventSuccess or its like, number counts responses.
func readResponse(method, text string, app engine.App, now time.Time, number int) (*engine.Response, error) {
	var f responseFields
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("%s; a response has %s", plainJSONError(err), responseFieldList)
	}
	r := &engine.Response{
		Seq: uint64(number), Attempt: max(f.Attempt, 1), At: now, Repeat: f.Repeat, Ambiguous: f.AmbiguousAnswer, //nolint:gosec // counts from 1
		Package: engine.Package{
			ID: f.ID, Kind: engine.KindEvent, App: app, Device: f.Device, CallbackID: f.CallbackID, Created: now,
			Params: f.Params, CallbackParams: f.CallbackParams, PartnerParams: f.PartnerParams,
		},
	}
	if err := f.decide(method, r); err != nil {
		return nil, err
	}
	f.fillPackage(r, number)
	return r, f.fillAnswer(r)
}

// decide chooses kind and outcome.
func (f *responseFields) decide(method string, r *engine.Response) error {
	if strings.HasPrefix(method, "session") || method == "response" && f.Kind == string(engine.KindSession) {
		r.Package.Kind = engine.KindSession
	} else if f.Kind != "" {
		if r.Package.Kind = engine.Kind(f.Kind); !r.Package.Kind.Known() {
			return fmt.Errorf("kind %q is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing", f.Kind)
		}
	}
	willRetry := f.WillRetry != nil && *f.WillRetry
	switch {
	case f.Outcome != "":
		if err := r.Outcome.UnmarshalText([]byte(f.Outcome)); err != nil {
			return err
		}
	case f.Duplicate:
		r.Outcome = engine.Duplicate
	case strings.HasSuffix(method, "Success") || method == "response" && f.WillRetry == nil:
		r.Outcome = engine.Delivered
	case willRetry:
		r.Outcome = engine.Retry
	default:
		r.Outcome = engine.Rejected
	}
	if method != "response" && r.Outcome.Success() != strings.HasSuffix(method, "Success") {
		return fmt.Errorf("the outcome %s is no %s; use response({ outcome: %q }) for any", r.Outcome,
			map[bool]string{true: "success", false: "failure"}[strings.HasSuffix(method, "Success")], r.Outcome.String())
	}
	r.WillRetry = willRetry
	if f.WillRetry == nil {
		switch r.Outcome {
		case engine.Retry, engine.WaitForDevice, engine.Blocked:
			r.WillRetry = true
		default:
		}
	}
	if r.Outcome.Success() && willRetry {
		return errors.New("a success has no willRetry")
	}
	return nil
}

// fillPackage completes what was sent.
func (f *responseFields) fillPackage(r *engine.Response, number int) {
	p := &r.Package
	if p.ID == "" {
		p.ID = "test-" + strconv.Itoa(number)
	}
	if p.Params == nil {
		p.Params = map[string]string{}
	}
	set := func(name, value string) {
		if value != "" {
			p.Params[name] = value
		}
	}
	if p.Kind == engine.KindEvent && f.EventToken == "" && p.Params["event_token"] == "" {
		f.EventToken = "abc123"
	}
	set("event_token", f.EventToken)
	set("revenue", string(f.Revenue))
	set("currency", f.Currency)
	if p.Device == "" {
		p.Device = "external_device_id=test-device"
	}
	if name, id, ok := strings.Cut(p.Device, "="); ok && p.Params[name] == "" {
		p.Params[name] = id
	}
	if f.AppToken != "" {
		p.App.Token = f.AppToken
	}
	if f.Environment != "" {
		p.App.Environment = engine.Environment(f.Environment)
	}
}

// fillAnswer completes what the server said.
func (f *responseFields) fillAnswer(r *engine.Response) error {
	// Tests for version 5 of the SDKs, where the answer is a text, give it as one.
	var text string
	if f.JSONResponse != nil && json.Unmarshal(f.JSONResponse, &text) == nil && text != "" {
		f.JSONResponse = json.RawMessage(text)
	}
	given := f.JSONResponse != nil && string(f.JSONResponse) != "null"
	noAnswer := r.Outcome == engine.Retry && !given && f.RawBody == nil && f.Status == nil
	r.ADID, r.Timestamp, r.Message = testADID, r.At.UTC().Format("2006-01-02T15:04:05.000Z+0000"), "connection refused"
	if !noAnswer {
		f.fillBody(r, given)
	}
	if f.RawBody != nil {
		r.Body = []byte(*f.RawBody)
	}
	for _, field := range []struct {
		given *string
		to    *string
	}{{f.Message, &r.Message}, {f.Timestamp, &r.Timestamp}, {f.ADID, &r.ADID}} {
		if field.given != nil {
			*field.to = *field.given
		}
	}
	if f.Status != nil {
		r.Status = *f.Status
	}
	if r.WillRetry {
		r.NextAttempt = r.At.Add(2 * time.Minute)
	}
	if f.NextAttemptAt != nil && string(f.NextAttemptAt) != "null" {
		var err error
		if r.NextAttempt, err = readTime(f.NextAttemptAt); err != nil {
			return fmt.Errorf("nextAttemptAt: %w", err)
		}
	}
	return nil
}

// fillBody takes message, timestamp and adid from the body, as they would be from the server's.
func (f *responseFields) fillBody(r *engine.Response, given bool) {
	body := map[string]any{"timestamp": r.Timestamp, "adid": r.ADID, "app_token": r.Package.App.Token}
	r.Status = 200
	switch {
	case !r.Outcome.Success():
		r.Status = 400
		if r.Outcome == engine.Retry {
			r.Status = 503
		}
		body = map[string]any{"error": "Event request failed", "timestamp": r.Timestamp}
		if r.Package.Kind == engine.KindSession {
			body["error"] = "Session request failed"
		}
	case r.Package.Kind == engine.KindSession:
		body["message"] = "Session tracked"
	default:
		body["message"] = "Event tracked"
	}
	if given {
		body = map[string]any{}
		_ = json.Unmarshal(f.JSONResponse, &body) // what is no object has no fields
		r.Body, r.Message = f.JSONResponse, ""
	}
	for _, name := range []string{"message", "error", "status"} {
		if text, ok := body[name].(string); ok && text != "" {
			r.Message = text
			break
		}
	}
	if text, ok := body["timestamp"].(string); ok {
		r.Timestamp = text
	}
	if text, ok := body["adid"].(string); ok {
		r.ADID = text
	}
	if f.ADID != nil && !given {
		body["adid"] = *f.ADID
	}
	if f.Message != nil && !given {
		name := "message"
		if !r.Outcome.Success() {
			name = "error"
		}
		body[name] = *f.Message
	}
	if !given && string(f.JSONResponse) != "null" {
		text, err := json.Marshal(body)
		if err == nil { // a map of strings always is JSON
			r.Body = text
		}
	}
}

// plainJSONError drops Go's words.
func plainJSONError(err error) string {
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s cannot be a %s", mismatch.Field, mismatch.Value)
	}
	return strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field", "unknown property", 1)
}

// readTime reads a time: text as of JSON.stringify of a Date, or milliseconds.
func readTime(text json.RawMessage) (time.Time, error) {
	var ms float64
	if json.Unmarshal(text, &ms) == nil {
		return time.UnixMilli(int64(ms)), nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err == nil {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
			if at, err := time.Parse(layout, s); err == nil {
				return at, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%s is no time: give a Date, or text such as \"2026-05-01T12:00:00Z\"", text)
}

// readDuration reads a duration: milliseconds, or text such as "90s", "1h30m" or "2d".
func readDuration(text json.RawMessage) (time.Duration, error) {
	var ms float64
	if json.Unmarshal(text, &ms) == nil && ms >= 0 {
		return time.Duration(ms * float64(time.Millisecond)), nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err == nil {
		if d, err := ParseDuration(s); err == nil && d >= 0 {
			return d, nil
		}
	}
	return 0, fmt.Errorf("%s is no duration: give milliseconds, or text such as \"90s\", \"1h30m\" or \"2d\"", text)
}

// ParseDuration is [time.ParseDuration] with days: "2d" is 48 hours, and "1d12h" is 36.
func ParseDuration(s string) (time.Duration, error) {
	days, rest, found := strings.Cut(s, "d")
	if !found {
		return time.ParseDuration(s)
	}
	n, err := strconv.ParseFloat(days, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration, such as 36h or 2d", s)
	}
	total := time.Duration(n * float64(24*time.Hour))
	if rest == "" {
		return total, nil
	}
	more, err := time.ParseDuration(rest)
	return total + more, err
}
