package disk

import (
	"fmt"
	"testing"
)

// A key is forgotten only once more was written after it than the memtables hold. What was added for batches that failed does
// not count, however much that is: a store that refuses a million packages must not take the next one for new.
func TestRecentForgetsWhatIsFlushed(t *testing.T) {
	const memTables = 64 << 10
	r := newRecent(memTables, false)
	key := []byte("the one")
	r.add(key)
	r.wrote(100)
	for n := range 10 * memTables / leastEntry {
		r.add(fmt.Append(nil, "of a batch that failed ", n))
	}
	if !r.has(key) {
		t.Error("it was forgotten although nothing was written")
	}
	for written := 0; written < memTables; written += 1000 {
		if !r.has(key) {
			t.Fatalf("it was forgotten after %d bytes", written)
		}
		r.add(fmt.Append(nil, written))
		r.wrote(1000)
	}
	for range 3 * memTables / 1000 {
		r.wrote(1000)
	}
	if r.has(key) {
		t.Error("it is never forgotten")
	}
	// A batch that does not fit into a memtable stands beside them.
	r.add(key)
	r.wrote(10 * memTables)
	r.wrote(memTables)
	if !r.has(key) {
		t.Error("it was forgotten while its batch may not be flushed")
	}
}

// Until the memtables are full of what was written since the opening, nothing is sure that they may have held before.
func TestRecentIsUnsureAtFirst(t *testing.T) {
	const memTables = 64 << 10
	r := newRecent(memTables, true)
	for written := 0; written < memTables; written += 1000 {
		if !r.has([]byte("never added")) {
			t.Fatalf("sure after %d bytes", written)
		}
		r.add(fmt.Append(nil, written))
		r.wrote(1000)
	}
	r.wrote(memTables)
	if r.has([]byte("never added")) {
		t.Error("it is never sure")
	}
}
