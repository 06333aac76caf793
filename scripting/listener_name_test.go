package scripting_test

import (
	"context"
	"errors"
	"testing"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting"
)

// failingStore sets values left times, and then fails to.
type failingStore struct {
	*memory.Store
	left int
}

func (f *failingStore) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if f.left == 0 {
		return errors.New("disk on fire")
	}
	f.left--
	return f.Store.SetValues(ctx, space, pairs)
}

// unused delivers for an engine that sends nothing.
type unused struct{}

func (unused) Deliver(context.Context, engine.Delivery) engine.Response { return engine.Response{} }

// A plugin that is half forgotten is still listed, and can be forgotten again.
func TestForgetKeepsTheCursorUntilTheEnd(t *testing.T) {
	ctx := t.Context()
	store := &failingStore{Store: memory.New(), left: 2}
	e, err := engine.New(engine.Config{Store: store, Deliverer: unused{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Enroll(ctx, scripting.ListenerName("gone")); err != nil {
		t.Fatal(err)
	}
	spaces := []string{scripting.StoredSpace("gone"), scripting.SourceSpace("gone")}
	for _, space := range spaces {
		if err := store.SetValues(ctx, space, map[string][]byte{"a": []byte("1"), "b": []byte("2")}); err != nil {
			t.Fatal(err)
		}
	}
	for left := range 2 { // nothing, then the first of the two
		store.left = left
		err := scripting.Forget(ctx, e, "gone")
		cursors, _ := store.Cursors(ctx)
		if _, listed := cursors[scripting.ListenerName("gone")]; err == nil || errors.Is(err, engine.ErrNotFound) || !listed {
			t.Fatalf("with a disk that fails: %v; the cursors are %v", err, cursors)
		}
	}
	store.left = 2
	if err := scripting.Forget(ctx, e, "gone"); err != nil {
		t.Fatal(err)
	}
	for _, space := range spaces {
		if values, err := store.Values(ctx, space); err != nil || len(values) > 0 {
			t.Errorf("%s still has %v, %v", space, values, err)
		}
	}
	if err := scripting.Forget(ctx, e, "gone"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("forgotten again: %v", err)
	}
	// What an earlier version has left without a cursor.
	store.left = 2
	if err := store.SetValues(ctx, spaces[1], map[string][]byte{"a": []byte("1")}); err != nil {
		t.Fatal(err)
	}
	if err := scripting.Forget(ctx, e, "gone"); err != nil {
		t.Error(err)
	}
}

// Cursors of stores that exist have these names.
func TestListenerName(t *testing.T) {
	if got := scripting.ListenerName("daily"); got != "plugin/daily" {
		t.Errorf("the listener's name is %q", got)
	}
	for listener, want := range map[string]string{"plugin/daily": "daily", "plugin/a/b": "a/b", "printer": "", "plugins/daily": "", "": ""} {
		plugin, ok := scripting.ListeningPlugin(listener)
		if ok != (want != "") || ok && plugin != want {
			t.Errorf("%q is the listener of %q, %t; want %q", listener, plugin, ok, want)
		}
	}
}
