// events: npm's, and what Node has had since.
'use strict';

const EventEmitter = require('events/events.js');

const errorMonitor = Symbol('events.errorMonitor');
const nextTick = (...args) => require('process').nextTick(...args);
const { emit } = EventEmitter.prototype;

EventEmitter.prototype.emit = {
    emit(type, ...args) {
        if (type === 'error' && this._events?.[errorMonitor] !== undefined) emit.call(this, errorMonitor, ...args);
        if (type !== 'error' || this._events?.error !== undefined || args[0] instanceof Error) return emit.call(this, type, ...args);
        const text = args.length === 0 ? 'undefined' : require('util').inspect(args[0]);
        throw Object.assign(new Error(`Unhandled error. (${text})`), { context: args[0], code: 'ERR_UNHANDLED_ERROR' });
    },
}.emit;

// The texts for what is no listener are those of Node.
for (const name of ['addListener', 'prependListener', 'once', 'prependOnceListener', 'removeListener']) {
    const method = EventEmitter.prototype[name];
    EventEmitter.prototype[name] = {
        [name](type, listener) {
            if (typeof listener === 'function') return method.call(this, type, listener);
            const error = new TypeError(`The "listener" argument must be of type function.${require('util').received(listener)}`);
            throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
        },
    }[name];
}
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

const isTarget = (v) => typeof v?.addEventListener === 'function' && typeof v.on !== 'function';

function abortError(signal) {
    return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { code: 'ABORT_ERR', name: 'AbortError' });
}

function once(emitter, name, { signal } = {}) {
    return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(abortError(signal));
        const done = () => {
            if (isTarget(emitter)) return emitter.removeEventListener(name, arrived);
            emitter.removeListener(name, arrived);
            if (name !== 'error') emitter.removeListener('error', failed);
        };
        const leave = () => { done(); reject(abortError(signal)); };
        const arrived = (...args) => { done(); signal?.removeEventListener('abort', leave); resolve(args); };
        const failed = (error) => { done(); signal?.removeEventListener('abort', leave); reject(error); };
        signal?.addEventListener('abort', leave, { once: true });
        if (isTarget(emitter)) return emitter.addEventListener(name, arrived, { once: true });
        emitter.once(name, arrived);
        if (name !== 'error') emitter.once('error', failed);
    });
}

function on(emitter, name, { signal, close = [] } = {}) {
    if (signal?.aborted) throw abortError(signal);
    const arrived = [], waiting = [];
    let failure, ended = false;
    const settle = (value) => (waiting.length > 0 ? waiting.shift().resolve(value) : arrived.push(value));
    const listener = (...args) => settle({ value: args, done: false });
    const fail = (error) => { (waiting.length > 0 ? waiting.shift().reject(error) : failure = error); finish(); };
    const leave = () => fail(abortError(signal));
    const finish = () => {
        if (ended) return;
        ended = true;
        if (isTarget(emitter)) emitter.removeEventListener(name, listener);
        else {
            emitter.removeListener(name, listener);
            emitter.removeListener('error', fail);
            for (const event of close) emitter.removeListener(event, finish);
        }
        signal?.removeEventListener('abort', leave);
        for (const { resolve } of waiting.splice(0)) resolve({ value: undefined, done: true });
    };
    if (isTarget(emitter)) emitter.addEventListener(name, listener);
    else {
        emitter.on(name, listener);
        if (name !== 'error') emitter.on('error', fail);
        for (const event of close) emitter.on(event, finish);
    }
    signal?.addEventListener('abort', leave, { once: true });
    return {
        next() {
            if (arrived.length > 0) return Promise.resolve(arrived.shift());
            if (failure !== undefined) {
                const error = failure;
                failure = undefined;
                return Promise.reject(error);
            }
            if (ended) return Promise.resolve({ value: undefined, done: true });
            return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
        },
        return() { finish(); return Promise.resolve({ value: undefined, done: true }); },
        throw(error) { fail(error); return Promise.resolve({ value: undefined, done: true }); },
        [Symbol.asyncIterator]() { return this; },
    };
}

const added = {
    once, on, errorMonitor,
    captureRejectionSymbol: Symbol.for('nodejs.rejection'),
    captureRejections: false,
    getEventListeners: (emitter, name) => (isTarget(emitter) ? [] : emitter.listeners(name)),
    getMaxListeners: (emitter) => (isTarget(emitter) ? 0 : emitter.getMaxListeners()),
    setMaxListeners(n = EventEmitter.defaultMaxListeners, ...emitters) {
        if (emitters.length === 0) EventEmitter.defaultMaxListeners = n;
        for (const emitter of emitters) if (!isTarget(emitter)) emitter.setMaxListeners(n);
    },
    addAbortListener(signal, listener) {
        if (signal.aborted) nextTick(() => listener());
        else signal.addEventListener('abort', listener, { once: true });
        return { [Symbol.dispose]() { signal.removeEventListener('abort', listener); } };
    },
};
class EventEmitterAsyncResource extends EventEmitter {}
module.exports = Object.assign(EventEmitter, added, { EventEmitterAsyncResource });
