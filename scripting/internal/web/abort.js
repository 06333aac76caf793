// Events without a tree (DOM standard, 2), AbortController and AbortSignal (3).
(function (native, use) {
'use strict';

function exception(message, name) {
    const { DOMException } = use('exception');
    return new DOMException(message, name);
}

// The parts of an event that only dispatchEvent changes.
const state = Symbol('state');

class Event {
    #type; #bubbles; #cancelable; #composed;
    constructor(type, init) {
        if (arguments.length === 0) {
            throw new TypeError("Failed to construct 'Event': 1 argument required, but only 0 present.");
        }
        this.#type = String(type);
        this.#bubbles = Boolean(init?.bubbles);
        this.#cancelable = Boolean(init?.cancelable);
        this.#composed = Boolean(init?.composed);
        const inner = { target: null, current: null, phase: 0, canceled: false, stopped: false, passive: false,
            dispatching: false, trusted: false, time: native.now() };
        Object.defineProperty(this, state, { value: inner });
    }
    get type() { return this.#type; }
    get bubbles() { return this.#bubbles; }
    get cancelable() { return this.#cancelable; }
    get composed() { return this.#composed; }
    get target() { return this[state].target; }
    get srcElement() { return this[state].target; }
    get currentTarget() { return this[state].current; }
    get eventPhase() { return this[state].phase; }
    get defaultPrevented() { return this[state].canceled; }
    get returnValue() { return !this[state].canceled; }
    get isTrusted() { return this[state].trusted; }
    get timeStamp() { return this[state].time; }
    composedPath() { return this[state].current ? [this[state].current] : []; }
    preventDefault() {
        if (this.#cancelable && !this[state].passive) this[state].canceled = true;
    }
    stopPropagation() {}
    stopImmediatePropagation() { this[state].stopped = true; }
    get [Symbol.toStringTag]() { return 'Event'; }
}
native.constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

class CustomEvent extends Event {
    #detail;
    constructor(type, init) {
        super(type, init);
        this.#detail = init?.detail ?? null;
    }
    get detail() { return this.#detail; }
    get [Symbol.toStringTag]() { return 'CustomEvent'; }
}

let handlerOf, setHandler, fire;

class EventTarget {
    #listeners = [];
    #handlers = null;
    addEventListener(type, callback, options) {
        type = String(type);
        const boolean = typeof options !== 'object' || options === null;
        const capture = Boolean(boolean ? options : options.capture);
        const signal = boolean ? undefined : options.signal;
        if (signal !== undefined && !isSignal(signal)) {
            throw new TypeError("Failed to execute 'addEventListener' on 'EventTarget': member signal is not of type 'AbortSignal'.");
        }
        if (callback === null || callback === undefined) return;
        if (typeof callback !== 'function' && typeof callback !== 'object') {
            throw new TypeError("Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is not of type 'Object'.");
        }
        if (signal?.aborted) return;
        for (const l of this.#listeners) {
            if (l.type === type && l.callback === callback && l.capture === capture) return;
        }
        const listener = { type, callback, capture, removed: false,
            once: Boolean(!boolean && options.once), passive: Boolean(!boolean && options.passive) };
        this.#listeners.push(listener);
        if (signal) addAlgorithm(signal, () => this.#remove(listener));
    }
    removeEventListener(type, callback, options) {
        type = String(type);
        const capture = Boolean(typeof options === 'object' && options !== null ? options.capture : options);
        const found = this.#listeners.find((l) => l.type === type && l.callback === callback && l.capture === capture);
        if (found) this.#remove(found);
    }
    dispatchEvent(event) {
        if (!(event instanceof Event)) {
            throw new TypeError("Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.");
        }
        if (event[state].dispatching) {
            throw exception("Failed to execute 'dispatchEvent' on 'EventTarget': The event is already being dispatched.", 'InvalidStateError');
        }
        event[state].trusted = false;
        return this.#dispatch(event);
    }
    #dispatch(event) {
        const inner = event[state];
        inner.dispatching = true;
        inner.target = this;
        inner.current = this;
        inner.phase = 2;
        for (const listener of this.#listeners.slice()) {
            if (listener.type !== event.type || listener.removed) continue;
            if (listener.once) this.#remove(listener);
            inner.passive = listener.passive;
            try {
                const { callback } = listener;
                if (typeof callback === 'function') {
                    callback.call(this, event);
                } else if (typeof callback.handleEvent === 'function') {
                    callback.handleEvent(event);
                } else {
                    throw new TypeError('EventListener.handleEvent is not a function');
                }
            } catch (e) {
                native.report(event.type + ' event listener', e);
            }
            inner.passive = false;
            if (inner.stopped) break;
        }
        inner.phase = 0;
        inner.current = null;
        inner.dispatching = false;
        inner.stopped = false;
        return !inner.canceled;
    }
    #remove(listener) {
        listener.removed = true;
        const at = this.#listeners.indexOf(listener);
        if (at >= 0) this.#listeners.splice(at, 1);
    }
    // An event handler keeps the place in the order that it had when it was first set (HTML standard, 8.1.8.1).
    #setHandler(type, value) {
        if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) value = null;
        const entry = this.#handlers?.[type];
        if (value === null) {
            if (entry) {
                this.#remove(entry);
                delete this.#handlers[type];
            }
            return;
        }
        if (entry) {
            entry.value = value;
            return;
        }
        const listener = { type, capture: false, removed: false, once: false, passive: false, value };
        listener.callback = function (event) {
            if (typeof listener.value === 'function' && listener.value.call(this, event) === false) event.preventDefault();
        };
        this.#handlers ??= Object.create(null);
        this.#handlers[type] = listener;
        this.#listeners.push(listener);
    }
    get [Symbol.toStringTag]() { return 'EventTarget'; }
    static {
        handlerOf = (target, type) => target.#handlers?.[type]?.value ?? null;
        setHandler = (target, type, value) => target.#setHandler(type, value);
        fire = (target, type) => {
            if (target.#listeners.length === 0) return;
            const event = new Event(type);
            event[state].trusted = true;
            target.#dispatch(event);
        };
    }
}

let isSignal, newSignal, abort, addAlgorithm, removeAlgorithm;
const key = Symbol('AbortSignal');

class AbortSignal extends EventTarget {
    #aborted = false;
    #reason = undefined;
    #algorithms = [];
    #sources = null; // of a dependent signal
    #dependents = [];
    constructor(token) {
        if (token !== key) throw new TypeError("Failed to construct 'AbortSignal': Illegal constructor");
        super();
    }
    static abort(reason) {
        const signal = new AbortSignal(key);
        signal.#aborted = true;
        signal.#reason = reason === undefined ? abortError() : reason;
        return signal;
    }
    static timeout(milliseconds) {
        const ms = Number(milliseconds);
        if (arguments.length === 0 || !(ms > -1) || ms > Number.MAX_SAFE_INTEGER) {
            throw new TypeError("Failed to execute 'timeout' on 'AbortSignal': Value is outside the 'unsigned long long' value range.");
        }
        const signal = new AbortSignal(key);
        native.timer(Math.trunc(ms), () => {
            signal.#abort(exception('The operation was aborted due to timeout', 'TimeoutError'));
        });
        return signal;
    }
    static any(signals) {
        if (signals === null || signals === undefined || typeof signals[Symbol.iterator] !== 'function') {
            throw new TypeError("Failed to execute 'any' on 'AbortSignal': The provided value cannot be converted to a sequence.");
        }
        const list = [...signals];
        for (const s of list) {
            if (!isSignal(s)) {
                throw new TypeError("Failed to execute 'any' on 'AbortSignal': Failed to convert value to 'AbortSignal'.");
            }
        }
        const signal = new AbortSignal(key);
        for (const s of list) {
            if (s.#aborted) {
                signal.#aborted = true;
                signal.#reason = s.#reason;
                return signal;
            }
        }
        signal.#sources = [];
        for (const s of list) {
            for (const source of s.#sources ?? [s]) {
                if (signal.#sources.includes(source)) continue;
                signal.#sources.push(source);
                source.#dependents.push(signal);
            }
        }
        return signal;
    }
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() {
        if (this.#aborted) throw this.#reason;
    }
    get onabort() { return handlerOf(this, 'abort'); }
    set onabort(value) { setHandler(this, 'abort', value); }
    get [Symbol.toStringTag]() { return 'AbortSignal'; }

    // DOM standard, 3.2, signal abort: every dependent signal is marked before any listener runs.
    #abort(reason) {
        if (this.#aborted) return;
        this.#mark(reason);
        const dependents = this.#dependents.filter((d) => !d.#aborted);
        this.#dependents = [];
        for (const d of dependents) d.#mark(this.#reason);
        this.#run();
        for (const d of dependents) d.#run();
    }
    #mark(reason) {
        this.#aborted = true;
        this.#reason = reason === undefined ? abortError() : reason;
        for (const source of this.#sources ?? []) {
            // The source that is aborting has its list taken already; the others must not hold on to this signal.
            if (!source.#aborted) source.#dependents = source.#dependents.filter((d) => d !== this);
        }
    }
    #run() {
        const algorithms = this.#algorithms;
        this.#algorithms = [];
        for (const algorithm of algorithms) algorithm(this.#reason);
        fire(this, 'abort');
    }
    static {
        isSignal = (v) => typeof v === 'object' && v !== null && #aborted in v;
        newSignal = () => new AbortSignal(key);
        abort = (signal, reason) => signal.#abort(reason);
        addAlgorithm = (signal, algorithm) => {
            if (!signal.#aborted) signal.#algorithms.push(algorithm);
        };
        removeAlgorithm = (signal, algorithm) => {
            const at = signal.#algorithms.indexOf(algorithm);
            if (at >= 0) signal.#algorithms.splice(at, 1);
        };
    }
}

function abortError() {
    return exception('This operation was aborted', 'AbortError');
}

class AbortController {
    #signal = newSignal();
    get signal() { return this.#signal; }
    abort(reason) { abort(this.#signal, reason); }
    get [Symbol.toStringTag]() { return 'AbortController'; }
}

const { show, members, compare } = use('show');
show(Event, members('type', 'defaultPrevented', 'cancelable', 'timeStamp'));
show(AbortSignal, members('aborted'));
show(AbortController, members('signal'));
const eventParts = members('type', 'bubbles', 'cancelable', 'composed', 'defaultPrevented', 'detail');
compare(Event, (a, b, same) => same(eventParts(a), eventParts(b))); // timeStamp is the time of the test most often
compare(AbortSignal, (a, b, same) => a.aborted === b.aborted && same(a.reason, b.reason));
compare(AbortController, (a, b, same) => same(a.signal, b.signal));

return {
    Event, CustomEvent, EventTarget, AbortController, AbortSignal,
    isSignal, newSignal, addAlgorithm, removeAlgorithm,
};
})
