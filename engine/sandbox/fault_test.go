package sandbox_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/sandbox"
)

func TestFaultStatus(t *testing.T) {
	s := newServer(t, sandbox.Config{Faults: []sandbox.Fault{
		{Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "7", Count: 1},
		{Kind: sandbox.FaultStatus, Status: 500, Body: `{"error":"x"}`, Count: 1},
		{Kind: sandbox.FaultRetryIn, RetryIn: 250, Count: 1},
		{Kind: sandbox.FaultRedirect, Count: 1},
		{Kind: sandbox.FaultHTML, Count: 1},
		{Kind: sandbox.FaultNotJSON, Count: 1, Processed: true},
	}})
	for _, want := range []struct {
		status int
		body   string
	}{{503, ""}, {500, `{"error":"x"}`}, {200, `"retry_in":250}`}, {302, ""}, {200, "<html>"}, {200, "not a json response"}} {
		if status, body := post(s, "/session", params()); status != want.status || !strings.Contains(body, want.body) {
			t.Errorf("%d %s, want %d %s", status, body, want.status, want.body)
		}
	}
	if status, body := post(s, "/session", params()); status != 500 || !strings.Contains(body, "too frequent") {
		t.Errorf("%d %s: only the last of the faults lets the request be processed", status, body)
	}
	var names []string
	for _, q := range s.Requests() {
		names = append(names, q.Fault)
	}
	if want := []string{"status 503", "status 500", "retry_in", "redirect", "html", "not_json", ""}; !slices.Equal(names, want) {
		t.Errorf("faults %q, want %q", names, want)
	}
}

func TestFaultFilters(t *testing.T) {
	hit := func(f sandbox.Fault, path string, pairs ...string) bool {
		f.Kind, f.Status = sandbox.FaultStatus, 599
		s := newServer(t, sandbox.Config{Faults: []sandbox.Fault{f}})
		status, _ := post(s, path, params(pairs...))
		return status == 599
	}
	for _, test := range []struct {
		name string
		f    sandbox.Fault
		want bool
	}{
		{"none", sandbox.Fault{}, true},
		{"path", sandbox.Fault{Path: "/event"}, true},
		{"other path", sandbox.Fault{Path: "/session"}, false},
		{"app", sandbox.Fault{App: appToken}, true},
		{"other app", sandbox.Fault{App: "otherotherot"}, false},
		{"device", sandbox.Fault{Device: "gps_adid=d1"}, true},
		{"other device", sandbox.Fault{Device: "gps_adid=d2"}, false},
		{"environment", sandbox.Fault{Environment: "production"}, false},
		{"event token", sandbox.Fault{EventToken: "abc123"}, true},
		{"other event token", sandbox.Fault{EventToken: "xyz789"}, false},
	} {
		if got := hit(test.f, "/event", "event_token", "abc123"); got != test.want {
			t.Errorf("%s: hit %v, want %v", test.name, got, test.want)
		}
	}
}

func TestFaultSkipAndCount(t *testing.T) {
	s := newServer(t, sandbox.Config{Faults: []sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 599, Skip: 2, Count: 3}}})
	var hits []int
	for i := range 10 {
		if status, _ := post(s, "/event", params()); status == 599 {
			hits = append(hits, i)
		}
	}
	if want := []int{2, 3, 4}; !slices.Equal(hits, want) {
		t.Errorf("hits %v, want %v", hits, want)
	}
	if got := s.Faults()[0].Hits; got != 3 {
		t.Errorf("%d hits, want 3", got)
	}
}

// Which requests are hit must not depend on the order in which devices come.
func TestFaultsFollowTheSeed(t *testing.T) {
	hits := func(seed uint64, devices ...string) map[string]string {
		s := newServer(t, sandbox.Config{Seed: seed, Faults: []sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 599, Probability: 0.5}}})
		got := map[string]string{}
		for range 20 {
			for _, device := range devices {
				status, _ := post(s, "/event", params("gps_adid", device))
				got[device] += fmt.Sprint(status == 599, " ")
			}
		}
		return got
	}
	a, b, c := hits(1, "x", "y", "z"), hits(1, "z", "x", "y"), hits(2, "x", "y", "z")
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("other order, other hits:\n%v\n%v", a, b)
	}
	if fmt.Sprint(a) == fmt.Sprint(c) {
		t.Error("another seed, the same hits")
	}
	if count := strings.Count(fmt.Sprint(a), "true"); count < 15 || count > 45 {
		t.Errorf("%d hits of 60, with a probability of 0.5", count)
	}
}

func TestMixHitsItsShare(t *testing.T) {
	faults := sandbox.Mix(0.3, sandbox.FaultResetBefore, sandbox.FaultResetAfter, sandbox.FaultSlow, sandbox.FaultSilent, sandbox.FaultGarbage, sandbox.FaultTruncated, sandbox.FaultHuge)
	s := newServer(t, sandbox.Config{Faults: faults})
	const n = 4000
	for i := range n {
		post(s, "/event", params("gps_adid", fmt.Sprint("d", i%97)))
	}
	hits := 0
	for _, f := range s.Faults() {
		hits += f.Hits
		if want := 0.3 * n / float64(len(faults)); float64(f.Hits) < want/2 || float64(f.Hits) > want*2 {
			t.Errorf("%s hit %d times, want about %.0f", f.Name, f.Hits, want)
		}
	}
	if hits < n*25/100 || hits > n*35/100 {
		t.Errorf("%d hits of %d, want about 30 %%", hits, n)
	}
	if sandbox.Mix(0) != nil {
		t.Error("a share of 0 must be no faults")
	}
}

