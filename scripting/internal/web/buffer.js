// Buffer, as Node documents it. The encodings are Go.
(function (native) {
'use strict';

const encodings = { utf8: 'utf8', 'utf-8': 'utf8', hex: 'hex', base64: 'base64', base64url: 'base64url', latin1: 'latin1',
    binary: 'latin1', ascii: 'ascii', ucs2: 'utf16le', 'ucs-2': 'utf16le', utf16le: 'utf16le', 'utf-16le': 'utf16le' };

function fault(Class, code, message) {
    const e = new Class(message);
    e.code = code;
    return e;
}

function encodingOf(encoding) {
    if (encoding === undefined || encoding === null || encoding === '') return 'utf8';
    const known = encodings[String(encoding).toLowerCase()];
    if (known === undefined || typeof encoding !== 'string') throw fault(TypeError, 'ERR_UNKNOWN_ENCODING', `Unknown encoding: ${encoding}`);
    return known;
}

function describe(v) {
    if (v === null || v === undefined) return ` Received ${v}`;
    if (typeof v === 'function') return ` Received function ${v.name}`;
    if (typeof v === 'object') return v.constructor?.name ? ` Received an instance of ${v.constructor.name}` : ' Received an object';
    return ` Received type ${typeof v} (${typeof v === 'string' ? `'${v.slice(0, 25)}${v.length > 25 ? '...' : ''}'` : String(v)})`;
}

function wrongType(name, wanted, v) {
    return fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" argument must be ${wanted}.${describe(v)}`);
}

function outOfRange(name, range, v) {
    return fault(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${v}`);
}

function sizeOf(size) {
    if (typeof size !== 'number') throw wrongType('size', 'of type number', size);
    if (!(size >= 0 && size <= maxLength)) throw outOfRange('size', `>= 0 && <= ${maxLength}`, size);
    return Math.trunc(size);
}

const maxLength = 2 ** 31 - 1;

// needBytes takes what Node takes for bytes: a Buffer or another Uint8Array.
function needBytes(name, v) {
    if (!(v instanceof Uint8Array)) throw wrongType(name, 'an instance of Buffer or Uint8Array', v);
    return v;
}

function wrap(arrayBuffer) {
    return new FastBuffer(arrayBuffer, 0, arrayBuffer.byteLength);
}

function clamp(v, least, most, fallback) {
    v = v === undefined ? fallback : Math.trunc(Number(v)) || 0;
    return v < least ? least : v > most ? most : v;
}

class FastBuffer extends Uint8Array {
    constructor(value, a, b) {
        // new Buffer('text') is deprecated in Node and still met in packages.
        if (typeof value === 'string') {
            const bytes = native.encode(value, encodingOf(a));
            super(bytes, 0, bytes.byteLength);
        } else if (value instanceof ArrayBuffer) {
            super(value, a, b);
        } else {
            super(value);
        }
    }

    static from(value, a, b) {
        if (typeof value === 'string') return wrap(native.encode(value, encodingOf(a)));
        if (typeof value === 'object' && value !== null) {
            if (value instanceof ArrayBuffer) {
                const offset = a === undefined ? 0 : Math.trunc(Number(a)) || 0;
                if (offset < 0 || offset > value.byteLength) {
                    throw fault(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', '"offset" is outside of buffer bounds');
                }
                const length = b === undefined ? value.byteLength - offset : Math.max(0, Math.trunc(Number(b)) || 0);
                if (offset + length > value.byteLength) {
                    throw fault(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', '"length" is outside of buffer bounds');
                }
                return new FastBuffer(value, offset, length);
            }
            if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return FastBuffer.#ofArray(value);
            const inner = typeof value.valueOf === 'function' ? value.valueOf() : value;
            if (inner !== value && inner !== null && inner !== undefined && (typeof inner === 'object' || typeof inner === 'string')) {
                return Buffer.from(inner, a, b);
            }
            if (value.type === 'Buffer' && Array.isArray(value.data)) return FastBuffer.#ofArray(value.data);
            if (typeof value.length === 'number' || value instanceof DataView) {
                return value.length > 0 ? FastBuffer.#ofArray(value) : new FastBuffer(0);
            }
            const primitive = value[Symbol.toPrimitive];
            if (typeof primitive === 'function') {
                const text = primitive.call(value, 'string');
                if (typeof text === 'string') return Buffer.from(text, a);
            }
        }
        throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.${describe(value)}`);
    }
    static #ofArray(values) {
        const buffer = new FastBuffer(values.length);
        if (values instanceof Uint8Array) {
            buffer.set(values);
        } else {
            for (let i = 0; i < values.length; i++) buffer[i] = values[i];
        }
        return buffer;
    }
    static of(...items) { return FastBuffer.#ofArray(items); }
    static alloc(size, fill, encoding) {
        const buffer = new FastBuffer(sizeOf(size));
        return fill === undefined || fill === 0 || size === 0 ? buffer : buffer.fill(fill, encoding);
    }
    static allocUnsafe(size) { return new FastBuffer(sizeOf(size)); }
    static allocUnsafeSlow(size) { return new FastBuffer(sizeOf(size)); }
    static isBuffer(v) { return v instanceof Buffer; }
    static isEncoding(encoding) { return typeof encoding === 'string' && Object.hasOwn(encodings, encoding.toLowerCase()); }
    static byteLength(value, encoding) {
        if (typeof value === 'string') {
            const known = Buffer.isEncoding(encoding) ? encodingOf(encoding) : 'utf8';
            return native.byteLength(value, known);
        }
        if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
        throw wrongType('string', 'of type string or an instance of Buffer or ArrayBuffer', value);
    }
    static compare(a, b) {
        return native.compare(needBytes('buf1', a), needBytes('buf2', b));
    }
    static concat(list, length) {
        if (!Array.isArray(list)) throw wrongType('list', 'an instance of Array', list);
        let total = 0;
        for (let i = 0; i < list.length; i++) total += needBytes(`list[${i}]`, list[i]).length;
        if (length !== undefined) total = sizeOf(length);
        const buffer = new FastBuffer(total);
        let at = 0;
        for (const part of list) {
            if (at >= total) break;
            buffer.set(at + part.length > total ? part.subarray(0, total - at) : part, at);
            at += part.length;
        }
        return buffer;
    }

    get parent() { return this.buffer; }
    get offset() { return this.byteOffset; }
    toString(encoding, start, end) {
        const known = encodingOf(encoding);
        const from = clamp(start, 0, this.length, 0);
        const to = clamp(end, 0, this.length, this.length);
        return from >= to ? '' : native.decode(this.subarray(from, to), known);
    }
    toLocaleString(encoding, start, end) { return this.toString(encoding, start, end); }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    equals(other) {
        needBytes('otherBuffer', other);
        return this === other || native.compare(this, other) === 0;
    }
    compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
        needBytes('target', target);
        const bounded = (v, most, fallback, name) => {
            if (v === undefined) return fallback;
            if (!(v >= 0 && v <= most)) throw outOfRange(name, `>= 0 && <= ${most}`, v);
            return Math.trunc(v);
        };
        const ts = bounded(targetStart, maxLength, 0, 'targetStart'), te = bounded(targetEnd, target.length, target.length, 'targetEnd');
        const ss = bounded(sourceStart, maxLength, 0, 'sourceStart'), se = bounded(sourceEnd, this.length, this.length, 'sourceEnd');
        return native.compare(Uint8Array.prototype.subarray.call(this, ss, Math.max(ss, se)), Uint8Array.prototype.subarray.call(target, ts, Math.max(ts, te)));
    }
    // Unlike that of Uint8Array, slice is a view of the same memory.
    slice(start, end) { return this.subarray(start, end); }
    copy(target, targetStart, sourceStart, sourceEnd) {
        needBytes('target', target);
        const at = targetStart === undefined ? 0 : Math.trunc(Number(targetStart)) || 0;
        if (at < 0) throw outOfRange('targetStart', '>= 0', targetStart);
        const from = sourceStart === undefined ? 0 : Math.trunc(Number(sourceStart)) || 0;
        if (from < 0 || from > this.length) throw outOfRange('sourceStart', `>= 0 && <= ${this.length}`, sourceStart);
        const to = sourceEnd === undefined ? this.length : Math.min(Math.trunc(Number(sourceEnd)) || 0, this.length);
        if (to < 0) throw outOfRange('sourceEnd', '>= 0', sourceEnd);
        const count = Math.max(0, Math.min(to - from, target.length - at));
        if (count > 0) target.set(Uint8Array.prototype.subarray.call(this, from, from + count), at);
        return count;
    }
    write(string, offset, length, encoding) {
        if (typeof string !== 'string') throw wrongType('string', 'of type string', string);
        if (typeof offset === 'string') {
            [encoding, offset, length] = [offset, undefined, undefined];
        } else if (typeof length === 'string') {
            [encoding, length] = [length, undefined];
        }
        const at = offset === undefined ? 0 : Math.trunc(Number(offset));
        if (!(at >= 0 && at <= this.length)) throw outOfRange('offset', `>= 0 && <= ${this.length}`, offset);
        const room = Math.min(length === undefined ? Infinity : Math.trunc(Number(length)), this.length - at);
        if (!(room >= 0)) throw outOfRange('length', `>= 0 && <= ${this.length}`, length);
        return native.write(string, encodingOf(encoding), Uint8Array.prototype.subarray.call(this, at, at + room));
    }
    fill(value, offset, end, encoding) {
        if (typeof offset === 'string') {
            [encoding, offset, end] = [offset, undefined, undefined];
        } else if (typeof end === 'string') {
            [encoding, end] = [end, undefined];
        }
        const bound = (v, fallback, name) => {
            if (v === undefined) return fallback;
            if (!(v >= 0 && v <= this.length)) throw outOfRange(name, `>= 0 && <= ${this.length}`, v);
            return Math.trunc(v);
        };
        const from = bound(offset, 0, 'offset'), to = bound(end, this.length, 'end');
        if (typeof value === 'string') {
            const known = encodingOf(encoding);
            value = new Uint8Array(native.encode(value, known));
            if (value.length === 0) {
                if (known === 'hex' || known.startsWith('base64')) {
                    throw fault(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'value' is invalid.");
                }
                value = 0;
            }
        } else if (typeof value === 'boolean') {
            value = Number(value);
        }
        if (value instanceof Uint8Array) {
            if (value.length === 0) throw fault(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'value' is invalid.");
            for (let i = from, k = 0; i < to; i++, k = k + 1 === value.length ? 0 : k + 1) this[i] = value[k];
        } else {
            super.fill(Number(value) & 255, from, to);
        }
        return this;
    }
    indexOf(value, offset, encoding) { return this.#find(value, offset, encoding, false); }
    lastIndexOf(value, offset, encoding) { return this.#find(value, offset, encoding, true); }
    includes(value, offset, encoding) { return this.#find(value, offset, encoding, false) !== -1; }
    #find(value, offset, encoding, last) {
        if (typeof offset === 'string') [encoding, offset] = [offset, undefined];
        if (typeof value === 'number') {
            value = new Uint8Array([value & 255]);
        } else if (typeof value === 'string') {
            value = new Uint8Array(native.encode(value, encodingOf(encoding)));
        } else if (!(value instanceof Uint8Array)) {
            throw wrongType('value', 'one of type number or string or an instance of Buffer or Uint8Array', value);
        }
        let at = Number(offset);
        at = offset === undefined || Number.isNaN(at) ? (last ? this.length : 0) : Math.trunc(at);
        if (at < 0) at += this.length;
        if (last) return at < 0 ? -1 : native.lastIndex(this, value, Math.min(at, this.length));
        at = Math.max(at, 0);
        return at > this.length ? -1 : native.index(this, value, at);
    }
    swap16() { return this.#swap(2); }
    swap32() { return this.#swap(4); }
    swap64() { return this.#swap(8); }
    #swap(size) {
        if (this.length % size !== 0) throw fault(RangeError, 'ERR_INVALID_BUFFER_SIZE', `Buffer size must be a multiple of ${size * 8}-bits`);
        for (let i = 0; i < this.length; i += size) Uint8Array.prototype.subarray.call(this, i, i + size).reverse();
        return this;
    }
    // What Node prints.
    inspect() {
        const shown = this.subarray(0, 50).toString('hex').replace(/../g, ' $&');
        const more = this.length - 50;
        return `<Buffer${shown}${more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : ''}>`;
    }
}

// The numbers: readInt32LE(offset), writeDoubleBE(value, offset) and their kin. There are sixty of them, which would
// cost more than all the rest, so they are made when the first is looked for.
function defineNumbers() {
    function view(buffer, offset, size) {
        if (typeof offset !== 'number') throw wrongType('offset', 'of type number', offset);
        if (!Number.isInteger(offset)) throw outOfRange('offset', 'an integer', offset);
        if (buffer.length < size) throw fault(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds');
        if (offset < 0 || offset + size > buffer.length) throw outOfRange('offset', `>= 0 and <= ${buffer.length - size}`, offset);
        return new DataView(buffer.buffer, buffer.byteOffset + offset, size);
    }

    function method(names, value) {
        for (const name of names) {
            Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
        }
    }

    function numbers(names, accessor, size, least, most) {
        const variants = size === 1 ? [['', false]] : [['LE', true], ['BE', false]];
        for (const [suffix, little] of variants) {
            method(names.map((n) => `read${n}${suffix}`), function (offset = 0) {
                return view(this, offset, size)['get' + accessor](0, little);
            });
            method(names.map((n) => `write${n}${suffix}`), function (value, offset = 0) {
                if (least !== undefined) {
                    if (typeof least === 'bigint' ? typeof value !== 'bigint' : false) throw wrongType('value', 'of type bigint', value);
                    if (typeof least === 'number') value = Number(value);
                    if (value < least || value > most) throw outOfRange('value', `>= ${least} and <= ${most}`, value);
                }
                view(this, offset, size)['set' + accessor](0, value, little);
                return offset + size;
            });
        }
    }

    numbers(['UInt8', 'Uint8'], 'Uint8', 1, 0, 255);
    numbers(['UInt16', 'Uint16'], 'Uint16', 2, 0, 65535);
    numbers(['UInt32', 'Uint32'], 'Uint32', 4, 0, 4294967295);
    numbers(['Int8'], 'Int8', 1, -128, 127);
    numbers(['Int16'], 'Int16', 2, -32768, 32767);
    numbers(['Int32'], 'Int32', 4, -2147483648, 2147483647);
    numbers(['BigUInt64', 'BigUint64'], 'BigUint64', 8, 0n, 2n ** 64n - 1n);
    numbers(['BigInt64'], 'BigInt64', 8, -(2n ** 63n), 2n ** 63n - 1n);
    numbers(['Float'], 'Float32', 4);
    numbers(['Double'], 'Float64', 8);

    // readUIntBE(offset, byteLength) and its kin: one to six bytes.
    function width(byteLength) {
        if (typeof byteLength !== 'number') throw wrongType('byteLength', 'of type number', byteLength);
        if (!(Number.isInteger(byteLength) && byteLength >= 1 && byteLength <= 6)) throw outOfRange('byteLength', '>= 1 and <= 6', byteLength);
        return byteLength;
    }
    for (const [suffix, little] of [['LE', true], ['BE', false]]) {
        const read = function (offset, byteLength) {
            const v = view(this, offset, width(byteLength));
            let value = 0;
            for (let i = 0; i < byteLength; i++) value = value * 256 + v.getUint8(little ? byteLength - 1 - i : i);
            return value;
        };
        method([`readUInt${suffix}`, `readUint${suffix}`], read);
        method([`readInt${suffix}`], function (offset, byteLength) {
            const value = read.call(this, offset, byteLength);
            return value >= 2 ** (8 * byteLength - 1) ? value - 2 ** (8 * byteLength) : value;
        });
        const write = (least, most) => function (value, offset, byteLength) {
            const v = view(this, offset, width(byteLength));
            value = Number(value);
            if (value < least(byteLength) || value > most(byteLength)) {
                throw outOfRange('value', `>= ${least(byteLength)} and <= ${most(byteLength)}`, value);
            }
            value = Math.trunc(value);
            if (value < 0) value += 2 ** (8 * byteLength);
            for (let i = 0; i < byteLength; i++) {
                v.setUint8(little ? i : byteLength - 1 - i, value % 256);
                value = Math.floor(value / 256);
            }
            return offset + byteLength;
        };
        method([`writeUInt${suffix}`, `writeUint${suffix}`], write(() => 0, (n) => 2 ** (8 * n) - 1));
        method([`writeInt${suffix}`], write((n) => -(2 ** (8 * n - 1)), (n) => 2 ** (8 * n - 1) - 1));
    }
}
// Buffer may be called without new, which a class may not, and packages do.
function Buffer(value, a, b) {
    return Reflect.construct(FastBuffer, [value, a, b], new.target ?? Buffer);
}
native.become(Buffer, FastBuffer);
// In Node these may be called with new, and are.
Buffer.from = function from(value, a, b) { return FastBuffer.from(value, a, b); };
Buffer.alloc = function alloc(size, fill, encoding) { return FastBuffer.alloc(size, fill, encoding); };
Buffer.allocUnsafe = function allocUnsafe(size) { return FastBuffer.allocUnsafe(size); };
Buffer.allocUnsafeSlow = function allocUnsafeSlow(size) { return FastBuffer.allocUnsafe(size); };
native.later(Buffer.prototype, defineNumbers);

Object.defineProperty(Buffer, 'poolSize', { value: 8192, writable: true, configurable: true, enumerable: true });

return { Buffer };
})
