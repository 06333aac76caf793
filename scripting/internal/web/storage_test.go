package web

import (
	"fmt"
	"sync"
	"testing"

	"trackhook/engine/memory"
	"trackhook/scripting/internal/storage"
)

func newTestStorage(tb testing.TB) *storage.Storage {
	tb.Helper()
	s, err := storage.Open(tb.Context(), memory.New(), "count")
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func newStoragePage(tb testing.TB, s *storage.Storage) *page {
	tb.Helper()
	return newPage(tb, func(o *Options) { o.Storage = s })
}

func TestLocalStorage(t *testing.T) {
	newStoragePage(t, newTestStorage(t)).cases(t, [][2]string{
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
	s := newTestStorage(t)
	newStoragePage(t, s).cases(t, [][2]string{
		{`(localStorage.setItem('k', 'x'.repeat(5 * 1024 * 1024 - 1)), localStorage.k.length)`, "5242879"},
		{`(() => { try { localStorage.setItem('l', '') } catch (e) { return e.name + e.code + (e instanceof DOMException) } })()`, "QuotaExceededError22true"},
		{`(() => { try { localStorage.l = 'x' } catch (e) { return e.name } })()`, "QuotaExceededError"},
		{`localStorage.length + '' + localStorage.getItem('l')`, "1null"},
		{`(localStorage.setItem('k', 'y'), localStorage.setItem('l', '€'.repeat(5 * 1024 * 1024 - 3)), localStorage.l.length)`, "5242877"},
		{`(localStorage.clear(), localStorage.setItem('e', '😀'.repeat(2.5 * 1024 * 1024 - 1)), localStorage.length)`, "1"},
	})
	if used := s.Used(); used != storage.Quota-1 {
		t.Errorf("%d units; want %d", used, storage.Quota-1)
	}
}

func TestStorageIsSharedByVersions(t *testing.T) {
	s := newTestStorage(t)
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
				_ = s.Set(fmt.Sprint(i, k), "x")
				if err := s.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n := s.Size(); n != 401 {
		t.Errorf("%d items; want 401", n)
	}
}

func BenchmarkLocalStorage(b *testing.B) {
	p := newStoragePage(b, newTestStorage(b))
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
