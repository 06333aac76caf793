// structuredClone (HTML standard, 2.7). What an object really is, is asked of Go: its prototype and its tags can lie.
(function (native, use) {
'use strict';

const mapEntries = Map.prototype.entries, setValues = Set.prototype.values;
const bufferSlice = ArrayBuffer.prototype.slice;
const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
const typed = Object.getPrototypeOf(Uint8Array.prototype);
const typedName = getter(typed, Symbol.toStringTag);
// The classes are named where they are needed: goja makes each when it is first looked at, and that is most of the cost.
const typedArrays = () => ({ Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    Float32Array, Float64Array, BigInt64Array, BigUint64Array });
const errors = () => ({ Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError });

function fail(v) {
    const { DOMException } = use('exception');
    let text = typeof v;
    try {
        text = typeof v === 'symbol' ? v.toString() : typeof v === 'function' ? String(v) : `#<${v.constructor?.name ?? 'Object'}>`;
    } catch { /* the type must do */ }
    return new DOMException(`${text} could not be cloned.`, 'DataCloneError');
}

function isDataView(v) {
    try {
        getter(DataView.prototype, 'byteLength').call(v);
        return true;
    } catch {
        return false;
    }
}

function define(to, key, value) {
    Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
}

function cloneError(from, seen) {
    const exception = use('exception', true);
    if (exception && from instanceof exception.DOMException) {
        const copy = new exception.DOMException(from.message, from.name);
        Object.defineProperty(copy, 'stack', { value: String(from.stack), writable: true, configurable: true });
        seen.set(from, copy);
        return copy;
    }
    const name = from.name === undefined ? 'Error' : String(from.name);
    const own = Object.getOwnPropertyDescriptor(from, 'message');
    const copy = Object.hasOwn(errors(), name) ? new (errors()[name])() : new Error();
    seen.set(from, copy);
    if (own && 'value' in own) {
        Object.defineProperty(copy, 'message', { value: String(own.value), writable: true, configurable: true });
    }
    Object.defineProperty(copy, 'stack', { value: String(from.stack), writable: true, configurable: true });
    if (Object.hasOwn(from, 'cause')) {
        Object.defineProperty(copy, 'cause', { value: clone(from.cause, seen), writable: true, configurable: true });
    }
    return copy;
}

function cloneProperties(from, to, seen) {
    for (const key of Object.keys(from)) {
        if (Object.hasOwn(from, key)) define(to, key, clone(from[key], seen));
    }
    return to;
}

function cloneBuffer(from, seen) {
    const known = seen.get(from);
    if (known !== undefined) return known;
    const copy = bufferSlice.call(from, 0);
    seen.set(from, copy);
    return copy;
}

// clone is StructuredSerializeInternal and StructuredDeserialize in one walk.
function clone(v, seen) {
    if (typeof v === 'symbol' || typeof v === 'function') throw fail(v);
    if (typeof v !== 'object' || v === null) return v;
    const known = seen.get(v);
    if (known !== undefined) return known;
    let copy;
    switch (native.kind(v)) {
    case 'Boolean': copy = Object(Boolean.prototype.valueOf.call(v)); break;
    case 'Number': copy = Object(Number.prototype.valueOf.call(v)); break;
    case 'BigInt': copy = Object(BigInt.prototype.valueOf.call(v)); break;
    case 'String': copy = Object(String.prototype.valueOf.call(v)); break;
    case 'Date': copy = new Date(Date.prototype.getTime.call(v)); break;
    case 'RegExp': copy = new RegExp(getter(RegExp.prototype, 'source').call(v), getter(RegExp.prototype, 'flags').call(v)); break;
    case 'ArrayBuffer': return cloneBuffer(v, seen);
    case 'Error': return cloneError(v, seen);
    case 'Map': {
        copy = new Map();
        seen.set(v, copy);
        for (const [key, value] of [...mapEntries.call(v)]) copy.set(clone(key, seen), clone(value, seen));
        return copy;
    }
    case 'Set': {
        copy = new Set();
        seen.set(v, copy);
        for (const value of [...setValues.call(v)]) copy.add(clone(value, seen));
        return copy;
    }
    case 'Array':
        copy = new Array(v.length);
        seen.set(v, copy);
        return cloneProperties(v, copy, seen);
    case 'host':
        copy = native.plain(v);
        break;
    case 'Object': {
        const name = typedName.call(v);
        if (name !== undefined) {
            const buffer = cloneBuffer(getter(typed, 'buffer').call(v), seen);
            copy = new (typedArrays()[name])(buffer, getter(typed, 'byteOffset').call(v), getter(typed, 'length').call(v));
            break;
        }
        const prototype = Object.getPrototypeOf(v);
        const ordinary = prototype === Object.prototype || prototype === null; // and the two costly questions need no answer
        if (!ordinary && isDataView(v)) {
            const part = (name) => getter(DataView.prototype, name).call(v);
            copy = new DataView(cloneBuffer(part('buffer'), seen), part('byteOffset'), part('byteLength'));
            break;
        }
        if (!ordinary && isWeak(v)) throw fail(v);
        if (!ordinary && isPlatformObject(v)) {
            const blobs = use('blob', true);
            if (!blobs?.isBlob(v)) throw fail(v);
            copy = v instanceof blobs.File ? new blobs.File([v], v.name, v) : blobs.newBlob(blobs.bytesOf(v), v.type);
            break;
        }
        copy = {};
        seen.set(v, copy);
        return cloneProperties(v, copy, seen);
    }
    default: // a promise, a proxy, an iterator, localStorage ...
        throw fail(v);
    }
    seen.set(v, copy);
    return copy;
}

// isPlatformObject tells objects of the web's classes, of which only those of Blob can be cloned. A feature that is not
// built has none.
function isPlatformObject(v) {
    return ['abort', 'blob', 'crypto', 'encoding', 'fetch', 'stream', 'url'].some((feature) => {
        const exports = use(feature, true);
        return exports !== undefined && Object.values(exports).some((c) => typeof c === 'function' && c.prototype !== undefined && v instanceof c);
    });
}

function isWeak(v) {
    for (const has of [WeakMap.prototype.has, WeakSet.prototype.has]) {
        try {
            has.call(v, v);
            return true;
        } catch { /* not that one */ }
    }
    return false;
}

function structuredClone(value, options) {
    if (arguments.length === 0) {
        throw new TypeError("Failed to execute 'structuredClone': 1 argument required, but only 0 present.");
    }
    const transfer = options?.transfer === undefined ? [] : [...options.transfer];
    const seen = new Map();
    for (const t of transfer) {
        if (typeof t !== 'object' || t === null || native.kind(t) !== 'ArrayBuffer' || native.detached(t)) throw fail(t);
    }
    if (new Set(transfer).size !== transfer.length) throw fail(transfer[0]);
    const copy = clone(value, seen);
    for (const t of transfer) native.detach(t);
    return copy;
}

return { structuredClone };
})
