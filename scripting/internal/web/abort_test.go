package web

import "testing"

func TestEvents(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`(e => [e.type, e.bubbles, e.cancelable, e.target, e.eventPhase, e.isTrusted].join())(new Event('x', { cancelable: true }))`, "x,false,true,,0,false"},
		{`new Event()`, "throws TypeError..."},
		{`new CustomEvent('x', { detail: 5 }).detail`, "5"},
		{`(t => { const seen = []; t.addEventListener('x', () => seen.push(1)); t.addEventListener('x', { handleEvent(e) { seen.push(e.target === t, this.handleEvent !== undefined) } }); t.dispatchEvent(new Event('x')); return seen.join() })(new EventTarget())`, "1,true,true"},
		{`(t => { let n = 0; const f = () => n++; t.addEventListener('x', f); t.addEventListener('x', f); t.dispatchEvent(new Event('x')); t.removeEventListener('x', f); t.dispatchEvent(new Event('x')); return n })(new EventTarget())`, "1"},
		{`(t => { let n = 0; t.addEventListener('x', () => n++, { once: true }); t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); return n })(new EventTarget())`, "1"},
		{`(t => { t.addEventListener('x', e => e.preventDefault()); return t.dispatchEvent(new Event('x', { cancelable: true })) })(new EventTarget())`, "false"},
		{`(t => { t.addEventListener('x', e => e.preventDefault(), { passive: true }); return t.dispatchEvent(new Event('x', { cancelable: true })) })(new EventTarget())`, "true"},
		{`(t => { let n = 0; t.addEventListener('x', e => e.stopImmediatePropagation()); t.addEventListener('x', () => n++); t.dispatchEvent(new Event('x')); return n })(new EventTarget())`, "0"},
		{`(t => { const e = new Event('x'); let name; t.addEventListener('x', () => { try { t.dispatchEvent(e) } catch (x) { name = x.name } }); t.dispatchEvent(e); return name })(new EventTarget())`, "InvalidStateError"},
		{`(t => { const c = new AbortController(); let n = 0; t.addEventListener('x', () => n++, { signal: c.signal }); t.dispatchEvent(new Event('x')); c.abort(); t.dispatchEvent(new Event('x')); return n })(new EventTarget())`, "1"},
		{`new EventTarget().dispatchEvent({ type: 'x' })`, "throws TypeError..."},
		{`new EventTarget().addEventListener('x', null)`, "undefined"},
		{`new (class extends EventTarget { constructor() { super(); this.a = 1 } })().a`, "1"},
	})
}

func TestEventListenerErrorsAreReported(t *testing.T) {
	p := newPage(t, nil)
	got := p.run(`const t = new EventTarget(); let n = 0; t.addEventListener('x', () => { throw new Error('boom') }); t.addEventListener('x', () => n++); t.dispatchEvent(new Event('x')); return n`)
	if got != "1" || len(p.reports) != 1 || p.reports[0] != "x event listener: Error: boom" {
		t.Errorf("got %s, reported %q", got, p.reports)
	}
}

func TestAbortSignal(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`(c => [c.signal.aborted, c.signal.reason].join())(new AbortController())`, "false,"},
		{`(c => (c.abort(), [c.signal.aborted, c.signal.reason.name, c.signal.reason.code].join()))(new AbortController())`, "true,AbortError,20"},
		{`(c => (c.abort(1), c.abort(2), c.signal.reason))(new AbortController())`, "1"},
		{`(c => (c.abort(null), c.signal.reason))(new AbortController())`, "null"},
		{`AbortSignal.abort(5).throwIfAborted()`, "throws 5"},
		{`new AbortController().signal.throwIfAborted()`, "undefined"},
		{`(c => { const seen = []; c.signal.onabort = e => seen.push('on' + e.type + e.isTrusted); c.signal.addEventListener('abort', () => seen.push('listener')); c.abort(); c.abort(); return seen.join() })(new AbortController())`, "onaborttrue,listener"},
		{`(c => { const seen = []; c.signal.onabort = () => seen.push(1); c.signal.addEventListener('abort', () => seen.push(2)); c.signal.onabort = () => seen.push(3); c.abort(); return seen.join() })(new AbortController())`, "3,2"},
		{`(c => { c.signal.onabort = () => 1; c.signal.onabort = 5; return c.signal.onabort })(new AbortController())`, "null"},
		{`await new Promise(r => { const s = AbortSignal.timeout(5); s.onabort = () => r(s.reason.name + s.reason.code) })`, "TimeoutError23"},
		{`AbortSignal.timeout(-1)`, "throws TypeError..."},
		{`AbortSignal.timeout('x')`, "throws TypeError..."},
		{`AbortSignal.timeout()`, "throws TypeError..."},
		{`AbortSignal.timeout(Number.MAX_SAFE_INTEGER).aborted`, "false"},
		{`(c => { const any = AbortSignal.any([new AbortController().signal, c.signal]); c.abort(4); return [any.aborted, any.reason].join() })(new AbortController())`, "true,4"},
		{`(c => { const any = AbortSignal.any([AbortSignal.any([c.signal]), AbortSignal.any([c.signal])]); let n = 0; any.onabort = () => n++; c.abort(); return n })(new AbortController())`, "1"},
		{`AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason`, "1"},
		{`AbortSignal.any([]).aborted`, "false"},
		{`AbortSignal.any([{}])`, "throws TypeError..."},
		{`(c => { let seen; const any = AbortSignal.any([c.signal]); c.signal.onabort = () => { seen = any.aborted }; c.abort(); return seen })(new AbortController())`, "true"},
		{`new AbortSignal()`, "throws TypeError..."},
		{`AbortSignal.abort() instanceof EventTarget`, "true"},
	})
}

func TestSignalTimersAreBounded(t *testing.T) {
	p := newPage(t, nil)
	got := p.run(`try { for (let i = 0; i < 10_001; i++) AbortSignal.timeout(1e9) } catch (e) { return e.name }`)
	if got != "QuotaExceededError" {
		t.Errorf("got %s; want QuotaExceededError", got)
	}
}
