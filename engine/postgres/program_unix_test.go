//go:build unix

package postgres_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestProgram runs three hosts of the example for clusters on one database, as processes, takes packages in at all of them, and kills
// one that runs a plugin meanwhile: every package that was accepted is counted by the server, in the order of its device, and heard by
// the plugin; then the database is killed and started again.
func TestProgram(t *testing.T) {
	server := pgtest.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	folder := t.TempDir()
	binary := buildProgram(t)
	example := filepath.Join("..", "..", "examples", "cluster")
	text, err := os.ReadFile(filepath.Join(example, "trackhook.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	adjust := newCounting(t)
	settings := strings.NewReplacer("lease: 10s", "lease: 2s", "plugins_dir: plugins\n", "", "http://127.0.0.1:8788", adjust.url).Replace(string(text))
	file := filepath.Join(folder, "trackhook.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	var hosts []*program
	for _, name := range []string{"one", "two", "three"} {
		hosts = append(hosts, startProgram(ctx, t, binary, server.URL(), "--config", file, "--name", name, "--plugins", filepath.Join(example, "plugins"),
			"--listen", "127.0.0.1:0", "--attempt-timeout", "2s", "--retry-base", "50ms", "--retry-max", "200ms", "--log-format", "json"))
	}
	sent := &sending{hosts: hosts}
	sent.devices(ctx, t, "a")
	hosts[0].kill(t) // it runs the plugin, because it was the first
	sent.devices(ctx, t, "b")
	server.Kill()
	if status := post(ctx, hosts[1].address+"/event", url.Values{"external_device_id": {"away"}, "event_token": {"abc123"}}, "away"); status != http.StatusServiceUnavailable {
		t.Errorf("without the database, the answer has status %d", status)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	sent.devices(ctx, t, "c")
	sent.await(ctx, t, "counted", adjust.missing)
	sent.await(ctx, t, "heard", func(all []string) int {
		missing := 0
		for _, id := range all {
			if !heard(hosts, id) {
				missing++
			}
		}
		return missing
	})
	if wrong := adjust.disorder(); wrong != "" {
		t.Error(wrong)
	}
	t.Logf("%d events were accepted, and %d counted more than once", len(sent.all), adjust.repeated())
	for _, h := range hosts[1:] {
		h.stop(t)
	}
}

// counting plays the server, and keeps the events of each device in the order in which they first came.
type counting struct {
	url string

	mu     sync.Mutex
	counts map[string]int      // by callback id
	order  map[string][]string // by device
}

func newCounting(t *testing.T) *counting {
	t.Helper()
	c := &counting{counts: map[string]int{}, order: map[string][]string{}}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		if id, device := r.Form.Get("n"), r.Form.Get("external_device_id"); id != "" {
			c.mu.Lock()
			if c.counts[id]++; c.counts[id] == 1 {
				c.order[device] = append(c.order[device], id)
			}
			c.mu.Unlock()
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":"OK","message":"OK","adid":"0123456789abcdef0123456789abcdef","app_token":"abc123def456"}`)
	}))
	t.Cleanup(s.Close)
	c.url = s.URL
	return c
}

func (c *counting) missing(all []string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	missing := 0
	for _, id := range all {
		if c.counts[id] == 0 {
			missing++
		}
	}
	return missing
}

func (c *counting) repeated() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	repeated := 0
	for _, n := range c.counts {
		if n > 1 {
			repeated++
		}
	}
	return repeated
}

// disorder says which device has events that came before earlier ones.
func (c *counting) disorder() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for device, ids := range c.order {
		for i := 1; i < len(ids); i++ {
			if ids[i] < ids[i-1] {
				return fmt.Sprintf("events of %s came as %v", device, ids)
			}
		}
	}
	return ""
}

// sending hands packages to hosts that live, as a load balancer does.
type sending struct {
	hosts []*program

	mu  sync.Mutex
	all []string // that were accepted
}

// devices sends events of ten new devices, one after the other of each, at whichever host takes them.
func (s *sending) devices(ctx context.Context, t *testing.T, wave string) {
	t.Helper()
	var senders sync.WaitGroup
	for d := range 10 {
		senders.Go(func() {
			device := fmt.Sprint(wave, d)
			for n := range 12 {
				path, id := "/event", fmt.Sprintf("%s-%02d", device, n)
				about := url.Values{"external_device_id": {device}, "event_token": {"abc123"}, "event_callback_id": {id}, "n": {id}}
				if n == 0 {
					path, about = "/session", url.Values{"external_device_id": {device}}
				}
				for try := d + n; ctx.Err() == nil; try++ {
					if post(ctx, s.hosts[try%len(s.hosts)].address+path, about, id) == http.StatusOK {
						break
					}
					engine.Wait(ctx, 20*time.Millisecond)
				}
				if n > 0 {
					s.mu.Lock()
					s.all = append(s.all, id)
					s.mu.Unlock()
				}
			}
		})
	}
	senders.Wait()
}

// await waits until nothing is missing.
func (s *sending) await(ctx context.Context, t *testing.T, what string, missing func([]string) int) {
	t.Helper()
	for missing(s.all) > 0 {
		if engine.Wait(ctx, 50*time.Millisecond); ctx.Err() != nil {
			for _, h := range s.hosts {
				t.Log(h.text())
			}
			t.Fatalf("%d of %d events were not %s", missing(s.all), len(s.all), what)
		}
	}
}

func post(ctx context.Context, address string, about url.Values, key string) (status int) {
	about.Set("s2s", "1")
	about.Set("app_token", "abc123def456")
	about.Set("environment", "sandbox")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(about.Encode()))
	if err != nil {
		return 0
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Idempotency-Key", key)
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode
}

// program is a host as a process.
type program struct {
	cmd     *exec.Cmd
	address string
	exited  chan struct{}

	mu    sync.Mutex
	lines []string
}

func startProgram(ctx context.Context, t *testing.T, binary, database string, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(binary, append([]string{"run"}, args...)...), exited: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "DATABASE_URL="+database)
	out, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := make(chan string, 1)
	go func() {
		defer close(p.exited)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var line struct{ Message, URL string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && strings.HasPrefix(line.Message, "listening") {
				listening <- line.URL
			}
			p.mu.Lock()
			p.lines = append(p.lines, lines.Text())
			p.mu.Unlock()
		}
		_ = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.exited
	})
	select {
	case p.address = <-listening:
	case <-p.exited:
		t.Fatalf("the host has ended:\n%s", p.text())
	case <-ctx.Done():
		t.Fatalf("the host does not listen:\n%s", p.text())
	}
	return p
}

func (p *program) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n")
}

func (p *program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	<-p.exited
}

func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	<-p.exited
	if !p.cmd.ProcessState.Success() {
		t.Errorf("a host ended with %v:\n%s", p.cmd.ProcessState, p.text())
	}
}

// heard tells whether a plugin has heard of an event, at any host.
func heard(hosts []*program, id string) bool {
	for _, h := range hosts {
		if strings.Contains(h.text(), "heard "+id+",") {
			return true
		}
	}
	return false
}
