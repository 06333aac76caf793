package disk

import "testing"

// Requests wake the writer when it is idle, and when as many wait as it waits for: not one by one.
func TestInboxWakesTheWriterOnce(t *testing.T) {
	t.Parallel()
	in := newInbox()
	woken := func(when string, want bool) {
		t.Helper()
		got := false
		select {
		case <-in.wake:
			got = true
		default:
		}
		if got != want {
			t.Errorf("woken %s: %v, want %v", when, got, want)
		}
	}
	idle := func(when string, wantReady bool, requests int) {
		t.Helper()
		if ready, _ := in.ready(); ready != wantReady {
			t.Errorf("ready %s: %v, want %v", when, ready, wantReady)
		}
		if !wantReady {
			return
		}
		if taken, _ := in.take(); len(taken) != requests {
			t.Errorf("%d requests were taken %s, want %d", len(taken), when, requests)
		}
	}
	in.add(&barrier{})
	woken("by the first", true)
	idle("with the first", true, 1)
	in.begun()
	in.add(&barrier{})
	woken("while nobody knew of more", true)
	idle("before the first has its answer", false, 0)
	in.add(&barrier{})
	woken("before the first has its answer", false)
	in.answered(1, 0)
	woken("by the answer to the first", true)
	idle("with two, and one that may come again", false, 0)
	in.add(&barrier{})
	woken("by as many as are waited for", true)
	idle("with as many as are waited for", true, 3)
	in.begun()
	in.answered(3, 0)
	woken("by an answer when nothing waits", false)
	idle("when nothing waits", true, 0)
	in.add(&barrier{})
	woken("when it is idle again", true)
}
