//go:build unix

package postgres_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
)

// witness is the server that all hosts send to. It checks the order of each device as attempts arrive.
type witness struct {
	mu      sync.Mutex
	last    map[string]int       // the newest of each device; guarded by mu, with all below
	stamp   map[string]int64     // its time
	at      map[string]time.Time // when it arrived
	again   int                  // attempts of what had arrived before
	wrong   []string
	heard   map[uint64]bool
	reheard int
}

func (s *witness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/heard" {
		for _, text := range r.Form["seq"] {
			seq, _ := strconv.ParseUint(text, 10, 64)
			if s.heard[seq] {
				s.reheard++
			}
			s.heard[seq] = true
		}
		return
	}
	device := r.Form.Get("device")
	n, _ := strconv.Atoi(strings.TrimPrefix(r.Form.Get("id"), device+"-"))
	created, _ := strconv.ParseInt(r.Form.Get("created"), 10, 64)
	switch n {
	case s.last[device] + 1:
		if created < s.stamp[device] {
			s.wrong = append(s.wrong, fmt.Sprintf("%s-%d has an earlier time than the one before it", device, n))
		}
		s.last[device], s.stamp[device], s.at[device] = n, created, time.Now()
	case s.last[device]:
		s.again++
	default:
		s.wrong = append(s.wrong, fmt.Sprintf("%s-%d arrived after %d", device, n, s.last[device]))
	}
}

// grow waits until so many more packages have arrived.
func (s *witness) grow(t *testing.T, more int) {
	t.Helper()
	count := func() (n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, last := range s.last {
			n += last
		}
		return n
	}
	for goal, end := count()+more, time.Now().Add(time.Minute); count() < goal; {
		if time.Now().After(end) {
			t.Fatalf("%d of %d packages arrived", count(), goal)
		}
		engine.Wait(t.Context(), 10*time.Millisecond)
	}
}

// dead waits until something has arrived of each device since a moment, and returns how long the last took.
func (s *witness) dead(t *testing.T, since time.Time) time.Duration {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		s.mu.Lock()
		waiting := 0
		var longest time.Duration
		for _, at := range s.at {
			if at.Before(since) {
				waiting++
			}
			longest = max(longest, at.Sub(since))
		}
		s.mu.Unlock()
		if waiting == 0 {
			return time.Since(since)
		}
		if time.Now().After(end) {
			t.Fatalf("%d devices do not go on", waiting)
		}
		engine.Wait(t.Context(), 5*time.Millisecond)
	}
}

// check waits until everything has arrived that was accepted.
func (s *witness) check(ctx context.Context, t *testing.T, accepted map[string]int) {
	t.Helper()
	for {
		missing := 0
		s.mu.Lock()
		for device, n := range accepted {
			missing += max(n-s.last[device], 0)
		}
		s.mu.Unlock()
		if missing == 0 {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%d packages that were accepted have not arrived", missing)
		}
		engine.Wait(ctx, 20*time.Millisecond)
	}
}

// startLoad has packages of some devices accepted, each by any host, until the function that it returns is called, which
// tells how many of each device were.
func startLoad(t *testing.T, hosts []*hostProcess) (stop func() map[string]int) {
	t.Helper()
	const devices = 12
	ctx, cancel := context.WithCancel(context.Background())
	client := &http.Client{Timeout: time.Second}
	var producers sync.WaitGroup
	var mu sync.Mutex
	accepted := map[string]int{}
	for i := range devices {
		producers.Go(func() {
			device := fmt.Sprint("d", i)
			for n, at := 1, i; ctx.Err() == nil; at++ {
				form := url.Values{"id": {fmt.Sprint(device, "-", n)}, "device": {device}}
				answer, err := client.PostForm(hosts[at%len(hosts)].address()+"/event", form)
				if err != nil {
					engine.Wait(ctx, 10*time.Millisecond)
					continue // the same again, elsewhere
				}
				_ = answer.Body.Close()
				if answer.StatusCode == http.StatusOK {
					mu.Lock()
					accepted[device] = n
					mu.Unlock()
					n++
				}
				engine.Wait(ctx, 10*time.Millisecond)
			}
		})
	}
	return func() map[string]int {
		cancel()
		producers.Wait()
		client.CloseIdleConnections()
		return accepted
	}
}
