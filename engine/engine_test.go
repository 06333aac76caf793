package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// deliverer answers with what answer returns, and remembers the attempts.
type deliverer struct {
	mu       sync.Mutex
	attempts []engine.Delivery
	times    []time.Time
	answer   func(ctx context.Context, d engine.Delivery) engine.Response
}

func (d *deliverer) Deliver(ctx context.Context, delivery engine.Delivery) engine.Response {
	d.mu.Lock()
	d.attempts = append(d.attempts, delivery)
	d.times = append(d.times, time.Now())
	d.mu.Unlock()
	if d.answer == nil {
		return engine.Response{Outcome: engine.Delivered}
	}
	return d.answer(ctx, delivery)
}

func (d *deliverer) ids() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ids []string
	for _, a := range d.attempts {
		ids = append(ids, a.Package.ID)
	}
	return ids
}

// recorder is a listener that keeps what it hears.
type recorder struct {
	name   string
	handle func([]engine.Response) (int, error)
	heard  []engine.Response
}

func (r *recorder) Name() string { return r.name }

func (r *recorder) Handle(_ context.Context, responses []engine.Response) (int, error) {
	n, err := len(responses), error(nil)
	if r.handle != nil {
		n, err = r.handle(responses)
	}
	r.heard = append(r.heard, responses[:n]...)
	return n, err
}

// start makes an engine and runs it until the test's bubble ends.
func start(t *testing.T, cfg engine.Config) *engine.Engine {
	t.Helper()
	if cfg.Store == nil {
		cfg.Store = memory.New()
	}
	e, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- e.Run(context.Background()) }()
	synctest.Wait()
	t.Cleanup(func() {
		_, err := e.Close()
		if err := errors.Join(err, <-ran); err != nil {
			t.Error(err)
		}
	})
	return e
}

func pkg(id, device string) engine.Package {
	p := event("gps_adid", device)
	p.ID = id
	return p
}

func TestOrderWithinADeviceAndNoWaitBetweenDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if d.Package.ID == "a1" && d.Attempt < 3 {
				return engine.Response{Outcome: engine.Retry}
			}
			return engine.Response{Outcome: engine.Delivered}
		}}
		e := start(t, engine.Config{Deliverer: d})
		if err := e.Track(t.Context(), pkg("a1", "a"), pkg("a2", "a"), pkg("b1", "b")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := d.ids(); len(got) != 2 || !slices.Contains(got, "b1") {
			t.Errorf("at first %v were sent, want a1 and b1", got)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		got := slices.DeleteFunc(d.ids(), func(id string) bool { return id == "b1" })
		if want := []string{"a1", "a1", "a1", "a2"}; !slices.Equal(got, want) {
			t.Errorf("device a was sent %v, want %v", got, want)
		}
		if wait := d.times[len(d.times)-2].Sub(d.times[0]); wait < 3*time.Minute || wait > 6*time.Minute {
			t.Errorf("the third attempt came after %v, want the SDK's 3 to 6 minutes", wait)
		}
	})
}

func TestListenerHearsEveryAttemptOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if d.Attempt < 3 {
				return engine.Response{Outcome: engine.Retry, Message: "no", RetryIn: time.Second}
			}
			return engine.Response{Outcome: engine.Delivered}
		}}
		e := start(t, engine.Config{Deliverer: d})
		// It takes one at a time, and fails now and then.
		calls := 0
		r := &recorder{name: "r", handle: func([]engine.Response) (int, error) {
			if calls++; calls%3 == 0 {
				return 0, errors.New("not now")
			}
			return 1, nil
		}}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		var want []string
		for i := range 10 {
			id := fmt.Sprint("p", i)
			want = append(want, id)
			if err := e.Track(t.Context(), pkg(id, "a")); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(r.heard) != 30 {
			t.Fatalf("heard %d responses, want 30", len(r.heard))
		}
		for i, resp := range r.heard {
			last := i%3 == 2
			if resp.Seq != uint64(i+1) || resp.Package.ID != want[i/3] || resp.Attempt != i%3+1 || resp.WillRetry == last || resp.NextAttempt.IsZero() != last {
				t.Errorf("response %d is %+v", i, resp)
			}
		}
	})
}

func TestADIDComesFromTheLastAcceptedSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			r := engine.Response{Outcome: engine.Delivered}
			if d.Package.Kind == engine.KindSession {
				r.ADID = "adid-1"
			}
			return r
		}}
		e := start(t, engine.Config{Deliverer: d})
		r := &recorder{name: "r"}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		session := pkg("s1", "a")
		session.Kind = engine.KindSession
		if err := e.Track(t.Context(), pkg("e1", "a"), session, pkg("e2", "a")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		var adids []string
		for _, resp := range r.heard {
			adids = append(adids, resp.ADID)
		}
		if want := []string{"", "adid-1", "adid-1"}; !slices.Equal(adids, want) {
			t.Errorf("adids are %q, want %q", adids, want)
		}
		if last := d.attempts[2]; last.Device.ADID != "adid-1" || last.Device.Session.IsZero() {
			t.Errorf("the deliverer was told %+v of the device", last.Device)
		}
	})
}

