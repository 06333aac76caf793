package engine_test

import (
	"fmt"
	"sync"
	"testing"
	"time"
	"unsafe"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// setBack returns what the clock would have said had somebody set it by so much: another wall time, the same monotonic
// reading. Package time has no way to make one.
func setBack(t *testing.T, at time.Time, by time.Duration) time.Time {
	t.Helper()
	moved := at
	// With a monotonic reading, the first word of a Time holds seconds above 30 bits of nanoseconds.
	*(*uint64)(unsafe.Pointer(&moved)) -= uint64(by/time.Second) << 30
	if moved.Sub(at) != 0 || moved.Round(0).Sub(at.Round(0)) != -by {
		t.Skip("package time keeps its readings in another way; write setBack anew")
	}
	return moved
}

// A clock that is set back must not make events older than those before them, which the server would refuse. Not in a
// bubble: its clock has no monotonic reading.
func TestStampsStayInOrderWhenTheClockIsSetBack(t *testing.T) {
	store := memory.New()
	e, err := engine.New(engine.Config{Store: store, Deliverer: &deliverer{}})
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	at := func(after, back time.Duration) time.Time { return setBack(t, begun.Add(after), back) }
	client := begun.Add(-30 * time.Minute).Round(0)
	steps := []struct {
		name          string
		created, want time.Time
	}{
		{"as it is", at(0, 0), begun},
		{"an hour ahead", at(1*time.Second, -time.Hour), begun.Add(time.Hour + time.Second)},
		{"right again", at(2*time.Second, 0), begun.Add(time.Hour + time.Second)},
		{"an hour behind", at(3*time.Second, time.Hour), begun.Add(time.Hour + time.Second)},
		{"an hour behind, overtaken", at(3*time.Second-10*time.Millisecond, time.Hour), begun.Add(time.Hour + time.Second)},
		{"a client's", client, client},
		{"of the past, by this process", begun.Add(-5 * time.Minute), begun.Add(-5 * time.Minute)},
		{"right, later", at(2*time.Hour, 0), begun.Add(2 * time.Hour)},
		{"corrected by years", at(3*time.Hour, 3*365*24*time.Hour), begun.Add(3*time.Hour - 3*365*24*time.Hour)},
		{"and on from there", at(4*time.Hour, 3*365*24*time.Hour), begun.Add(4*time.Hour - 3*365*24*time.Hour)},
	}
	for _, step := range steps {
		p := pkg(step.name, "a")
		// The door refuses times that are more than a day ahead of the clock of the test.
		p.Created = step.created
		if err := e.Track(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	rows, _, err := store.Packages(t.Context(), engine.Filter{}, "", len(steps))
	if err != nil || len(rows) != len(steps) {
		t.Fatalf("%d packages (%v)", len(rows), err)
	}
	for i, row := range rows {
		if got := row.Package.Created; !got.Equal(steps[i].want) {
			t.Errorf("%s: created is %v, want %v", steps[i].name, got, steps[i].want.Round(0))
		}
		if got := row.Package.Created; got != got.Round(0) {
			t.Errorf("%s: created keeps the reading of the monotonic clock", steps[i].name)
		}
	}
	if _, err := e.Close(); err != nil {
		t.Error(err)
	}
}

// A clock that was set back while nothing ran.
func TestStampsStayInOrderFromStartToStart(t *testing.T) {
	store := memory.New()
	ahead := time.Now().Add(time.Hour).Round(0)
	first := pkg("first", "a")
	first.Created = ahead
	if err := store.Append(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	leases, err := store.Lease(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Settle(t.Context(), engine.Settlement{
		Lease: leases[0], Verdict: engine.Remove, Response: engine.Response{Package: first, Outcome: engine.Delivered, At: ahead},
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := engine.New(engine.Config{Store: store, Deliverer: &deliverer{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Track(t.Context(), pkg("second", "a")); err != nil {
		t.Fatal(err)
	}
	row, err := store.Package(t.Context(), "second")
	if err != nil || !row.Package.Created.Equal(ahead) {
		t.Errorf("created is %v (%v), want %v", row.Package.Created, err, ahead)
	}
	if _, err := e.Close(); err != nil {
		t.Error(err)
	}
}

// Several producers, who overtake each other, while the clock is 23 hours behind.
func TestStampsOfManyStayInOrderWhenTheClockIsSetBack(t *testing.T) {
	store := memory.New()
	e, err := engine.New(engine.Config{Store: store, Deliverer: &deliverer{}})
	if err != nil {
		t.Fatal(err)
	}
	first := pkg("first", "a")
	first.Created = time.Now()
	if err := e.Track(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	const producers, each = 8, 200
	var all sync.WaitGroup
	for producer := range producers {
		all.Go(func() {
			for i := range each {
				p := pkg(fmt.Sprint(producer, "-", i), "a")
				p.Created = setBack(t, time.Now(), 23*time.Hour)
				if err := e.Track(t.Context(), p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	rows, _, err := store.Packages(t.Context(), engine.Filter{}, "", producers*each+1)
	if err != nil || len(rows) != producers*each+1 {
		t.Fatalf("%d packages (%v)", len(rows), err)
	}
	for _, row := range rows {
		if row.Package.Created.Before(first.Created) {
			t.Errorf("%s: created is %v before the first", row.Package.ID, first.Created.Sub(row.Package.Created))
		}
	}
	if _, err := e.Close(); err != nil {
		t.Error(err)
	}
}
