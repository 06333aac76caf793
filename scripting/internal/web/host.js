// performance (High Resolution Time, W3C), and process, as far as a script has one.
(function (native) {
'use strict';

class Performance {
    get timeOrigin() { return native.origin(); }
    now() { return native.now(); }
    toJSON() { return { timeOrigin: this.timeOrigin }; }
    get [Symbol.toStringTag]() { return 'Performance'; }
}

const seconds = () => native.now() / 1e3;
const exit = () => { throw Object.assign(new Error('process.exit does not exist here: a plugin lives as long as its host'), { code: 'ERR_METHOD_NOT_IMPLEMENTED' }); };

// nextTick runs in the order of promise jobs, of which goja has one queue.
function nextTick(callback, ...args) {
    if (typeof callback !== 'function') {
        throw Object.assign(new TypeError(`The "callback" argument must be of type function. Received ${callback === null ? 'null' : typeof callback}`), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    queueMicrotask(args.length === 0 ? callback : () => callback(...args));
}

function hrtime(since) {
    const nanos = Math.round(native.now() * 1e6), now = [Math.floor(nanos / 1e9), nanos % 1e9];
    if (since === undefined) return now;
    const [s, n] = [now[0] - since[0], now[1] - since[1]];
    return n < 0 ? [s - 1, n + 1e9] : [s, n];
}
hrtime.bigint = () => BigInt(Math.round(native.now() * 1e6));

function emitWarning(warning, type, code) {
    const of = typeof type === 'object' && type !== null ? type : { type, code };
    const name = warning instanceof Error ? warning.name : of.type ?? 'Warning';
    if (name === 'DeprecationWarning' && process.noDeprecation) return;
    console.warn(`(node:${process.pid}) ${of.code ?? warning.code ? `[${of.code ?? warning.code}] ` : ''}${name}: ${warning.message ?? warning}`);
}

// What is written to the standard streams is printed, line by line.
function output(fd, print) {
    return {
        fd, isTTY: false, writable: true, writableLength: 0, columns: undefined,
        write(data, encoding, done = encoding) {
            let text = typeof data === 'string' ? data : new TextDecoder().decode(data);
            if (text.endsWith('\n')) text = text.slice(0, -1);
            print(text);
            if (typeof done === 'function') nextTick(done);
            return true;
        },
        end(data) { if (data !== undefined && typeof data !== 'function') this.write(data); },
        getColorDepth: () => 1, hasColors: () => false, cork() {}, uncork() {}, destroy() {}, emit: () => false, listenerCount: () => 0,
        on() { return this; }, once() { return this; }, off() { return this; }, removeListener() { return this; },
    };
}

// Of what happens to the process nothing happens to a plugin.
const deaf = {};
for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener', 'prependOnceListener', 'setMaxListeners']) {
    deaf[name] = { [name]() { return this; } }[name];
}

// Its env cannot be changed: what was granted is what there is, for every module of the plugin.
const process = {
    title: 'trackhook', version: 'v20.20.0', versions: { node: '20.20.0' }, arch: 'x64', platform: 'linux', release: { name: 'node' },
    argv: ['trackhook'], execArgv: [], argv0: 'trackhook', execPath: 'trackhook', pid: 1, ppid: 0, exitCode: undefined,
    nextTick, hrtime, emitWarning, cwd: () => '/', uptime: seconds,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    getBuiltinModule: (name) => native.builtin(`${name}`), exit, ...deaf, emit: () => false, listeners: () => [], listenerCount: () => 0, eventNames: () => [],
    stdout: output(1, (text) => console.log(text)), stderr: output(2, (text) => console.error(text)),
};
Object.defineProperty(process, 'env', { value: Object.freeze(native.env()), enumerable: true });
Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });

return { performance: new Performance(), process };
})
