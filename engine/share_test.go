package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// runHost runs an engine on a host of a cluster until the test ends.
func runHost(t *testing.T, store engine.Store, deliverer engine.Deliverer) *engine.Engine {
	t.Helper()
	eng, err := engine.New(engine.Config{Store: store, Deliverer: deliverer, Schedule: engine.Schedule{
		Blocked: engine.Backoff{Base: time.Millisecond, Max: 2 * time.Millisecond},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- eng.Run(t.Context()) }()
	t.Cleanup(func() {
		if _, err := eng.Close(); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return eng
}

// hostServer answers the attempts of all hosts, and counts how many of a blocked app are in flight at once.
type hostServer struct {
	mu      sync.Mutex
	blocked bool // guarded by mu
	probes  int  // guarded by mu: attempts while it is blocked
	both    int  // guarded by mu: of these, those that were made while another host made one
	flying  int  // guarded by mu
	taken   chan string
}

func (s *hostServer) Deliver(_ context.Context, d engine.Delivery) engine.Response {
	s.mu.Lock()
	s.flying++
	blocked := s.blocked
	if blocked {
		if s.probes++; s.flying > 1 {
			s.both++
		}
	}
	s.mu.Unlock()
	if blocked {
		<-time.After(2 * time.Millisecond) // so that two at once would be seen
	}
	s.mu.Lock()
	s.flying--
	s.mu.Unlock()
	if blocked {
		return engine.Response{Outcome: engine.Blocked, Status: 401, Message: "no", At: time.Now()}
	}
	s.taken <- d.Package.ID
	return engine.Response{Outcome: engine.Delivered, Status: 200, At: time.Now()}
}

// TestOneHostProbes shows that a blocked app is probed by one of several hosts at a time, and that all resume.
func TestOneHostProbes(t *testing.T) {
	cluster := memory.NewCluster()
	server := &hostServer{blocked: true, taken: make(chan string, 100)}
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	// All hosts find when they begin that the app was blocked.
	first := cluster.Join("a")
	if err := first.SetValues(t.Context(), "engine/paused", map[string][]byte{app.String(): []byte("no")}); err != nil {
		t.Fatal(err)
	}
	hosts := []*memory.Host{first, cluster.Join("b"), cluster.Join("c")}
	const devices = 24
	for i := range devices {
		p := engine.Package{
			Kind: engine.KindEvent, App: app, Params: map[string]string{"external_device_id": string(rune('a' + i)), "event_token": "abc123"},
		}
		if err := p.Prepare(time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := hosts[i%3].Append(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	for _, host := range hosts {
		runHost(t, host, server)
	}
	for {
		server.mu.Lock()
		probes := server.probes
		server.mu.Unlock()
		if probes >= 20 {
			break
		}
		engine.Wait(t.Context(), time.Millisecond)
	}
	server.mu.Lock()
	server.blocked = false
	both := server.both
	server.mu.Unlock()
	if both > 0 {
		t.Errorf("%d probes were made while another host made one", both)
	}
	for range devices {
		<-server.taken
	}
}

// heardBy is a listener that tells who heard what.
type heardBy struct {
	host  string
	heard chan<- string
}

func (heardBy) Name() string { return "listener" }

func (l heardBy) Handle(_ context.Context, responses []engine.Response) (int, error) {
	l.heard <- l.host
	return 1, nil
}

// TestListenerMoves shows that a listener is called on one host at a time, and moves when that ends or is lost.
func TestListenerMoves(t *testing.T) {
	cluster := memory.NewCluster()
	heard := make(chan string, 100)
	stores := map[string]*memory.Host{}
	stop := map[string]func(){}
	for _, name := range []string{"a", "b"} {
		store := cluster.Join(name)
		stores[name] = store
		eng, err := engine.New(engine.Config{Store: store, Deliverer: &hostServer{taken: make(chan string, 100)}})
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- eng.Listen(t.Context(), heardBy{name, heard}) }()
		stop[name] = sync.OnceFunc(func() {
			if _, err := eng.Close(); err != nil {
				t.Error(err)
			}
			if err := <-ended; err != nil && !errors.Is(err, engine.ErrClosed) {
				t.Error(err)
			}
		})
		defer stop[name]()
		if err := store.WaitEnroll(t.Context(), "listener"); err != nil {
			t.Fatal(err)
		}
	}
	stores["a"].Log(engine.Response{Outcome: engine.Delivered}, engine.Response{Outcome: engine.Delivered})
	owner := <-heard
	if again := <-heard; again != owner {
		t.Errorf("%s heard the first response, and %s the second", owner, again)
	}
	if err := stores["a"].WaitCommit(t.Context(), "listener", 2); err != nil {
		t.Fatal(err)
	}
	other := map[string]string{"a": "b", "b": "a"}[owner]
	stop[owner]()
	last := stores[other].Log(engine.Response{Outcome: engine.Delivered})
	if got := <-heard; got != other {
		t.Errorf("%s heard it after it has ended", got)
	}
	if err := stores[other].WaitCommit(t.Context(), "listener", last); err != nil {
		t.Fatal(err)
	}
	// A host that was lost goes on when it is there again.
	cluster.Lose(stores[other])
	last = stores[other].Log(engine.Response{Outcome: engine.Delivered})
	<-heard
	if err := stores[other].WaitCommit(t.Context(), "listener", last); err != nil {
		t.Fatal(err)
	}
}

// TestLostAttempts shows that what was lost is not told of, and that the host goes on.
func TestLostAttempts(t *testing.T) {
	cluster := memory.NewCluster()
	store := cluster.Join("a")
	begun, over := make(chan struct{}), make(chan struct{})
	var told []string
	var mu sync.Mutex
	first := true
	eng, err := engine.New(engine.Config{
		Store: store,
		Deliverer: deliverFunc(func(engine.Delivery) engine.Response {
			mu.Lock()
			wait := first
			first = false
			mu.Unlock()
			if wait {
				close(begun)
				<-over
			}
			return engine.Response{Outcome: engine.Delivered, Status: 200, At: time.Now()}
		}),
		Hooks: engine.Hooks{Response: func(r *engine.Response) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, r.Package.ID)
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- eng.Run(t.Context()) }()
	p := engine.Package{
		ID: "1", Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Params: map[string]string{"external_device_id": "a", "event_token": "abc123"},
	}
	if err := eng.Track(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	<-begun
	cluster.Lose(store)
	if responses, err := store.Read(t.Context(), 0, 1); err != nil || responses[0].Attempt != 1 {
		t.Errorf("Read = %v, %v, want the attempt that was made again", responses, err)
	}
	close(over)
	if _, err := eng.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if len(told) != 1 {
		t.Errorf("told of %v, want one attempt", told)
	}
}

type deliverFunc func(engine.Delivery) engine.Response

func (f deliverFunc) Deliver(_ context.Context, d engine.Delivery) engine.Response { return f(d) }
