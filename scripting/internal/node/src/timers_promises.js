// timers/promises
'use strict';

function abortError(signal) {
    return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { code: 'ABORT_ERR', name: 'AbortError' });
}

const wait = (start, clear) => (value, { signal } = {}) => new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const leave = () => { clear(timer); reject(abortError(signal)); };
    const timer = start(() => { signal?.removeEventListener('abort', leave); resolve(value); });
    signal?.addEventListener('abort', leave, { once: true });
});

const after = (delay, value, options) => wait((f) => setTimeout(f, delay), clearTimeout)(value, options);
exports.setTimeout = after;
exports.setImmediate = (value, options) => wait((f) => setImmediate(f), clearImmediate)(value, options);
exports.setInterval = async function* (delay, value, options) {
    for (;;) {
        await after(delay, undefined, options);
        yield value;
    }
};
exports.scheduler = { wait: (delay, options) => after(delay, undefined, options), yield: () => exports.setImmediate() };
