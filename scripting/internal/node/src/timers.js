// timers: the global functions, whose results have the methods that those of Node have.
'use strict';

class Timeout {
    #id; #start; #stop;
    constructor(start, stop) {
        this.#start = start;
        this.#stop = stop;
        this.#id = start(this);
    }
    ref() { return this; }
    unref() { return this; }
    hasRef() { return true; }
    refresh() {
        this.#stop(this.#id);
        this.#id = this.#start(this);
        return this;
    }
    close() { this.#stop(this.#id); return this; }
    [Symbol.toPrimitive]() { return this.#id; }
}

const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } = globalThis;
exports.setTimeout = (f, ...args) => new Timeout(() => setTimeout(f, ...args), clearTimeout);
exports.setInterval = (f, ...args) => new Timeout(() => setInterval(f, ...args), clearInterval);
exports.setImmediate = (f, ...args) => new Timeout(() => setImmediate(f, ...args), clearImmediate);
const stop = (clear) => (timer) => { if (timer !== undefined && timer !== null) clear(typeof timer === 'object' ? timer[Symbol.toPrimitive]() : timer); };
exports.clearTimeout = stop(clearTimeout);
exports.clearInterval = stop(clearInterval);
exports.clearImmediate = stop(clearImmediate);
Object.defineProperty(exports, 'promises', { get: () => require('timers/promises'), enumerable: true, configurable: true });
