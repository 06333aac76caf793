package scripting

import (
	"context"
	"errors"
	"fmt"
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

func mustOpenStorage(tb testing.TB, values engine.Values) *storage {
	tb.Helper()
	s, err := openStorage(tb.Context(), values, "count")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func newStoragePage(tb testing.TB, s *storage) *page {
	tb.Helper()
	return newPage(tb, func(o *webOptions) { o.storage = s })
}

func TestLocalStorage(t *testing.T) {
	newStoragePage(t, mustOpenStorage(t, newMemoryValues())).cases(t, [][2]string{
		{`localStorage.getItem('a')`, "null"},
		{`(localStorage.setItem('a', 1), localStorage.getItem('a') + typeof localStorage.getItem('a'))`, "1string"},
		{`(localStorage.b = { toString: () => 'obj' }, localStorage.b + localStorage['b'] + localStorage.getItem('b'))`, "objobjobj"},
		{`localStorage.length + Object.keys(localStorage).join() + JSON.stringify(localStorage)`, `2a,b{"a":"1","b":"obj"}`},
		{`localStorage.key(0) + localStorage.key(1) + localStorage.key(2) + localStorage.key(-1)`, "abnullnull"},
		{`('a' in localStorage) + '' + ('z' in localStorage) + ('getItem' in localStorage) + localStorage.hasOwnProperty('a')`, "truefalsetruetrue"},
		{`(delete localStorage.b, localStorage.b + '' + localStorage.length)`, "undefined1"},
		{`(localStorage.setItem('getItem', 'x'), typeof localStorage.getItem + localStorage.getItem('getItem') + Object.keys(localStorage).join())`, "functionxa"},
		{`(localStorage.setItem('length', 'y'), localStorage.length + localStorage.getItem('length'))`, "3y"},
		{`(localStorage.setItem('', 'empty'), localStorage.getItem('') + localStorage[''])`, "emptyempty"},
		{`(localStorage.setItem('n', null), localStorage.n + localStorage.getItem('n').length)`, "null4"},
		{`(localStorage.setItem('u'), 1)`, "throws TypeError: Failed to execute 'setItem' on 'Storage': 2 arguments required, but only 1 present."},
		{`(localStorage.setItem('\ud800', '\udc00x'), localStorage.getItem('\ud800').charCodeAt(0) + [...Array(localStorage.length).keys()].map(i => localStorage.key(i)).filter(k => k.charCodeAt(0) === 0xd800).length)`, "56321"},
		{`(localStorage.setItem('emoji', '😀'), localStorage.getItem('emoji'))`, "😀"},
		{`(localStorage.removeItem('a'), localStorage.removeItem('nope'), localStorage.getItem('a'))`, "null"},
		{`(localStorage.clear(), localStorage.length)`, "0"},
		{`localStorage instanceof Storage && Object.prototype.toString.call(localStorage)`, "[object Storage]"},
		{`new Storage()`, "throws TypeError: Illegal constructor"},
		{`Storage.prototype.getItem.call({}, 'a')`, "throws TypeError: Illegal invocation"},
		{`structuredClone(localStorage)`, "throws DataCloneError..."},
		{`(localStorage[5] = 'five', localStorage.getItem('5') + localStorage['5'])`, "fivefive"},
		{`(() => { const seen = []; for (const k in localStorage) if (localStorage.hasOwnProperty(k)) seen.push(k); return seen.join() })()`, "5"},
		{`(({ ...localStorage })['5'])`, "five"},
	})
}

func TestLocalStorageQuota(t *testing.T) {
	s := mustOpenStorage(t, newMemoryValues())
	newStoragePage(t, s).cases(t, [][2]string{
		{`(localStorage.setItem('k', 'x'.repeat(5 * 1024 * 1024 - 1)), localStorage.k.length)`, "5242879"},
		{`(() => { try { localStorage.setItem('l', '') } catch (e) { return e.name + e.code + (e instanceof DOMException) } })()`, "QuotaExceededError22true"},
		{`(() => { try { localStorage.l = 'x' } catch (e) { return e.name } })()`, "QuotaExceededError"},
		{`localStorage.length + '' + localStorage.getItem('l')`, "1null"},
		{`(localStorage.setItem('k', 'y'), localStorage.setItem('l', '€'.repeat(5 * 1024 * 1024 - 3)), localStorage.l.length)`, "5242877"},
		{`(localStorage.clear(), localStorage.setItem('e', '😀'.repeat(2.5 * 1024 * 1024 - 1)), localStorage.length)`, "1"},
	})
	if s.units != storageQuota-1 {
		t.Errorf("%d units; want %d", s.units, storageQuota-1)
	}
}

func TestStorageFlush(t *testing.T) {
	values := newMemoryValues()
	s := mustOpenStorage(t, values)
	flush := func(want map[string][]byte) {
		t.Helper()
		before := len(values.writes)
		if err := s.flush(t.Context()); err != nil {
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
	_ = s.set("a", "1")
	_ = s.set("b", "")
	flush(map[string][]byte{"item/a": []byte("1"), "item/b": {}})
	flush(nil)
	_ = s.set("a", "1") // no change
	flush(nil)
	s.remove("a")
	_ = s.set("c", "x")
	s.remove("c")
	flush(map[string][]byte{"item/a": nil, "item/c": nil})
	_ = s.set("d", "\xed\xa0\x80")
	s.clear()
	_ = s.set("e", "1")
	flush(map[string][]byte{"item/b": nil, "item/d": nil, "item/e": []byte("1")})

	again := mustOpenStorage(t, values)
	if diff := cmp.Diff(map[string]string{"e": "1"}, again.items); diff != "" {
		t.Errorf("reopened (-want +got):\n%s", diff)
	}
}

func TestStorageFlushFails(t *testing.T) {
	values := newMemoryValues()
	s := mustOpenStorage(t, values)
	_ = s.set("a", "1")
	values.fail = errors.New("disk full")
	if err := s.flush(t.Context()); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Fatalf("got %v", err)
	}
	_ = s.set("a", "2")
	values.fail = nil
	if err := s.flush(t.Context()); err != nil {
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
	_ = s.set("a", "1")
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- s.flush(t.Context()) }()
	<-values.held
	go func() { second <- s.flush(t.Context()) }() // nothing is dirty, but the first is not over
	_ = s.set("a", "2")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.flush(ended); !errors.Is(err, context.Canceled) {
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

func TestStorageIsSharedByVersions(t *testing.T) {
	s := mustOpenStorage(t, newMemoryValues())
	old, fresh := newStoragePage(t, s), newStoragePage(t, s)
	old.eval(`localStorage.setItem('count', '1')`)
	if got := fresh.eval(`localStorage.count = Number(localStorage.count) + 1`); got != "2" {
		t.Errorf("the new version counts %s", got)
	}
	if got := old.eval(`localStorage.count`); got != "2" {
		t.Errorf("the old version sees %s", got)
	}
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for k := range 100 {
				_ = s.set(fmt.Sprint(i, k), "x")
				if err := s.flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n := s.size(); n != 401 {
		t.Errorf("%d items; want 401", n)
	}
}

func BenchmarkLocalStorage(b *testing.B) {
	p := newStoragePage(b, mustOpenStorage(b, newMemoryValues()))
	v, err := p.vm.RunString(`() => { localStorage.count = Number(localStorage.count ?? 0) + 1 }`)
	if err != nil {
		b.Fatal(err)
	}
	call, _ := v.Export().(func(callArguments) callResult)
	b.ReportAllocs()
	for b.Loop() {
		call(callArguments{})
	}
}
