package ingest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

func TestStoreFails(t *testing.T) {
	for _, row := range []struct {
		err           error
		retry, detail string
	}{
		{
			fmt.Errorf("track: %w", fmt.Errorf("%w: %w", engine.ErrFull, engine.ErrDiskFull)), "30",
			"the disk of this host is full and nothing was stored; send it again after the time in Retry-After",
		},
		{
			fmt.Errorf("track: %w", engine.ErrFullOfDead), "30",
			"this host has too many dead letters and nothing was stored; somebody must retry or drop them; send it again after the time in Retry-After",
		},
		{fmt.Errorf("track: %w", engine.ErrFull), "30", "the queue is over its high-water mark and nothing was stored; send it again after the time in Retry-After"},
		{
			fmt.Errorf("track: %w: dial tcp 192.0.2.1:5432: connection refused", engine.ErrUnavailable), "2",
			"the store of this host cannot be reached, so the package may be stored or not; send it again after the time in Retry-After, " +
				"with the same Idempotency-Key where it has one",
		},
		{fmt.Errorf("track: engine %w", engine.ErrClosed), "5", "this host is shutting down and nothing was stored; send it again after the time in Retry-After"},
		{errors.New("write /secret/path: input/output error"), "5", "the package could not be stored; send it again after the time in Retry-After"},
	} {
		h, r := newHandler(t, ingest.Config{})
		r.err = row.err
		w := call(h, http.MethodPost, "/event", event)
		want(t, w, 503, `{"error":"Event request failed (Service unavailable)","detail":`+quoted(row.detail)+`}`)
		if got := w.Header().Get("Retry-After"); got != row.retry {
			t.Errorf("Retry-After %q, want %q", got, row.retry)
		}
		w = call(h, http.MethodPost, "/v1/packages", `{"kind":"session","app_token":"`+token+`","environment":"sandbox","device":"adid=x"}`)
		want(t, w, 503, `{"error":"Batch request failed (Service unavailable)","detail":`+quoted(row.detail)+`}`)
	}
}

func TestPanic(t *testing.T) {
	var lines bytes.Buffer
	r := &recorder{panics: "boom"}
	h, _ := newHandler(t, ingest.Config{Tracker: r, Log: zerolog.New(&lines)})
	want(t, call(h, http.MethodPost, "/event", event), 500, `{"error":"Event request failed (Internal error)","detail":"this is a bug of trackhook; its log has the details; the package may be stored: send it again with the same Idempotency-Key"}`)
	if !strings.Contains(lines.String(), `"panic":"boom"`) {
		t.Errorf("logged %s", &lines)
	}
	r.panics = http.ErrAbortHandler
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v", err)
		}
	}()
	call(h, http.MethodPost, "/event", event)
}

type asker struct{ err error }

func (a *asker) Track(ctx context.Context, _ ...engine.Package) error {
	a.err = ctx.Err()
	return nil
}

func TestEngineRefusesLate(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	r.err = &engine.RefusedError{Message: "Invalid revenue", Field: "revenue", Detail: "no"}
	want(t, call(h, http.MethodPost, "/event", event), 400, `{"error":"Event request failed (Invalid revenue)","detail":"no"}`)
}

func TestFailuresAreLoggedOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var lines bytes.Buffer
		r := &recorder{err: engine.ErrFull}
		h, _ := newHandler(t, ingest.Config{Tracker: r, Log: zerolog.New(&lines).Level(zerolog.InfoLevel)})
		for range 50 {
			call(h, http.MethodPost, "/event", event)
		}
		<-time.After(11 * time.Second)
		call(h, http.MethodPost, "/event", event)
		const line = `{"level":"error","error":"over the high-water mark","unlogged":%d,"message":"cannot take packages in; senders are told to try again"}` + "\n"
		if got, want := lines.String(), fmt.Sprintf(line, 0)+fmt.Sprintf(line, 49); got != want {
			t.Errorf("logged\n%swant\n%s", got, want)
		}
	})
}

func TestSenderThatDoesNotWait(t *testing.T) {
	tracker := &asker{err: errors.New("not called")}
	h, _ := newHandler(t, ingest.Config{Tracker: tracker})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/event?"+event, http.NoBody))
	if tracker.err != nil {
		t.Error(tracker.err)
	}
}