func TestWaitsAndBlocksAreRepeatsAfterTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		outcomes := []engine.Outcome{engine.WaitForDevice, engine.WaitForDevice, engine.Blocked, engine.Blocked, engine.Retry, engine.Retry, engine.WaitForDevice, engine.Delivered}
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			return engine.Response{Outcome: outcomes[d.Attempt-1]}
		}}
		e := start(t, engine.Config{Deliverer: d})
		r := &recorder{name: "r"}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		if err := e.Track(t.Context(), pkg("e1", "a")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		var repeats []bool
		for _, resp := range r.heard {
			repeats = append(repeats, resp.Repeat)
		}
		if want := []bool{false, true, false, true, false, false, false, false}; !slices.Equal(repeats, want) {
			t.Errorf("repeats are %v, want %v", repeats, want)
		}
	})
}

func TestTooOldIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, d := memory.New(), &deliverer{}
		e := start(t, engine.Config{Store: store, Deliverer: d})
		r := &recorder{name: "r"}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		// It became too old while it waited; see TestTrackRefusesWhatIsTooOld.
		old := pkg("old", "a")
		old.Created = time.Now().AddDate(0, 0, -59)
		if err := errors.Join(store.Append(t.Context(), old), e.Track(t.Context(), pkg("new", "a"))); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := d.ids(); !slices.Equal(got, []string{"new"}) {
			t.Errorf("sent %v", got)
		}
		if len(r.heard) != 2 || r.heard[0].Outcome != engine.Expired || r.heard[0].WillRetry || r.heard[0].Attempt != 0 {
			t.Errorf("heard %+v", r.heard)
		}
		if dead := store.Dead(); len(dead) != 1 || dead[0].ID != "old" {
			t.Errorf("dead letters are %v", dead)
		}
	})
}

// What would be a dead letter at once is refused while its sender can still hear of it.
func TestTrackRefusesWhatIsTooOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memory.New()
		e := start(t, engine.Config{Store: store, Deliverer: &deliverer{}, Schedule: engine.Schedule{AdRevenueAge: 10 * 24 * time.Hour}})
		for _, row := range []struct {
			kind  engine.Kind
			days  int
			taken bool
		}{
			{engine.KindEvent, 57, true},
			{engine.KindEvent, 59, false},
			{engine.KindAdRevenue, 9, true},
			{engine.KindAdRevenue, 11, false},
			{engine.KindSession, 3000, true},
		} {
			p := pkg("", "a")
			p.Kind, p.Created = row.kind, time.Now().AddDate(0, 0, -row.days)
			if row.kind == engine.KindAdRevenue {
				p.Params = map[string]string{"gps_adid": "a", "revenue": "1", "currency": "EUR", "source": "publisher", "ad_impressions_count": "1"}
			}
			err := e.Track(t.Context(), pkg("", "b"), p)
			refused, ok := errors.AsType[*engine.RefusedError](err)
			if row.taken != (err == nil) || ok && (refused.Index != 1 || refused.Field != "created_at_unix") {
				t.Errorf("%s of %d days: %v", row.kind, row.days, err)
			}
		}
	})
}

func TestTrackRefusesAllOrNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := start(t, engine.Config{Deliverer: &deliverer{}})
		bad := pkg("b", "a")
		bad.Params["event_token"] = ""
		err := e.Track(t.Context(), pkg("a", "a"), bad)
		refused, ok := errors.AsType[*engine.RefusedError](err)
		if !ok || refused.Index != 1 || !strings.HasPrefix(err.Error(), "Invalid event token: ") {
			t.Errorf("got %v", err)
		}
		stats, err := e.Stats(t.Context())
		if err != nil || stats.Queued+stats.Last != 0 {
			t.Errorf("stored %+v (%v)", stats, err)
		}
	})
}

func TestShutdownFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(ctx context.Context, _ engine.Delivery) engine.Response {
			select {
			case <-ctx.Done():
				return engine.Response{Outcome: engine.Retry, Message: "cut", Ambiguous: true}
			case <-time.After(10 * time.Second):
				return engine.Response{Outcome: engine.Delivered}
			}
		}}
		for _, drain := range []time.Duration{time.Minute, time.Second} {
			store := memory.New()
			e, err := engine.New(engine.Config{Store: store, Deliverer: d, Drain: drain, InFlight: 2})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ran := make(chan error, 1)
			go func() { ran <- e.Run(ctx) }()
			if err := e.Track(t.Context(), pkg("a1", "a"), pkg("a2", "a"), pkg("b1", "b"), pkg("c1", "c")); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			begun := time.Now()
			cancel()
			if err := <-ran; err != nil {
				t.Error(err)
			}
			took, want := time.Since(begun), min(drain, 10*time.Second)
			if took != want {
				t.Errorf("with drain %v Run returned after %v, want %v", drain, took, want)
			}
			stats, err := e.Close()
			wantQueued := uint64(4)
			if drain > 10*time.Second {
				wantQueued = 2
			}
			if err != nil || stats.Queued != wantQueued || stats.Last != 2 {
				t.Errorf("with drain %v the store holds %+v (%v), want %d queued and 2 responses", drain, stats, err, wantQueued)
			}
		}
	})
}

func TestClosedEngineTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := engine.New(engine.Config{Store: memory.New(), Deliverer: &deliverer{}})
		if err != nil {
			t.Fatal(err)
		}
		listening := make(chan error, 1)
		go func() { listening <- e.Listen(context.Background(), &recorder{name: "r"}) }()
		synctest.Wait()
		for range 2 {
			if _, err := e.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := <-listening; err != nil {
			t.Errorf("Listen returned %v", err)
		}
		for name, err := range map[string]error{
			"track":  e.Track(t.Context(), pkg("a", "a")),
			"run":    e.Run(t.Context()),
			"listen": e.Listen(t.Context(), &recorder{name: "r"}),
		} {
			if !errors.Is(err, engine.ErrClosed) {
				t.Errorf("%s returned %v, want ErrClosed", name, err)
			}
		}
	})
}

func TestOnlyOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := start(t, engine.Config{Deliverer: &deliverer{}})
		synctest.Wait()
		if err := e.Run(t.Context()); err == nil {
			t.Error("a second Run started")
		}
	})
}

func TestDelivererMayPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{answer: func(_ context.Context, d engine.Delivery) engine.Response {
			if d.Attempt == 1 {
				panic("oh no")
			}
			return engine.Response{Outcome: engine.Delivered}
		}}
		e := start(t, engine.Config{Deliverer: d})
		if err := e.Track(t.Context(), pkg("a", "a")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := d.ids(); !slices.Equal(got, []string{"a", "a"}) {
			t.Errorf("attempts were %v", got)
		}
	})
}

// sickStore fails its first calls of Settle and Lease.
type sickStore struct {
	*memory.Store
	settles, leases int
}

func (s *sickStore) Settle(ctx context.Context, all ...engine.Settlement) error {
	if s.settles++; s.settles <= 3 {
		return errors.New("disk is full")
	}
	return s.Store.Settle(ctx, all...)
}

func (s *sickStore) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	if s.leases++; s.leases <= 2 {
		return nil, errors.New("cannot read")
	}
	return s.Store.Lease(ctx, limit)
}

func TestSickStorePausesTheSendingAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, d := &sickStore{Store: memory.New()}, &deliverer{}
		e := start(t, engine.Config{Store: store, Deliverer: d})
		if err := e.Track(t.Context(), pkg("a1", "a"), pkg("a2", "a")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := d.ids(); !slices.Equal(got, []string{"a1", "a2"}) {
			t.Errorf("attempts were %v, want each once", got)
		}
		stats, err := e.Stats(t.Context())
		if err != nil || stats.Queued != 0 || stats.Last != 2 || stats.Leased != 0 {
			t.Errorf("the store holds %+v (%v)", stats, err)
		}
	})
}

func TestListenerThatTracksDoesNotDeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deliverer{}
		e := start(t, engine.Config{Deliverer: d, InFlight: 1})
		r := &recorder{name: "r"}
		r.handle = func(responses []engine.Response) (int, error) {
			if seq := responses[0].Seq; seq < 200 {
				if err := e.Track(t.Context(), pkg(fmt.Sprint("p", seq), "a")); err != nil {
					t.Error(err)
				}
			}
			return 1, nil
		}
		go e.Listen(context.Background(), r)
		synctest.Wait()
		if err := e.Track(t.Context(), pkg("p", "a")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := len(d.ids()); got != 200 {
			t.Errorf("%d attempts, want 200", got)
		}
	})
}

func TestNewChecksItsConfig(t *testing.T) {
	store, d := memory.New(), &deliverer{}
	for name, cfg := range map[string]engine.Config{
		"no store":          {Deliverer: d},
		"no deliverer":      {Store: store},
		"negative InFlight": {Store: store, Deliverer: d, InFlight: -1},
		"negative Drain":    {Store: store, Deliverer: d, Drain: -1},
		"max below base":    {Store: store, Deliverer: d, Schedule: engine.Schedule{Default: engine.Backoff{Base: 2, Max: 1}}},
		"jitter upside down": {Store: store, Deliverer: d, Schedule: engine.Schedule{
			Default: engine.Backoff{Base: 1, Max: 1, JitterMin: 2, JitterMax: 1},
		}},
		"negative age": {Store: store, Deliverer: d, Schedule: engine.Schedule{EventAge: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := engine.New(cfg); err == nil {
				t.Error("accepted")
			}
		})
	}
}
