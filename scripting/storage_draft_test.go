package scripting

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
		if err := kept.set(key, key); err != nil {
			t.Fatal(err)
		}
	}
	d := newStorageDraft(kept)
	d.clear()
	if n := d.size(); n != 0 {
		t.Errorf("%d items after clear", n)
	}
	if err := d.set("b", "again"); err != nil {
		t.Error(err)
	}
	if err := d.set("big", string(make([]byte, storageQuota))); err == nil {
		t.Error("the quota does not hold")
	}
	if keys := d.keys(); !slices.Equal(keys, []string{"b"}) {
		t.Errorf("keys: %q", keys)
	}
	if err := d.publish(); err != nil {
		t.Error(err)
	}
	d.remove("b")
	if kept.size() != 0 || d.size() != 0 {
		t.Errorf("a published draft is not what is kept: %q, %q", kept.keys(), d.keys())
	}
	// What has no room any more is said, and the rest is kept.
	d = newStorageDraft(kept)
	for _, key := range []string{"small", "large"} {
		if err := d.set(key, string(make([]byte, map[string]int{"small": 1, "large": storageQuota / 2}[key]))); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept.set("other", string(make([]byte, storageQuota-1000))); err != nil {
		t.Fatal(err)
	}
	if err := d.publish(); err == nil || !slices.Equal(kept.keys(), []string{"other", "small"}) {
		t.Errorf("%v: it keeps %q", err, kept.keys())
	}
}

// What has room in the end is kept, in whatever order it was written, and what was set to the value that it had counts.
func TestDraftKeepsWhatFits(t *testing.T) {
	most := string(make([]byte, storageQuota-10))
	for range 10 { // the changes are in a map
		kept := mustOpenStorage(t, newMemoryValues())
		d := newStorageDraft(kept)
		set := func(s items, key, value string) {
			t.Helper()
			if err := s.set(key, value); err != nil {
				t.Fatal(err)
			}
		}
		set(kept, "a", most)
		set(kept, "b", "x")
		set(kept, "c", "same")
		set(d, "a", "x")
		set(d, "b", most[:storageQuota-100])
		set(d, "c", "same")
		set(kept, "c", "new")
		if err := d.publish(); err != nil {
			t.Fatal(err)
		}
		if c, _ := kept.get("c"); c != "same" || kept.Used() != storageQuota-92 {
			t.Fatalf("c is %q, %d units", c, kept.Used())
		}
	}
}

// A top level may fill the storage.
func TestDraftCountsAsItGrows(t *testing.T) {
	kept := mustOpenStorage(t, newMemoryValues())
	for n := range 100 {
		if err := kept.set(strconv.Itoa(n), "old"); err != nil {
			t.Fatal(err)
		}
	}
	d := newStorageDraft(kept)
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		key := strconv.Itoa(random.IntN(200))
		switch random.IntN(50) {
		case 0:
			d.clear()
		case 1, 2, 3, 4, 5:
			d.remove(key)
		default:
			if err := d.set(key, strings.Repeat("é", random.IntN(5))); err != nil {
				t.Fatal(err)
			}
		}
		units := 0
		for _, key := range d.keys() {
			value, _ := d.get(key)
			units += unitsOf(key) + unitsOf(value)
		}
		if got := kept.Used() + d.grown; got != units {
			t.Fatalf("it counts %d units, and holds %d", got, units)
		}
	}
	before, size := d.keys(), d.size()
	if err := d.publish(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(before)
	if after := slices.Sorted(slices.Values(kept.keys())); size != len(before) || !slices.Equal(after, before) {
		t.Errorf("published: %q, want %q", after, before)
	}
}
