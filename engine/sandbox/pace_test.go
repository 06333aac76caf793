package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/sandbox"
)

func TestLatencyText(t *testing.T) {
	for text, want := range map[string]sandbox.Latency{
		"0s":                {P99: 1},
		"150ms":             {Least: 150 * time.Millisecond, Most: 150 * time.Millisecond, P99: 1},
		"50ms..400ms":       {Least: 50 * time.Millisecond, Most: 400 * time.Millisecond, P99: 1},
		"50ms..400ms x2.5":  {Least: 50 * time.Millisecond, Most: 400 * time.Millisecond, P99: 2.5},
		" 0s..400ms x1":     {Most: 400 * time.Millisecond, P99: 1},
		"":                  {},
		"fast":              {},
		"50ms..":            {},
		"400ms..50ms":       {},
		"-1ms":              {},
		"50ms x0.5":         {},
		"50ms x":            {},
		"50ms x5 x5":        {},
		"50ms xNaN":         {},
		"2h":                {},
		"50ms..400ms x9999": {},
	} {
		got, err := sandbox.ParseLatency(text)
		if want.P99 == 0 {
			if err == nil {
				t.Errorf("%q is %v", text, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%q is %+v (%v)", text, got, err)
		}
		if again, err := sandbox.ParseLatency(got.String()); err != nil || again != want {
			t.Errorf("%q becomes %+v (%v)", got.String(), again, err)
		}
	}
}

// Answers take between the bounds, one in a hundred a factor longer, and with one seed each takes the same every time.
func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const least, most = 50 * time.Millisecond, 400 * time.Millisecond
		times := func(seed uint64) (all []time.Duration) {
			s := newServer(t, sandbox.Config{Seed: seed, Pace: sandbox.Pace{Latency: sandbox.Latency{Least: least, Most: most, P99: 20}}})
			for i := range 2000 {
				from := time.Now()
				post(s, "/session", params("gps_adid", strconv.Itoa(i%50)))
				all = append(all, time.Since(from))
			}
			return all
		}
		first := times(1)
		var sum time.Duration
		late, usual := 0, 0
		for _, took := range first {
			switch {
			case took < least:
				t.Errorf("an answer took %v", took)
			case took > most:
				late++
			default:
				usual++
				sum += took
			}
		}
		if mean := sum / time.Duration(usual); mean < 215*time.Millisecond || mean > 235*time.Millisecond || late < 10 || late > 30 {
			t.Errorf("the mean is %v, and %d of 2000 are late", mean, late)
		}
		for i, took := range times(1) {
			if took != first[i] {
				t.Fatalf("answer %d took %v, and then %v", i, first[i], took)
			}
		}
		if second := times(2); second[0] == first[0] && second[1] == first[1] && second[2] == first[2] {
			t.Error("another seed makes no difference")
		}
	})
}

// Above the rate there is 429 with Retry-After, and nothing is counted; the rate is reached in any second.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.Config{Pace: sandbox.Pace{Rate: 100}, SessionSpacing: -1})
		taken, refused := 0, 0
		for range 10_000 { // three times as many as are taken
			r := httptest.NewRequest(http.MethodPost, "/session", strings.NewReader(params().Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			switch {
			case w.Code == http.StatusOK:
				taken++
			case w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "1" && strings.HasPrefix(w.Body.String(), "{"):
				refused++
			default:
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			<-time.After(10 * time.Millisecond / 3)
		}
		if taken < 3330 || taken > 3345 || taken+refused != 10_000 {
			t.Errorf("%d taken, %d refused", taken, refused)
		}
		totals := s.Totals()
		if totals.Counted != uint64(taken) || totals.Statuses["429"] != uint64(refused) || totals.Faults["429 rate"] != uint64(refused) {
			t.Errorf("%+v", totals)
		}
		if err := s.SetPace(sandbox.Pace{Rate: 1}); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Second)
		if status, _ := post(s, "/session", params()); status != http.StatusOK {
			t.Error("the one request of a second is refused:", status)
		}
		if status, _ := post(s, "/session", params()); status != http.StatusTooManyRequests {
			t.Error("the second one of a second is taken:", status)
		}
		if err := s.SetPace(sandbox.Pace{}); err != nil {
			t.Fatal(err)
		}
		if status, _ := post(s, "/session", params()); status != http.StatusOK {
			t.Error("refused without a rate:", status)
		}
	})
}

// Connections above the bound are reset, and there is room again when one ends.
func TestConnections(t *testing.T) {
	s := start(t, sandbox.Config{Pace: sandbox.Pace{Connections: 1}})
	first, second := &http.Client{Transport: &http.Transport{}}, client(t, time.Minute)
	defer first.CloseIdleConnections()
	if status, _, err := send(t, first, s.URL+"/session", params()); status != http.StatusOK {
		t.Fatal(status, err)
	}
	if status, body, err := send(t, second, s.URL+"/session", params()); err == nil {
		t.Errorf("a second connection is answered %d %s", status, body)
	}
	if status, _, err := send(t, first, s.URL+"/event", params("event_token", "abc123")); status != http.StatusOK {
		t.Error("the first connection is lost:", status, err)
	}
	first.CloseIdleConnections()
	for { // until the server has seen that the first one has gone
		if status, _, err := send(t, second, s.URL+"/event", params("event_token", "abc123")); err == nil {
			if status != http.StatusOK {
				t.Error(status)
			}
			break
		}
	}
}

func TestControlPace(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	if status, body := control(s, "PUT", "/sandbox/pace", `{"latency":"50ms..400ms x5","rate":2000}`); status != 200 {
		t.Error(status, body)
	}
	if status, body := control(s, "PUT", "/sandbox/pace", `{"connections":7}`); status != 200 || body != `{"latency":"50ms..400ms x5","rate":2000,"connections":7}`+"\n" {
		t.Error(status, body)
	}
	for _, wrong := range []string{`{"latency":"soon"}`, `{"rate":-1}`, `{"connections":-1}`, `{"speed":1}`} {
		if status, body := control(s, "PUT", "/sandbox/pace", wrong); status != 400 {
			t.Error(wrong, status, body)
		}
	}
	if _, body := control(s, "GET", "/sandbox/pace", ""); body != `{"latency":"50ms..400ms x5","rate":2000,"connections":7}`+"\n" {
		t.Error(body)
	}
}
