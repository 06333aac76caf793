package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of fault.
const (
	// FaultStatus answers with Fault.Status and Fault.Body, without processing the request.
	FaultStatus FaultKind = "status"
	// FaultRetryIn answers 200 with retry_in: the server wants the request again.
	FaultRetryIn FaultKind = "retry_in"
	// FaultResetBefore resets the connection without reading the body.
	FaultResetBefore FaultKind = "reset_before"
	// FaultResetAfter resets the connection after reading the request.
	FaultResetAfter FaultKind = "reset_after"
	// FaultSlow answers as usual, but only after Fault.DelayMS. The request is processed at once.
	FaultSlow FaultKind = "slow"
	// FaultSilent reads the request and never answers.
	FaultSilent FaultKind = "silent"
	// FaultGarbage answers with bytes that are not HTTP.
	FaultGarbage FaultKind = "garbage"
	// FaultNotJSON answers 200 with a body that is no JSON.
	FaultNotJSON FaultKind = "not_json"
	// FaultHTML answers 200 with a web page, as a captive portal does.
	FaultHTML FaultKind = "html"
	// FaultRedirect answers 302 with Fault.Location.
	FaultRedirect FaultKind = "redirect"
	// FaultTruncated breaks off in the middle of the answer.
	FaultTruncated FaultKind = "truncated"
	// FaultHuge answers 200 with Fault.Bytes of text.
	FaultHuge FaultKind = "huge"
)

// FaultKinds returns every kind of fault, in a fixed order.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultStatus, FaultRetryIn, FaultResetBefore, FaultResetAfter, FaultSlow, FaultSilent, FaultGarbage, FaultNotJSON,
		FaultHTML, FaultRedirect, FaultTruncated, FaultHuge,
	}
}

// Fault is something that goes wrong with some requests. Of several that fit a request, the first hits it.
type Fault struct {
	// Kind is what goes wrong.
	Kind FaultKind `json:"kind"`
	// Name names the fault in the record. Default: Kind, and the status where there is one.
	Name string `json:"name,omitempty"`

	// Path, App, Environment, Device (KIND=ID) and EventToken limit the fault to requests that have them. Default: all
	// requests.
	Path        string `json:"path,omitempty"`
	App         string `json:"app_token,omitempty"`
	Environment string `json:"environment,omitempty"`
	Device      string `json:"device,omitempty"`
	EventToken  string `json:"event_token,omitempty"`
	// Probability is the share of the fitting requests that are hit. Default: all.
	Probability float64 `json:"probability,omitempty"`
	// Skip lets so many fitting requests pass first, and Count is how many are hit then. Default of Count: no bound.
	Skip  int `json:"skip,omitempty"`
	Count int `json:"count,omitempty"`

	// Processed makes the server do what was asked before the fault: a device whose answer was lost was counted. It is
	// for reset_after, silent, garbage, truncated, huge, html and not_json.
	Processed bool `json:"processed,omitempty"`
	// Status is for status (required), html, not_json and huge (default 200), and redirect (default 302).
	Status int `json:"status,omitempty"`
	// Body is for status (default: none), html, not_json and garbage.
	Body string `json:"body,omitempty"`
	// RetryAfter is the header Retry-After, for status.
	RetryAfter string `json:"retry_after,omitempty"`
	// RetryIn is in milliseconds, for retry_in. Default 1000.
	RetryIn int `json:"retry_in,omitempty"`
	// DelayMS delays the answer by so many milliseconds, for slow (default 1000) and all that answer.
	DelayMS int `json:"delay_ms,omitempty"`
	// Bytes is for huge. Default 8 MiB.
	Bytes int `json:"bytes,omitempty"`
	// Location is for redirect. Default "/redirected".
	Location string `json:"location,omitempty"`

	// Hits is how often the fault has hit. It is set by the server.
	Hits int `json:"hits,omitempty"`

	skipped int
}

// setDefaults fills in what was left out, and says what is wrong.
func (f *Fault) setDefaults() error {
	if !slices.Contains(FaultKinds(), f.Kind) {
		kinds := make([]string, 0, len(FaultKinds()))
		for _, kind := range FaultKinds() {
			kinds = append(kinds, string(kind))
		}
		return fmt.Errorf("kind %q is not one of %s", f.Kind, strings.Join(kinds, ", "))
	}
	switch {
	case f.Kind == FaultStatus && f.Status == 0:
		return errors.New("a fault of kind status needs a status")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return errors.New("status must be between 200 and 599")
	case f.Probability < 0 || f.Probability > 1 || f.Probability != f.Probability:
		return errors.New("probability must be between 0 and 1")
	case f.Skip < 0 || f.Count < 0 || f.RetryIn < 0 || f.DelayMS < 0 || f.Bytes < 0:
		return errors.New("skip, count, retry_in, delay_ms and bytes must not be negative")
	case f.Processed && (f.Kind == FaultStatus || f.Kind == FaultRetryIn || f.Kind == FaultResetBefore || f.Kind == FaultRedirect):
		return fmt.Errorf("a request hit by %s is never processed", f.Kind)
	}
	f.Hits, f.skipped = 0, 0
	def := func(n *int, kind FaultKind, value int) {
		if f.Kind == kind && *n == 0 {
			*n = value
		}
	}
	def(&f.RetryIn, FaultRetryIn, 1000)
	def(&f.DelayMS, FaultSlow, 1000)
	def(&f.Bytes, FaultHuge, 8<<20)
	def(&f.Status, FaultRedirect, http.StatusFound)
	if f.Location == "" {
		f.Location = "/redirected"
	}
	if f.Name == "" {
		f.Name = string(f.Kind)
		if f.Kind == FaultStatus {
			f.Name += " " + strconv.Itoa(f.Status)
		}
	}
	return nil
}

// processes tells whether a request that is hit has its effect.
func (f *Fault) processes() bool { return f.Processed || f.Kind == FaultSlow }

// answers returns the status that a client sees, 0 for none. status is the one without the fault, 0 for none.
func (f *Fault) answers(status int) int {
	switch f.Kind {
	case FaultStatus, FaultRedirect:
		return f.Status
	case FaultRetryIn:
		return http.StatusOK
	case FaultHTML, FaultNotJSON, FaultHuge:
		return cmp.Or(f.Status, http.StatusOK)
	case FaultTruncated:
		return cmp.Or(status, http.StatusOK)
	case FaultSlow:
		return status
	case FaultResetBefore, FaultResetAfter, FaultSilent, FaultGarbage:
		return 0
	default:
		return 0
	}
}

func (f *Fault) delay() time.Duration { return time.Duration(f.DelayMS) * time.Millisecond }

// unread tells whether the fault can be decided, and happens, before the request is read.
func (f *Fault) unread() bool {
	return f.Kind == FaultResetBefore && f.App == "" && f.Environment == "" && f.Device == "" && f.EventToken == ""
}

// SetFaults replaces all faults; none clears them. The error names the place of the wrong one, from 1, and then nothing
// has changed.
func (s *Server) SetFaults(faults ...Fault) error {
	checked := slices.Clone(faults)
	for i := range checked {
		if err := checked[i].setDefaults(); err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = checked
	return nil
}

// Faults returns the faults that are set, with their hits.
func (s *Server) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Fault{}, s.faults...)
}
