package storage

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
)

// memoryValues are values in memory, which can fail and can hold a write back.
type memoryValues struct {
	mu     sync.Mutex
	spaces map[string]map[string][]byte
	writes []map[string][]byte
	fail   error
	hold   chan struct{} // when not nil, SetValues waits for it
	held   chan struct{}
}

func newMemoryValues() *memoryValues {
	return &memoryValues{spaces: map[string]map[string][]byte{}, held: make(chan struct{}, 8)}
}

func (m *memoryValues) Value(_ context.Context, space, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if value, ok := m.spaces[space][key]; ok {
		return value, nil
	}
	return nil, engine.ErrNotFound
}

func (m *memoryValues) Values(_ context.Context, space string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.spaces[space]), m.fail
}

func (m *memoryValues) SetValues(_ context.Context, space string, pairs map[string][]byte) error {
	if m.hold != nil {
		m.held <- struct{}{}
		<-m.hold
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.writes = append(m.writes, pairs)
	if m.spaces[space] == nil {
		m.spaces[space] = map[string][]byte{}
	}
	for key, value := range pairs {
		if value == nil {
			delete(m.spaces[space], key)
		} else {
			m.spaces[space][key] = value
		}
	}
	return nil
}

func mustOpenStorage(tb testing.TB, values engine.Values) *Storage {
	tb.Helper()
	s, err := Open(tb.Context(), values, "count")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestStorageFlush(t *testing.T) {
	values := newMemoryValues()
	s := mustOpenStorage(t, values)
	flush := func(want map[string][]byte) {
		t.Helper()
		before := len(values.writes)
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got map[string][]byte
		if len(values.writes) > before {
			got = values.writes[before]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("written (-want +got):\n%s", diff)
		}
	}
	flush(nil)
	_ = s.Set("a", "1")
	_ = s.Set("b", "")
	flush(map[string][]byte{"item/a": []byte("1"), "item/b": {}})
	flush(nil)
	_ = s.Set("a", "1") // no change
	flush(nil)
	s.Remove("a")
	_ = s.Set("c", "x")
	s.Remove("c")
	flush(map[string][]byte{"item/a": nil, "item/c": nil})
	_ = s.Set("d", "\xed\xa0\x80")
	s.Clear()
	_ = s.Set("e", "1")
	flush(map[string][]byte{"item/b": nil, "item/d": nil, "item/e": []byte("1")})

	again := mustOpenStorage(t, values)
	if diff := cmp.Diff(map[string]string{"e": "1"}, again.items); diff != "" {
		t.Errorf("reopened (-want +got):\n%s", diff)
	}
}

func TestStorageFlushFails(t *testing.T) {
	values := newMemoryValues()
	s := mustOpenStorage(t, values)
	_ = s.Set("a", "1")
	values.fail = errors.New("disk full")
	if err := s.Flush(t.Context()); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Fatalf("got %v", err)
	}
	_ = s.Set("a", "2")
	values.fail = nil
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := string(values.spaces["plugin/count"]["item/a"]); got != "2" {
		t.Errorf("stored %q; want 2", got)
	}
}

// TestStorageFlushesFollowEachOther checks that an older value never overwrites a newer one, and that a flush returns
// only when what an earlier one has taken is on disk too.
func TestStorageFlushesFollowEachOther(t *testing.T) {
	values := newMemoryValues()
	values.hold = make(chan struct{})
	s := mustOpenStorage(t, values)
	_ = s.Set("a", "1")
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- s.Flush(t.Context()) }()
	<-values.held
	go func() { second <- s.Flush(t.Context()) }() // nothing is dirty, but the first is not over
	_ = s.Set("a", "2")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Flush(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a flush whose context has ended: %v", err)
	}
	select {
	case <-second:
		t.Fatal("the second flush did not wait for the first")
	default:
	}
	close(values.hold)
	if err := errors.Join(<-first, <-second); err != nil {
		t.Fatal(err)
	}
	if got := string(values.spaces["plugin/count"]["item/a"]); got != "2" {
		t.Errorf("stored %q; want 2", got)
	}
}
