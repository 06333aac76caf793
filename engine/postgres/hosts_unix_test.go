//go:build unix

package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

const (
	hostLease   = 2 * time.Second
	hostAttempt = time.Second
)

// runHost is a host of [TestHosts], a process of its own: it takes packages in over HTTP, sends them to the test, and tells it
// what its listener hears.
func runHost(database, test string) error {
	store, err := postgres.Open(context.Background(), postgres.Config{URL: database, Lease: hostLease, Attempt: hostAttempt})
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: hostAttempt / 2}
	eng, err := engine.New(engine.Config{Store: store, Deliverer: poster{client, test}, Schedule: engine.Schedule{
		Default: engine.Backoff{Base: 50 * time.Millisecond, Max: 200 * time.Millisecond},
	}})
	if err != nil {
		return err
	}
	failed, closed := make(chan error, 3), make(chan error, 1)
	go func() { failed <- eng.Run(context.Background()) }()
	go func() { failed <- eng.Listen(context.Background(), teller{client, test}) }()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	door := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := packageOf(r.FormValue("id"), r.FormValue("device"))
		p.Created = time.Time{}
		if err := eng.Track(r.Context(), p); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})}
	go func() { failed <- door.Serve(listener) }()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the end of the test, or its wish
		_, err := eng.Close()
		closed <- err
	}()
	select {
	case err := <-closed:
		return err
	case err := <-failed:
		if err != nil {
			return err
		}
		return <-closed // Close has ended it
	}
}

// poster sends packages to the test.
type poster struct {
	client *http.Client
	to     string
}

func (p poster) Deliver(ctx context.Context, d engine.Delivery) engine.Response {
	form := url.Values{"id": {d.Package.ID}, "device": {d.Package.Params["external_device_id"]}, "created": {strconv.FormatInt(d.Package.Created.UnixNano(), 10)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.to+"/event", strings.NewReader(form.Encode()))
	if err != nil {
		return engine.Response{Outcome: engine.Rejected, Message: err.Error(), At: time.Now()}
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := p.client.Do(request)
	if err != nil {
		return engine.Response{Outcome: engine.Retry, Message: err.Error(), Ambiguous: true, At: time.Now()}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return engine.Response{Outcome: engine.Retry, Status: answer.StatusCode, At: time.Now()}
	}
	return engine.Response{Outcome: engine.Delivered, Status: answer.StatusCode, At: time.Now()}
}

// teller tells the test what a listener hears.
type teller struct {
	client *http.Client
	to     string
}

func (teller) Name() string { return "teller" }

func (l teller) Handle(ctx context.Context, responses []engine.Response) (int, error) {
	form := url.Values{}
	for i := range responses {
		form.Add("seq", strconv.FormatUint(responses[i].Seq, 10))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.to+"/heard", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := l.client.Do(request)
	if err != nil {
		return 0, err
	}
	return len(responses), answer.Body.Close()
}

// hostProcess is a host that runs.
type hostProcess struct {
	t       *testing.T
	args    []string
	mu      sync.Mutex
	command *exec.Cmd // guarded by mu
	door    string    // guarded by mu
	stdin   io.Closer // guarded by mu
}

func (h *hostProcess) start() {
	h.t.Helper()
	c := exec.CommandContext(context.Background(), os.Args[0])
	c.Env = append(os.Environ(), "TRACKHOOK_TEST_HOST="+strings.Join(h.args, " "))
	c.Stderr = os.Stderr
	stdin, err := c.StdinPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		h.t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		h.t.Fatalf("a host does not start: %v", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.command, h.door, h.stdin = c, "http://"+strings.TrimSpace(address), stdin
}

func (h *hostProcess) signal(what syscall.Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.command.Process.Signal(what)
	if what == syscall.SIGKILL {
		_ = h.command.Wait()
	}
}

// end closes a host and waits for it. One that does not end tells what it does instead.
func (h *hostProcess) end() {
	h.mu.Lock()
	c, stdin := h.command, h.stdin
	h.mu.Unlock()
	_ = stdin.Close()
	late := time.AfterFunc(20*time.Second, func() {
		h.t.Error("a host does not end")
		_ = c.Process.Signal(syscall.SIGQUIT)
	})
	defer late.Stop()
	_ = c.Wait()
}

func (h *hostProcess) address() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.door
}

// TestHosts runs three hosts as processes on one database, under load: one is killed, one is stopped for longer than its lease
// and goes on, one ends cleanly, and the database is killed. Nothing that was acknowledged is lost, the order of each device
// holds, every response is heard, and only what was in flight arrives twice.
func TestHosts(t *testing.T) {
	if os.Getenv("TRACKHOOK_LONG") == "" {
		t.Skip("takes a minute: TRACKHOOK_LONG is not set")
	}
	server := pgtest.Start(t)
	seen := &witness{last: map[string]int{}, stamp: map[string]int64{}, at: map[string]time.Time{}, heard: map[uint64]bool{}}
	test := httptest.NewServer(seen)
	defer test.Close()
	var hosts []*hostProcess
	for range 3 {
		h := &hostProcess{t: t, args: []string{server.URL(), test.URL}}
		h.start()
		defer h.end()
		hosts = append(hosts, h)
	}
	load := startLoad(t, hosts)
	seen.grow(t, 200)

	before := time.Now()
	hosts[0].signal(syscall.SIGKILL)
	t.Logf("killed a host: the longest rest of a device until all had gone on: %s", seen.dead(t, before))
	hosts[0].start()
	seen.grow(t, 200)

	hosts[1].signal(syscall.SIGSTOP)
	engine.Wait(t.Context(), 2*hostLease)
	hosts[1].signal(syscall.SIGCONT)
	seen.grow(t, 200)

	before = time.Now()
	hosts[2].end()
	t.Logf("ended a host: the longest rest of a device until all had gone on: %s", seen.dead(t, before))
	hosts[2].start()
	seen.grow(t, 200)

	server.Kill()
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	seen.grow(t, 200)

	accepted := load()
	store, err := postgres.Open(t.Context(), postgres.Config{URL: server.URL(), Lease: hostLease, Attempt: hostAttempt})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	// This store is a host, too, and sends nothing: it gives what it owns back at once.
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	seen.check(ctx, t, accepted)
	for ctx.Err() == nil {
		last, err := store.Last(ctx)
		seen.mu.Lock()
		heard := uint64(len(seen.heard))
		seen.mu.Unlock()
		if err == nil && heard == last {
			break
		}
		engine.Wait(ctx, 50*time.Millisecond)
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	last, err := store.Last(t.Context())
	if err != nil || uint64(len(seen.heard)) != last {
		t.Errorf("%d of %d responses were heard (%v)", len(seen.heard), last, err)
	}
	for _, wrong := range seen.wrong {
		t.Error(wrong)
	}
	total := 0
	for _, n := range seen.last {
		total += n
	}
	t.Logf("%d packages, %d attempts of what had arrived before, %d responses heard, %d again", total, seen.again, last, seen.reheard)
}