func TestFaultsOnTheWire(t *testing.T) {
	for _, test := range []struct {
		name    string
		fault   sandbox.Fault
		counted bool
		check   func(t *testing.T, body string, err error)
	}{
		{"reset before", sandbox.Fault{Kind: sandbox.FaultResetBefore}, false, isReset},
		{"reset before, of a device", sandbox.Fault{Kind: sandbox.FaultResetBefore, Device: "gps_adid=d1"}, false, isReset},
		{"reset after", sandbox.Fault{Kind: sandbox.FaultResetAfter}, false, isReset},
		{"reset after, processed", sandbox.Fault{Kind: sandbox.FaultResetAfter, Processed: true}, true, isReset},
		{"garbage", sandbox.Fault{Kind: sandbox.FaultGarbage, Processed: true}, true, func(t *testing.T, _ string, err error) {
			t.Helper()
			if err == nil || !strings.Contains(err.Error(), "malformed") {
				t.Errorf("error %v", err)
			}
		}},
		{"truncated", sandbox.Fault{Kind: sandbox.FaultTruncated, Processed: true}, true, func(t *testing.T, body string, err error) {
			t.Helper()
			if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(body, `{"app_token":`) {
				t.Errorf("%q, error %v", body, err)
			}
		}},
		{"huge", sandbox.Fault{Kind: sandbox.FaultHuge, Bytes: 3<<20 + 1}, false, func(t *testing.T, body string, err error) {
			t.Helper()
			if err != nil || len(body) != 3<<20+1 {
				t.Errorf("%d bytes, error %v", len(body), err)
			}
		}},
		{"slow", sandbox.Fault{Kind: sandbox.FaultSlow, DelayMS: 20}, true, func(t *testing.T, body string, err error) {
			t.Helper()
			if err != nil || !strings.Contains(body, "Install tracked") {
				t.Errorf("%q, error %v", body, err)
			}
		}},
		{"silent", sandbox.Fault{Kind: sandbox.FaultSilent, Processed: true}, true, func(t *testing.T, _ string, err error) {
			t.Helper()
			if err == nil || !strings.Contains(err.Error(), "timeout awaiting response headers") {
				t.Errorf("error %v", err)
			}
		}},
		{"late status", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, DelayMS: 20}, false, func(t *testing.T, body string, err error) {
			t.Helper()
			if err != nil || body != "" {
				t.Errorf("%q, error %v", body, err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, sandbox.Config{Faults: []sandbox.Fault{test.fault}})
			c := client(t, time.Minute)
			if test.fault.Kind == sandbox.FaultSilent {
				// Counted from when the request was written, so that it arrives however late.
				c.Transport.(*http.Transport).ResponseHeaderTimeout = 100 * time.Millisecond
			}
			_, body, err := send(t, c, s.URL+"/session", params())
			test.check(t, body, err)
			tick := time.NewTicker(time.Millisecond)
			defer tick.Stop()
			for len(s.Requests()) == 0 {
				<-tick.C
			}
			requests := s.Requests()
			if len(requests) != 1 || requests[0].Fault != string(test.fault.Kind) && test.fault.Kind != sandbox.FaultStatus || requests[0].Counted != test.counted {
				t.Errorf("recorded %+v", requests)
			}
			if _, known := s.Device(app(), "gps_adid=d1"); known != test.counted {
				t.Errorf("device known %v, want %v", known, test.counted)
			}
		})
	}
}

func isReset(t *testing.T, _ string, err error) {
	t.Helper()
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) && !errors.Is(err, syscall.EPIPE) {
		t.Errorf("error %v, want a reset", err)
	}
}

// Closing must end what is delayed or withheld; goleak sees what it leaves.
func TestCloseEndsWithheldAnswers(t *testing.T) {
	s := start(t, sandbox.Config{Faults: []sandbox.Fault{
		{Kind: sandbox.FaultSilent, Path: "/event"}, {Kind: sandbox.FaultSlow, DelayMS: 3_600_000},
	}})
	var all sync.WaitGroup
	c := client(t, time.Minute)
	for _, path := range []string{"/event", "/session"} {
		all.Go(func() {
			if _, _, err := send(t, c, s.URL+path, params()); err == nil {
				t.Errorf("%s was answered", path)
			}
		})
	}
	arrived := time.NewTicker(time.Millisecond)
	defer arrived.Stop()
	for len(s.Requests()) < 2 {
		<-arrived.C
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	if err := s.Close(); err != nil {
		t.Error("second close:", err)
	}
}

func TestDelaysPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, sandbox.Config{Pace: sandbox.Pace{Latency: sandbox.Latency{Least: 10 * time.Second}}, Faults: []sandbox.Fault{{Kind: sandbox.FaultSlow, DelayMS: 90_000}}})
		from := time.Now()
		status, body := post(s, "/session", params())
		if status != 200 || time.Since(from) != 100*time.Second {
			t.Errorf("%d %s after %s", status, body, time.Since(from))
		}
	})
}

func TestSetFaultsRefuses(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	if err := s.SetFaults(sandbox.Fault{Kind: sandbox.FaultHTML}); err != nil {
		t.Fatal(err)
	}
	for _, f := range []sandbox.Fault{
		{},
		{Kind: "hiccup"},
		{Kind: sandbox.FaultStatus},
		{Kind: sandbox.FaultStatus, Status: 99},
		{Kind: sandbox.FaultHTML, Probability: 2},
		{Kind: sandbox.FaultHTML, Count: -1},
		{Kind: sandbox.FaultStatus, Status: 500, Processed: true},
	} {
		if err := s.SetFaults(sandbox.Fault{Kind: sandbox.FaultHTML}, f); err == nil || !strings.HasPrefix(err.Error(), "fault 2: ") {
			t.Errorf("%+v: error %v", f, err)
		}
	}
	if got := s.Faults(); len(got) != 1 {
		t.Errorf("a refused call changed the faults to %+v", got)
	}
}
