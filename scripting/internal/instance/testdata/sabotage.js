// A tour of all that a host gives to scripts, again and again, each time after one thing that scripts can replace was
// replaced. It uses nothing itself that it replaces, and what the calls answer or throw is of no interest: what counts is
// that they come back.
(() => {
'use strict';
const { apply, construct, ownKeys, getOwnPropertyDescriptor, getPrototypeOf, defineProperty, deleteProperty } = Reflect;
const bare = (object) => Object.setPrototypeOf(object, null);
const { setTimeout, SABOTAGE: host } = globalThis;
const { note, names, from, step, only, thin, done } = host; // only: one target, and nothing of the host is built before
const then = Promise.prototype.then, RealPromise = Promise, RealError = Error, RealProxy = Proxy;
const text = String;
delete globalThis.SABOTAGE;

// What is replaced: owner, key.
const owners = bare({ Object, Function, Array, String, Number, Boolean, Symbol, BigInt, Error, TypeError, RangeError, AggregateError, Promise, Map, Set, WeakMap,
    WeakSet, RegExp, Date, JSON, Math, Reflect, Proxy, ArrayBuffer, Uint8Array, Uint16Array, DataView, TypedArray: getPrototypeOf(Uint8Array),
    ArrayIterator: getPrototypeOf([][Symbol.iterator]()), MapIterator: getPrototypeOf(new Map().entries()), StringIterator: getPrototypeOf(''[Symbol.iterator]()),
    Generator: getPrototypeOf(getPrototypeOf((function* () {})())) });
const targets = [];
const add = (label, owner, key) => { targets[targets.length] = [label, owner, key]; };
const addAll = (label, owner) => {
    const keys = ownKeys(owner);
    for (let i = 0; i < keys.length; i++) if (getOwnPropertyDescriptor(owner, keys[i]).configurable) add(label + '.' + text(keys[i]), owner, keys[i]);
};
for (const name of ownKeys(owners)) {
    addAll(name, owners[name]);
    if (typeof owners[name] === 'function' && owners[name].prototype) addAll(name + '.prototype', owners[name].prototype);
}
for (const name of ownKeys(globalThis)) if (typeof name === 'string' && name !== 'undefined' && name !== 'globalThis') add('globalThis.' + name, globalThis, name);
for (const key of ['then', 'get', 'set', 'value', 'done', 'next', 'length', '0', '1', 'return', 'throw', 'toJSON', 'type', 'start', 'pull', 'cancel', 'write', 'close',
    'abort', 'transform', 'flush', 'size', 'highWaterMark', 'mode', 'signal', 'aborted', 'handleEvent', 'message', 'name', 'stack', 'cause', 'code', 'headers', 'body',
    'method', 'redirect', 'status', 'statusText', 'writable', 'enumerable', 'configurable', 'transfer', 'once', 'capture', 'detail', 'fatal', 'stream', 'ignoreBOM',
    'endings', 'lastModified', 'hash', 'length', 'depth', 'colors', 'read', 'written', 'byteLength', 'buffer', 'index', 'input', 'groups', 'constructor',
    'preventCancel', 'callbackId', 'revenue', 'currency', 'index', 'exports', 'asyncIterator', 'description',
    Symbol.iterator, Symbol.toPrimitive, Symbol.toStringTag, Symbol.species, Symbol.hasInstance, Symbol.isConcatSpreadable, Symbol.asyncIterator ?? 'asyncIterator']) {
    add('Object.prototype.' + text(key), Object.prototype, key);
}
const addHost = (name) => {
    const value = (0, eval)(name);
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return;
    addAll(name, value);
    if (typeof value === 'function' && value.prototype) addAll(name + '.prototype', value.prototype);
    for (let p = typeof value === 'function' ? null : getPrototypeOf(value); p && p !== Object.prototype && p !== Array.prototype; p = getPrototypeOf(p)) addAll(name + ' above', p);
};
if (!only) for (let i = 0; i < names.length; i++) if (names[i] !== 'self') addHost(names[i]);

// What it is replaced with.
let turn = 0;
const odd = (self) => {
    switch (turn++ % 11) {
    case 0: return undefined;
    case 1: return {};
    case 2: return 'x';
    case 3: return 7;
    case 4: return null;
    case 5: return { done: turn % 3 === 0, value: self, then: null, length: 2, 0: 'a', 1: self };
    case 6: return () => self;
    case 7: return -1;
    case 8: return new RealProxy({}, {});
    case 9: return ['a', 'b'];
    default: throw new RealError('odd');
    }
};
const oddly = function () { return odd(this); };
const modes = [
    ['is undefined', (owner, key) => defineProperty(owner, key, bare({ value: undefined, writable: true, configurable: true }))],
    ['answers oddly', (owner, key) => defineProperty(owner, key, bare({ value: oddly, writable: true, configurable: true }))],
    ['is got oddly', (owner, key) => defineProperty(owner, key, bare({ get: oddly, set() {}, configurable: true }))],
    ['throws', (owner, key) => defineProperty(owner, key, bare({ get() { throw 1; }, set() { throw 2; }, configurable: true }))],
    ['is deleted', (owner, key) => deleteProperty(owner, key)],
    ['resolves oddly', (owner, key) => defineProperty(owner, key, bare({ value(ok) { ok(odd(this)); return this; }, writable: true, configurable: true }))],
];

// The tour. Classes that are made with something get that.
const make = bare({
    URL: ['https://a.example:8/b?c=d#e'], URLSearchParams: ['a=b&c=d'], Headers: [[['a', 'b'], ['c', 'd']]], Request: ['https://a.example/', { method: 'POST', body: 'x', headers: { a: 'b' } }],
    Response: ['a body', { headers: { 'content-type': 'text/plain' } }], Blob: [['a', new Uint8Array(3)]], File: [['a'], 'name'], Event: ['e'], CustomEvent: ['e', { detail: 1 }],
    DOMException: ['m', 'AbortError'], AdjustConfig: ['abc123def456', 'sandbox'], AdjustEvent: ['abc123'], AdjustAdRevenue: ['applovin_max_sdk'], AdjustThirdPartySharing: [true],
    AdjustDeeplink: ['https://a.example'], AdjustStoreInfo: ['x'], AdjustAppStoreSubscription: ['1', 'USD', 't'], AdjustPlayStoreSubscription: [1, 'USD', 's', 'o', 'g', 'p'],
    AdjustAppStorePurchase: ['p', 't'], AdjustPlayStorePurchase: ['p', 't'], CountQueuingStrategy: [{ highWaterMark: 1 }], ByteLengthQueuingStrategy: [{ highWaterMark: 1 }],
    Buffer: ['text'], ReadableStream: [{ start(c) { c.enqueue(new Uint8Array(2)); c.close(); } }],
});
const noop = () => {}, objects = Object.prototype, arrays = Array.prototype, functions = Function.prototype;
let all, rows, things;
const attempted = (f) => {
    try { return f(); } catch { return undefined; }
};
// begin makes what the tour hands over.
const begin = () => {
    all = [];
    for (let i = 0; i < names.length; i++) all[i] = attempted(() => (0, eval)(names[i]));
    const view = new Uint8Array([1, 2, 3]);
    const blob = attempted(() => new Blob(['x'])), params = attempted(() => new URLSearchParams('a=b')), event = attempted(() => new Event('e'));
    const headers = attempted(() => new Headers({ a: 'b' })), controller = attempted(() => new AbortController());
    const form = attempted(() => {
        const form = new FormData();
        form.append('a', blob, 'n');
        return form;
    });
    const mixed = attempted(() => ({ a: [1, { b: 2 }], m: new Map([[1, 2]]), s: new Set([1]), d: new Date(0), e: new RealError('x'), r: /x/g, v: view }));
    things = { event, headers, controller, blob, params, form, view, mixed };
    rows = [[], ['a'], ['a', 'b'], [noop], ['a', noop], [view, 1], [mixed], [[['a', 'b']]], [blob, 'c'], [params, form], [event], [controller?.signal],
        ['SHA-256', view], [form, { a: 1 }], [1, 2, 3], ['data:text/plain,hello', { headers }], [10n, 0]];
};
const fresh = (row) => { // a copy, made of nothing that may be replaced
    const copy = [];
    for (let i = 0; i < row.length; i++) defineProperty(copy, i, bare({ value: row[i], writable: true, enumerable: true, configurable: true }));
    return copy;
};
const watch = (value) => {
    if (value instanceof RealPromise) apply(then, value, [noop, noop]);
};
const attempt = (f, self, row) => {
    try { watch(apply(f, self, fresh(row))); } catch { /* whatever */ }
};
const timing = bare({ constructor: 1, setTimeout: 1, setInterval: 1, clearTimeout: 1, clearInterval: 1, clearImmediate: 1 });
const skipped = (name) => timing[name] !== undefined; // it would end, or never end, this
const visit = (object) => {
    for (let o = object, depth = 0; o !== null && o !== objects && o !== arrays && o !== functions && depth < 6; o = getPrototypeOf(o), depth++) {
        const keys = ownKeys(o);
        for (let i = 0; i < keys.length; i++) {
            const property = getOwnPropertyDescriptor(o, keys[i]);
            if (property === undefined || skipped(keys[i])) continue;
            bare(property);
            if (property.get) attempt(property.get, object, []);
            if (property.set) attempt(property.set, object, ['x']);
            if (typeof property.value === 'function') for (let r = 0; r < rows.length; r += thin) attempt(property.value, object, rows[(r + i) % rows.length]);
        }
    }
};
const tour = () => {
    for (let i = 0; i < all.length; i++) {
        const value = all[i];
        if (typeof value === 'object' && value !== null) attempted(() => visit(value));
        if (typeof value !== 'function') continue;
        for (let r = 0; r < rows.length; r += thin) if (!skipped(names[i])) attempt(value, undefined, rows[r]);
        const made = make[names[i]];
        attempted(() => visit(construct(value, made === undefined ? [] : fresh(made))));
        attempted(() => visit(value));
    }
    attempted(() => watch(new Response('x').json()));
    attempted(() => watch(new Response('x').text()));
    attempted(() => watch(new Response('abc').body.getReader().read()));
    attempted(() => watch(new Request('https://a.example/', { method: 'POST', body: things.form }).formData()));
    attempted(() => watch((async () => { for (const x of [1, 2]) await x; return (await fetch('data:,x')).text(); })()));
    attempted(() => watch((async () => (await fetch(host.server, { method: 'POST', body: 'b', headers: { a: 'b' } })).text())()));
    attempted(() => console.log(things, [1, 2], new Map([[1, 2]]), new Set([3]), new RealError('x')));
    attempted(() => console.table([{ a: 1 }, { b: 2 }]));
    attempted(() => watch(structuredClone(things.mixed)));
};

const count = targets.length * modes.length;
// What promises and iterators are asked for is replaced each time, the rest in samples.
const asked = bare({ then: 1, next: 1, done: 1, value: 1 });
let at = from;
if (!only) begin();
const next = () => {
    if (at >= count) {
        if (!only || from >= count) done();
        return;
    }
    const target = targets[at % targets.length], mode = modes[(at - at % targets.length) / targets.length];
    const owner = target[1], key = target[2];
    note(at, target[0] + ' ' + mode[0]);
    turn = at;
    if (only) at = count;
    else do at++; while (at < count && (at - from) % step !== 0 && asked[text(targets[at % targets.length][2])] !== 1);
    const before = getOwnPropertyDescriptor(owner, key);
    if (before !== undefined) bare(before);
    apply(setTimeout, undefined, [next, 2]);
    apply(setTimeout, undefined, [() => {
        if (before === undefined) deleteProperty(owner, key);
        else defineProperty(owner, key, before);
    }, 1]);
    attempted(() => mode[1](owner, key));
    if (only) begin();
    tour();
};
next();
})();
