package storage

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestDraftOfStorage(t *testing.T) {
	kept := mustOpenStorage(t, newMemoryValues())
	for _, key := range []string{"a", "b"} {
		if err := kept.Set(key, key); err != nil {
			t.Fatal(err)
		}
	}
	d := NewDraft(kept)
	d.Clear()
	if n := d.Size(); n != 0 {
		t.Errorf("%d items after clear", n)
	}
	if err := d.Set("b", "again"); err != nil {
		t.Error(err)
	}
	if err := d.Set("big", string(make([]byte, Quota))); err == nil {
		t.Error("the quota does not hold")
	}
	if keys := d.Keys(); !slices.Equal(keys, []string{"b"}) {
		t.Errorf("keys: %q", keys)
	}
	if err := d.Publish(); err != nil {
		t.Error(err)
	}
	d.Remove("b")
	if kept.Size() != 0 || d.Size() != 0 {
		t.Errorf("a published draft is not what is kept: %q, %q", kept.Keys(), d.Keys())
	}
	// What has no room any more is said, and the rest is kept.
	d = NewDraft(kept)
	for _, key := range []string{"small", "large"} {
		if err := d.Set(key, string(make([]byte, map[string]int{"small": 1, "large": Quota / 2}[key]))); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.Set("other", string(make([]byte, Quota-1000))); err != nil {
		t.Fatal(err)
	}
	if err := d.Publish(); err == nil || !slices.Equal(kept.Keys(), []string{"other", "small"}) {
		t.Errorf("%v: it keeps %q", err, kept.Keys())
	}
}

// What has room in the end is kept, in whatever order it was written, and what was set to the value that it had counts.
func TestDraftKeepsWhatFits(t *testing.T) {
	most := string(make([]byte, Quota-10))
	for range 10 { // the changes are in a map
		kept := mustOpenStorage(t, newMemoryValues())
		d := NewDraft(kept)
		set := func(s Items, key, value string) {
			t.Helper()
			if err := s.Set(key, value); err != nil {
				t.Fatal(err)
			}
		}
		set(kept, "a", most)
		set(kept, "b", "x")
		set(kept, "c", "same")
		set(d, "a", "x")
		set(d, "b", most[:Quota-100])
		set(d, "c", "same")
		set(kept, "c", "new")
		if err := d.Publish(); err != nil {
			t.Fatal(err)
		}
		if c, _ := kept.Get("c"); c != "same" || kept.Used() != Quota-92 {
			t.Fatalf("c is %q, %d units", c, kept.Used())
		}
	}
}

// A top level may fill the storage.
func TestDraftCountsAsItGrows(t *testing.T) {
	kept := mustOpenStorage(t, newMemoryValues())
	for n := range 100 {
		if err := kept.Set(strconv.Itoa(n), "old"); err != nil {
			t.Fatal(err)
		}
	}
	d := NewDraft(kept)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		key := strconv.Itoa(random.IntN(200))
		switch random.IntN(50) {
		case 0:
			d.Clear()
		case 1, 2, 3, 4, 5:
			d.Remove(key)
		default:
			if err := d.Set(key, strings.Repeat("é", random.IntN(5))); err != nil {
				t.Fatal(err)
			}
		}
		units := 0
		for _, key := range d.Keys() {
			value, _ := d.Get(key)
			units += unitsOf(key) + unitsOf(value)
		}
		if got := kept.Used() + d.grown; got != units {
			t.Fatalf("it counts %d units, and holds %d", got, units)
		}
	}
	before, size := d.Keys(), d.Size()
	if err := d.Publish(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(before)
	if after := slices.Sorted(slices.Values(kept.Keys())); size != len(before) || !slices.Equal(after, before) {
		t.Errorf("published: %q, want %q", after, before)
	}
}
