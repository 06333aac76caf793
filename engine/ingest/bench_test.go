package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
)

// noTracker takes everything, so that only the door is measured.
type noTracker struct{}

func (noTracker) Track(context.Context, ...engine.Package) error { return nil }

// discard is a writer without the recorder's costs.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// values are a purchase of about 400 bytes as a form.
func values() url.Values {
	return url.Values{
		"s2s": {"1"}, "app_token": {"abc123def456"}, "environment": {"production"}, "gps_adid": {"38400000-8cf0-11bd-b23e-10b96e40000d"},
		"event_token": {"abc123"}, "revenue": {"1.99"}, "currency": {"EUR"}, "created_at_unix": {"1735689600"}, "ip_address": {"192.0.2.1"},
		"os_name": {"android"}, "user_agent": {"Mozilla/5.0 (Linux; Android 14; Pixel 8)"}, "event_callback_id": {"order-20260101-000017"},
		"callback_params": {`{"user":"u-1029384756","level":"17"}`}, "partner_params": {`{"item":"gems-500"}`},
	}
}

// record is the same as a line of a batch.
func record(i int) string {
	return fmt.Sprintf(`{"kind":"event","app_token":"abc123def456","environment":"production","params":{"gps_adid":"38400000-8cf0-11bd-b23e-%012d",`+
		`"event_token":"abc123","revenue":"1.99","currency":"EUR","ip_address":"192.0.2.1","os_name":"android","user_agent":"Mozilla/5.0 (Linux; Android 14; Pixel 8)"},`+
		`"callback_id":"order-20260101-000017","created_at_unix":1735689600,"callback_params":{"user":"u-1029384756","level":"17"},"partner_params":{"item":"gems-500"}}`, i)
}

// peerLine is what encoding/json needs for a line.
type peerLine struct {
	Kind        engine.Kind        `json:"kind"`
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	Device      string             `json:"device"`
	Params      map[string]string  `json:"params"`
	Callback    map[string]string  `json:"callback_params"`
	Partner     map[string]string  `json:"partner_params"`
	CallbackID  string             `json:"callback_id"`
	Unix        int64              `json:"created_at_unix"`
	Key         string             `json:"idempotency_key"`
}

// BenchmarkSingle measures one form request through the handler. The floor is what the standard library takes to read
// the same form.
func BenchmarkSingle(b *testing.B) {
	text := values().Encode()
	request := func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/event", strings.NewReader(text))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	body := strings.NewReader(text)
	r := request()
	r.Body = io.NopCloser(body)
	b.Run("door=trackhook", func(b *testing.B) {
		h, err := New(Config{Tracker: noTracker{}})
		if err != nil {
			b.Fatal(err)
		}
		w := &discard{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			body.Reset(text)
			r.Body = io.NopCloser(body)
			w.status = 0
			h.ServeHTTP(w, r)
			if w.status != 0 {
				b.Fatal(w.status)
			}
		}
	})
	b.Run("door=floor-ParseForm", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			body.Reset(text)
			r.Body = io.NopCloser(body)
			r.Form, r.PostForm = nil, nil
			if err := r.ParseForm(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLine measures how one line of a batch becomes a package, without the engine's checks.
func BenchmarkLine(b *testing.B) {
	text := record(17)
	b.Run("parse=trackhook", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			if _, refused := parseLine(text); refused != nil {
				b.Fatal(refused.detail)
			}
		}
	})
	b.Run("parse=encoding-json", func(b *testing.B) {
		raw := []byte(text)
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			var l peerLine
			decoder := json.NewDecoder(bytes.NewReader(raw))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(&l); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkBatch measures whole batches through the handler, checks included; one operation is one package.
func BenchmarkBatch(b *testing.B) {
	const lines = 100
	var text strings.Builder
	for i := range lines {
		text.WriteString(record(i) + "\n")
	}
	body := strings.NewReader(text.String())
	r := httptest.NewRequest(http.MethodPost, "/v1/packages", strings.NewReader(text.String()))
	b.Run("door=trackhook", func(b *testing.B) {
		h, err := New(Config{Tracker: noTracker{}})
		if err != nil {
			b.Fatal(err)
		}
		w := &discard{header: http.Header{}}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%lines != 0 {
				continue
			}
			body.Reset(text.String())
			r.Body = io.NopCloser(body)
			w.status = 0
			h.ServeHTTP(w, r)
			if w.status != 0 {
				b.Fatal(w.status)
			}
		}
	})
	b.Run("door=encoding-json", func(b *testing.B) {
		raw := []byte(text.String())
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%lines != 0 {
				continue
			}
			now := time.Now()
			for line := range bytes.SplitSeq(bytes.TrimSpace(raw), []byte("\n")) {
				var l peerLine
				if err := json.Unmarshal(line, &l); err != nil {
					b.Fatal(err)
				}
				p := engine.Package{
					Kind: l.Kind, App: engine.App{Token: l.AppToken, Environment: l.Environment}, Params: l.Params,
					CallbackParams: l.Callback, PartnerParams: l.Partner, CallbackID: l.CallbackID, Created: time.Unix(l.Unix, 0),
				}
				if err := p.Prepare(now); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
