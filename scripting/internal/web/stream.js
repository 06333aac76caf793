// ReadableStream with the default reader and controller (Streams standard, 4). There are no byte streams and no writable
// or transform streams: what fetch brings is bounded and is in memory soon.
(function (native, use) {
'use strict';

const key = Symbol('streams');
// The machine has it when the plugin may look for it; see languageGaps.
const asyncIterator = Symbol.asyncIterator ?? Symbol.for('Symbol.asyncIterator');

function illegal(token) {
    if (token !== key) throw new TypeError('Illegal constructor');
}

// quiet keeps a promise that nobody looks at from being a rejection that nobody handles.
const quiet = (promise) => { promise.catch(() => {}); };

function deferred() {
    const d = {};
    d.promise = new Promise((resolve, reject) => { d.resolve = resolve; d.reject = reject; });
    return d;
}

function method(object, name, what) {
    const f = object[name];
    if (f === undefined) return undefined;
    if (typeof f !== 'function') throw new TypeError(`${what}: member ${name} is not of type 'Function'.`);
    return f;
}

// highWaterMarkOf is ExtractHighWaterMark (Streams standard, 7.4).
function highWaterMarkOf(strategy, fallback) {
    if (strategy.highWaterMark === undefined) return fallback;
    const mark = Number(strategy.highWaterMark);
    if (!(mark >= 0)) throw new RangeError("Failed to construct 'ReadableStream': The highWaterMark is not a number from 0.");
    return mark;
}

// A stream is a record: state is readable, closed or errored; the rest belongs to its controller. The names of the
// functions are those of the standard's abstract operations, without their prefixes.

function newState(highWaterMark, sizeOf) {
    return { state: 'readable', error: undefined, reader: null, disturbed: false, controller: null,
        queue: [], total: 0, highWaterMark, sizeOf, started: false, closing: false, pulling: false, pullAgain: false,
        pull: null, cancel: null };
}

const canEnqueue = (s) => s.state === 'readable' && !s.closing;
const desiredSize = (s) => s.state === 'errored' ? null : s.state === 'closed' ? 0 : s.highWaterMark - s.total;

function shouldPull(s) {
    return canEnqueue(s) && s.started && ((s.reader !== null && s.reader.requests.length > 0) || desiredSize(s) > 0);
}

function callPullIfNeeded(s) {
    if (!shouldPull(s)) return;
    if (s.pulling) {
        s.pullAgain = true;
        return;
    }
    s.pulling = true;
    promiseOf(s.pull).then(() => {
        s.pulling = false;
        if (s.pullAgain) {
            s.pullAgain = false;
            callPullIfNeeded(s);
        }
    }, (e) => fail(s, e));
}

// promiseOf calls an algorithm; what it throws becomes a rejection.
function promiseOf(algorithm, argument) {
    try {
        return Promise.resolve(algorithm === null ? undefined : algorithm(argument));
    } catch (e) {
        return Promise.reject(e);
    }
}

function enqueue(s, chunk) {
    if (s.reader !== null && s.reader.requests.length > 0) {
        s.reader.requests.shift().resolve({ value: chunk, done: false });
    } else {
        let size;
        try {
            size = Number(s.sizeOf(chunk));
            if (!(size >= 0) || size === Infinity) throw new RangeError('The size of a chunk is not a finite number from 0.');
        } catch (e) {
            fail(s, e);
            throw e;
        }
        s.queue.push({ chunk, size });
        s.total += size;
    }
    callPullIfNeeded(s);
}

function close(s) {
    s.closing = true;
    if (s.queue.length === 0) finish(s);
}

function finish(s) {
    s.state = 'closed';
    clearAlgorithms(s);
    if (s.reader === null) return;
    for (const request of s.reader.requests.splice(0)) request.resolve({ value: undefined, done: true });
    s.reader.closed.resolve(undefined);
}

function fail(s, e) {
    if (s.state !== 'readable') return;
    s.state = 'errored';
    s.error = e;
    s.queue = [];
    s.total = 0;
    clearAlgorithms(s);
    if (s.reader === null) return;
    for (const request of s.reader.requests.splice(0)) request.reject(e);
    s.reader.closed.reject(e);
}

function clearAlgorithms(s) {
    s.pull = null;
    s.cancel = null;
    s.sizeOf = null;
}

function cancelStream(s, reason) {
    s.disturbed = true;
    if (s.state === 'closed') return Promise.resolve(undefined);
    if (s.state === 'errored') return Promise.reject(s.error);
    const algorithm = s.cancel;
    s.queue = [];
    s.total = 0;
    finish(s);
    return promiseOf(algorithm, reason).then(() => undefined);
}

// acquire locks a stream: a reader is what waits for chunks and for the end.
function acquire(s) {
    const reader = { stream: s, requests: [], closed: deferred() };
    quiet(reader.closed.promise);
    s.reader = reader;
    if (s.state === 'closed') reader.closed.resolve(undefined);
    if (s.state === 'errored') reader.closed.reject(s.error);
    return reader;
}

function read(reader) {
    const s = reader.stream;
    s.disturbed = true;
    if (s.state === 'closed') return Promise.resolve({ value: undefined, done: true });
    if (s.state === 'errored') return Promise.reject(s.error);
    if (s.queue.length > 0) {
        const { chunk, size } = s.queue.shift();
        s.total = Math.max(s.total - size, 0);
        if (s.closing && s.queue.length === 0) finish(s);
        else callPullIfNeeded(s);
        return Promise.resolve({ value: chunk, done: false });
    }
    const request = deferred();
    reader.requests.push(request);
    callPullIfNeeded(s);
    return request.promise;
}

function release(reader) {
    const s = reader.stream;
    const e = new TypeError('Reader was released');
    if (s.state === 'readable') {
        reader.closed.reject(e);
    } else {
        reader.closed = deferred();
        reader.closed.reject(e);
    }
    quiet(reader.closed.promise);
    s.reader = null;
    reader.stream = null;
    for (const request of reader.requests.splice(0)) request.reject(e);
}

const released = () => Promise.reject(new TypeError('This readable stream reader has been released and cannot be used'));

let stateOf, isStream, newStream, controlled;

class ReadableStreamDefaultController {
    #s;
    constructor(token, s) {
        illegal(token);
        this.#s = s;
    }
    get desiredSize() { return desiredSize(this.#s); }
    enqueue(chunk) {
        if (!canEnqueue(this.#s)) throw new TypeError("Failed to execute 'enqueue' on 'ReadableStreamDefaultController': the stream is closed or has failed");
        enqueue(this.#s, chunk);
    }
    close() {
        if (!canEnqueue(this.#s)) throw new TypeError("Failed to execute 'close' on 'ReadableStreamDefaultController': the stream is closed or has failed");
        close(this.#s);
    }
    error(e) { fail(this.#s, e); }
    get [Symbol.toStringTag]() { return 'ReadableStreamDefaultController'; }
}

class ReadableStreamDefaultReader {
    #reader;
    constructor(stream) {
        if (!isStream(stream)) throw new TypeError("Failed to construct 'ReadableStreamDefaultReader': parameter 1 is not of type 'ReadableStream'.");
        if (stream.locked) throw new TypeError("Failed to construct 'ReadableStreamDefaultReader': This stream is locked to a reader");
        this.#reader = acquire(stateOf(stream));
    }
    get closed() { return this.#reader.closed.promise; }
    read() { return this.#reader.stream === null ? released() : read(this.#reader); }
    cancel(reason) { return this.#reader.stream === null ? released() : cancelStream(this.#reader.stream, reason); }
    releaseLock() {
        if (this.#reader.stream !== null) release(this.#reader);
    }
    get [Symbol.toStringTag]() { return 'ReadableStreamDefaultReader'; }
}

class ReadableStream {
    #s;
    constructor(source, strategy) {
        if (source === key) { // from within: the state is there
            this.#s = strategy;
            return;
        }
        const what = "Failed to construct 'ReadableStream'";
        if (source === null || (source !== undefined && typeof source !== 'object' && typeof source !== 'function')) {
            throw new TypeError(`${what}: parameter 1 is not of type 'Object'.`);
        }
        source ??= {};
        strategy ??= {};
        if (source.type !== undefined) throw new TypeError(`${what}: byte streams (type: 'bytes') are not supported; leave type away`);
        const cancel = method(source, 'cancel', what), pull = method(source, 'pull', what), start = method(source, 'start', what);
        const sizeOf = method(strategy, 'size', what);
        const s = newState(highWaterMarkOf(strategy, 1), sizeOf === undefined ? () => 1 : (chunk) => sizeOf(chunk));
        this.#s = s;
        s.controller = new ReadableStreamDefaultController(key, s);
        if (pull) s.pull = () => pull.call(source, s.controller);
        if (cancel) s.cancel = (reason) => cancel.call(source, reason);
        const started = start === undefined ? undefined : start.call(source, s.controller); // what it throws, the constructor throws
        Promise.resolve(started).then(() => {
            s.started = true;
            callPullIfNeeded(s);
        }, (e) => fail(s, e));
    }
    static from(iterable) {
        const make = iterable?.[asyncIterator] ?? iterable?.[Symbol.iterator];
        if (typeof make !== 'function') throw new TypeError("Failed to execute 'from' on 'ReadableStream': parameter 1 is not iterable.");
        const iterator = make.call(iterable);
        return new ReadableStream({
            async pull(controller) {
                const step = await iterator.next();
                if (typeof step !== 'object' || step === null) throw new TypeError('The iterator returned something else than an object');
                if (step.done) controller.close();
                else controller.enqueue(await step.value);
            },
            async cancel(reason) { await iterator.return?.(reason); },
        }, { highWaterMark: 0 });
    }
    get locked() { return this.#s.reader !== null; }
    cancel(reason) {
        if (this.locked) return Promise.reject(new TypeError("Failed to execute 'cancel' on 'ReadableStream': Cannot cancel a stream that already has a reader"));
        return cancelStream(this.#s, reason);
    }
    getReader(options) {
        if (options?.mode !== undefined) throw new TypeError("Failed to execute 'getReader' on 'ReadableStream': byte streams (mode: 'byob') are not supported");
        return new ReadableStreamDefaultReader(this);
    }
    // ReadableStreamDefaultTee: each chunk goes to both; the source is cancelled when both branches are.
    tee() {
        if (this.locked) throw new TypeError("Failed to execute 'tee' on 'ReadableStream': This stream is locked to a reader");
        const reader = acquire(this.#s);
        const branches = [], reasons = [undefined, undefined], canceled = [false, false], both = deferred();
        let reading = false, again = false;
        const pull = () => {
            if (reading) {
                again = true;
                return;
            }
            reading = true;
            read(reader).then(({ value, done }) => {
                reading = false;
                branches.forEach((branch, n) => {
                    if (canceled[n] || !canEnqueue(branch)) return;
                    if (done) close(branch);
                    else enqueue(branch, value);
                });
                if (done && !(canceled[0] && canceled[1])) both.resolve(undefined);
                if (again && !done) {
                    again = false;
                    pull();
                }
            }, () => { reading = false; }); // the end of the reader tells the branches
        };
        const cancel = (n) => (reason) => {
            canceled[n] = true;
            reasons[n] = reason;
            if (canceled[0] && canceled[1]) both.resolve(cancelStream(this.#s, reasons));
            return both.promise;
        };
        const streams = [0, 1].map((n) => {
            const [stream, s] = controlled(pull, cancel(n), 1);
            branches.push(s);
            return stream;
        });
        reader.closed.promise.catch((e) => {
            for (const branch of branches) fail(branch, e);
            if (!(canceled[0] && canceled[1])) both.resolve(undefined);
        });
        return streams;
    }
    values(options) {
        const reader = new ReadableStreamDefaultReader(this);
        const keep = Boolean(options?.preventCancel);
        let ongoing = Promise.resolve(), over = false;
        const step = (f) => {
            const next = ongoing.then(f, f);
            ongoing = next.catch(() => {});
            return next;
        };
        return Object.setPrototypeOf({
            next: () => step(async () => {
                if (over) return { value: undefined, done: true };
                try {
                    const result = await reader.read();
                    if (result.done) {
                        over = true;
                        reader.releaseLock();
                    }
                    return result;
                } catch (e) {
                    over = true;
                    reader.releaseLock();
                    throw e;
                }
            }),
            return: (value) => step(async () => {
                if (!over) {
                    over = true;
                    const canceled = keep ? undefined : reader.cancel(value);
                    reader.releaseLock();
                    await canceled;
                }
                return { value, done: true };
            }),
        }, { [asyncIterator]() { return this; } });
    }
    get [Symbol.toStringTag]() { return 'ReadableStream'; }
    static {
        isStream = (v) => typeof v === 'object' && v !== null && #s in v;
        stateOf = (stream) => stream.#s;
        newStream = (s) => new ReadableStream(key, s);
    }
}
Object.defineProperty(ReadableStream.prototype, asyncIterator, { value: ReadableStream.prototype.values, writable: true, configurable: true });

// controlled makes a stream whose source is of the host: pull may be called at once.
controlled = (pull, cancel, highWaterMark) => {
    const s = newState(highWaterMark, () => 1);
    s.controller = new ReadableStreamDefaultController(key, s);
    s.pull = pull;
    s.cancel = cancel;
    s.started = true;
    const stream = newStream(s);
    callPullIfNeeded(s);
    return [stream, s];
};

class CountQueuingStrategy {
    #highWaterMark;
    constructor(init) { this.#highWaterMark = Number(init.highWaterMark); }
    get highWaterMark() { return this.#highWaterMark; }
    get size() { return () => 1; }
    get [Symbol.toStringTag]() { return 'CountQueuingStrategy'; }
}

class ByteLengthQueuingStrategy {
    #highWaterMark;
    constructor(init) { this.#highWaterMark = Number(init.highWaterMark); }
    get highWaterMark() { return this.#highWaterMark; }
    get size() { return (chunk) => chunk.byteLength; }
    get [Symbol.toStringTag]() { return 'ByteLengthQueuingStrategy'; }
}

// For fetch: a stream of bytes that the host feeds, and what the standard asks of a stream that is a body.
const bodyStream = (pull, cancel) => {
    const [stream, s] = controlled(pull, cancel, 0);
    return { stream,
        enqueue: (chunk) => { if (canEnqueue(s)) enqueue(s, chunk); },
        close: () => { if (canEnqueue(s)) close(s); },
        fail: (e) => fail(s, e) };
};
const isDisturbed = (stream) => stateOf(stream).disturbed;
// seize locks a stream for good, and reads it to its end: all chunks, one after the other.
const seize = (stream, take) => {
    const reader = acquire(stateOf(stream));
    const next = () => read(reader).then(({ value, done }) => {
        if (done) return undefined;
        take(value);
        return next();
    });
    return next();
};
const lock = (stream) => {
    acquire(stateOf(stream));
    stateOf(stream).disturbed = true;
};
// drop cancels a stream that was seized.
const drop = (stream, reason) => quiet(cancelStream(stateOf(stream), reason));

const { show, members, compare } = use('show');
show(ReadableStream, (stream) => ({ locked: stream.locked, state: stateOf(stream).state, supportsBYOB: false }));
compare(ReadableStream, (a, b) => a.locked === b.locked && stateOf(a).state === stateOf(b).state &&
    'what comes out of a stream is known when it was read: read both, and compare what was read');
show(CountQueuingStrategy, members('highWaterMark'));
show(ByteLengthQueuingStrategy, members('highWaterMark'));

return { ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController, CountQueuingStrategy, ByteLengthQueuingStrategy,
    isStream, isDisturbed, bodyStream, seize, drop, lock };
})
