package main

import (
	"context"
	"errors"
	"testing"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting"
)

// fullStore fails its writers of values while left is 0, and counts it down else.
type fullStore struct {
	*memory.Store
	left int
}

func (f *fullStore) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if f.left == 0 {
		return errors.New("disk on fire")
	}
	f.left--
	return f.Store.SetValues(ctx, space, pairs)
}

// A plugin that was forgotten by half is still listed, and can be forgotten again.
func TestForgetKeepsTheCursorUntilTheEnd(t *testing.T) {
	ctx := t.Context()
	store := &fullStore{Store: memory.New(), left: 2}
	if _, err := store.Enroll(ctx, listenerPrefix+"gone"); err != nil {
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
		err := forgetKept(ctx, store, "gone")
		cursors, _ := store.Cursors(ctx)
		if _, listed := cursors[listenerPrefix+"gone"]; err == nil || errors.Is(err, engine.ErrNotFound) || !listed {
			t.Fatalf("with a disk that fails: %v; the cursors are %v", err, cursors)
		}
	}
	store.left = 2
	if err := forgetKept(ctx, store, "gone"); err != nil {
		t.Fatal(err)
	}
	for _, space := range spaces {
		if values, err := store.Values(ctx, space); err != nil || len(values) > 0 {
			t.Errorf("%s still has %v, %v", space, values, err)
		}
	}
	if err := forgetKept(ctx, store, "gone"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("forgotten again: %v", err)
	}
	// What an earlier version has left without a cursor.
	store.left = 2
	if err := store.SetValues(ctx, spaces[1], map[string][]byte{"a": []byte("1")}); err != nil {
		t.Fatal(err)
	}
	if err := forgetKept(ctx, store, "gone"); err != nil {
		t.Error(err)
	}
}
