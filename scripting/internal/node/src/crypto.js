// crypto: hashes, HMAC and random values are Go's, as those of the global crypto.
'use strict';

const shape = require('unenv/node/crypto').default;

function fault(Class, code, message) {
    return Object.assign(new Class(message), { code });
}

const advice = 'it is not among what this host gives; the global crypto and packages such as jose, crypto-js and tweetnacl may do';
const refused = require('./refuse.js')('crypto', advice, shape);

function bytesOf(v, encoding, name = 'data') {
    if (typeof v === 'string') return Buffer.from(v, encoding === 'buffer' ? 'utf8' : encoding);
    if (v instanceof KeyObject) return secretOf(v);
    if (ArrayBuffer.isView(v)) return new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
    if (v instanceof ArrayBuffer) return new Uint8Array(v);
    throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" argument must be of type string or an instance of Buffer, TypedArray, or DataView.${received(v)}`);
}

function received(v) {
    if (v === null || v === undefined) return ` Received ${v}`;
    if (typeof v === 'function') return ` Received function ${v.name}`;
    if (typeof v === 'object') return v.constructor?.name ? ` Received an instance of ${v.constructor.name}` : ' Received an object';
    return ` Received type ${typeof v} (${require('util').inspect(v)})`;
}

const output = (bytes, encoding) => {
    const buffer = Buffer.from(bytes);
    return encoding === undefined || encoding === null || encoding === 'buffer' ? buffer : buffer.toString(encoding);
};

// A hash is a stream as well, which is made when something asks for one.
class Digest {
    #state; #finished = false; #stream;
    constructor(state) { this.#state = state; }
    update(data, encoding) {
        if (this.#finished) throw fault(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
        this.#state.update(bytesOf(data, encoding));
        return this;
    }
    digest(encoding) {
        if (this.#finished) throw fault(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
        this.#finished = true;
        return output(this.#state.digest(), encoding);
    }
    static copyOf(of) {
        if (of.#finished) throw fault(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
        return of.#state.copy();
    }
    static streamOf(of) {
        if (of.#stream === undefined) {
            const { Transform } = require('stream');
            of.#stream = new Transform({
                transform(chunk, encoding, done) { of.update(chunk); done(); },
                flush(done) { this.push(of.digest()); done(); },
            });
        }
        return of.#stream;
    }
}
for (const name of ['write', 'end', 'pipe', 'unpipe', 'read', 'on', 'once', 'off', 'emit', 'addListener', 'removeListener', 'removeAllListeners',
    'setEncoding', 'destroy', 'resume', 'pause', 'listenerCount', 'listeners', 'prependListener', Symbol.asyncIterator]) {
    Object.defineProperty(Digest.prototype, name, {
        value(...args) {
            const stream = Digest.streamOf(this), result = stream[name](...args);
            return result === stream ? this : result;
        },
        writable: true, configurable: true,
    });
}
Object.defineProperty(Digest.prototype, 'writable', { get() { return Digest.streamOf(this).writable; }, configurable: true });

class HashClass extends Digest {
    copy() { return new HashClass(Digest.copyOf(this)); }
}
class HmacClass extends Digest {}
Object.defineProperty(HashClass, 'name', { value: 'Hash' });
Object.defineProperty(HmacClass, 'name', { value: 'Hmac' });

function started(algorithm, key) {
    if (typeof algorithm !== 'string') throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${key === undefined ? 'algorithm' : 'hmac'}" argument must be of type string.${received(algorithm)}`);
    const state = native.hash(algorithm.toLowerCase(), key);
    if (state === undefined) {
        if (key !== undefined) throw fault(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${algorithm}`);
        throw fault(Error, 'ERR_OSSL_EVP_UNSUPPORTED', 'Digest method not supported');
    }
    return state;
}
const createHash = (algorithm) => new HashClass(started(algorithm));
const createHmac = (algorithm, key) => {
    if (key === undefined || key === null) throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "key" argument must be of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey.${received(key)}`);
    return new HmacClass(started(algorithm, bytesOf(key, 'utf8', 'key')));
};
const hash = (algorithm, data, encoding = 'hex') => createHash(algorithm).update(data).digest(encoding);

let secretOf, keyFrom;
class KeyObject {
    #key;
    constructor(key) {
        if (!(key instanceof Key)) throw fault(TypeError, 'ERR_INVALID_ARG_VALUE', 'KeyObject is not made with new: use createSecretKey, createPublicKey or createPrivateKey');
        this.#key = key;
    }
    get type() { return this.#key.type; }
    get symmetricKeySize() { return this.#key.bytes?.length; }
    get asymmetricKeyType() { return this.#key.kind; }
    get asymmetricKeyDetails() { return this.#key.details; }
    equals(other) {
        if (!(other instanceof KeyObject)) throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "otherKeyObject" argument must be an instance of KeyObject.${received(other)}`);
        const a = this.#key, b = other.#key;
        return a.type === b.type && (a.bytes !== undefined ? native.equal(a.bytes, b.bytes) : native.sameKey(a.handle, b.handle));
    }
    export(options = {}) {
        const { type, bytes, handle } = this.#key;
        if (type === 'secret') {
            if (options.format === 'jwk') return { kty: 'oct', k: Buffer.from(bytes).toString('base64url') };
            return Buffer.from(bytes);
        }
        if (options.format === 'jwk') throw fault(Error, 'ERR_METHOD_NOT_IMPLEMENTED', `crypto.KeyObject.export with the format "jwk" does not exist here: ${advice}`);
        const out = native.exportKey(handle, `${options.type ?? ''}`, options.format === 'der');
        return typeof out === 'string' ? out : Buffer.from(out);
    }
    get [Symbol.toStringTag]() { return 'KeyObject'; }
    static {
        secretOf = (k) => {
            if (k.#key.bytes === undefined) throw fault(TypeError, 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE', `Invalid key object type ${k.type}, expected secret.`);
            return k.#key.bytes;
        };
        keyFrom = (k) => k.#key;
    }
}
class Key {
    constructor(parts) { Object.assign(this, parts); }
}
class SecretKeyObject extends KeyObject {}
class PublicKeyObject extends KeyObject {}
class PrivateKeyObject extends KeyObject {}

const createSecretKey = (key, encoding) => new SecretKeyObject(new Key({ type: 'secret', bytes: Uint8Array.from(bytesOf(key, encoding, 'key')) }));

function parsed(input, wanted) {
    if (input instanceof KeyObject) {
        const key = keyFrom(input);
        if (key.type === wanted) return key;
        if (wanted === 'public' && key.type === 'private') return new Key(native.publicOf(key.handle));
        throw fault(TypeError, 'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE', `Invalid key object type ${key.type}, expected ${wanted}.`);
    }
    if (typeof input === 'object' && input !== null && !ArrayBuffer.isView(input) && !(input instanceof ArrayBuffer)) {
        if (input.key instanceof KeyObject) return parsed(input.key, wanted);
        if (input.passphrase !== undefined) throw fault(Error, 'ERR_METHOD_NOT_IMPLEMENTED', `crypto: keys with a passphrase do not exist here: ${advice}`);
        if (input.format === 'jwk') return new Key(native.parseJWK(JSON.stringify(input.key), wanted));
        return new Key(native.parseKey(bytesOf(input.key, input.encoding, 'key.key'), wanted));
    }
    return new Key(native.parseKey(bytesOf(input, 'utf8', 'key'), wanted));
}
const createPublicKey = (input) => new PublicKeyObject(parsed(input, 'public'));
const createPrivateKey = (input) => new PrivateKeyObject(parsed(input, 'private'));

const constants = { ...shape.constants };
const optionsFor = (key) => (typeof key === 'object' && key !== null && !(key instanceof KeyObject) ? key : {});

function signWith(algorithm, data, key) {
    const { padding, saltLength, dsaEncoding } = optionsFor(key);
    return native.sign(`${algorithm ?? ''}`.toLowerCase(), data, parsed(key, 'private').handle, padding === constants.RSA_PKCS1_PSS_PADDING, saltLength ?? constants.RSA_PSS_SALTLEN_MAX_SIGN, dsaEncoding === 'ieee-p1363');
}
function verifyWith(algorithm, data, key, signature) {
    const { padding, saltLength, dsaEncoding } = optionsFor(key);
    return native.verify(`${algorithm ?? ''}`.toLowerCase(), data, parsed(key, 'public').handle, padding === constants.RSA_PKCS1_PSS_PADDING, saltLength ?? constants.RSA_PSS_SALTLEN_AUTO, dsaEncoding === 'ieee-p1363', signature);
}

class Collector {
    #algorithm; #parts = [];
    constructor(algorithm) {
        if (!native.knowsDigest(`${algorithm}`.toLowerCase())) throw fault(Error, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${algorithm}`);
        this.#algorithm = algorithm;
    }
    update(data, encoding) { this.#parts.push(Buffer.from(bytesOf(data, encoding))); return this; }
    write(data, encoding) { this.update(data, encoding); return true; }
    end(data, encoding) { if (data !== undefined) this.update(data, encoding); }
    static all(of) { return [of.#algorithm, Buffer.concat(of.#parts)]; }
}
class Sign extends Collector {
    sign(key, encoding) { return output(signWith(...Collector.all(this), key), encoding); }
}
class Verify extends Collector {
    verify(key, signature, encoding) { return verifyWith(...Collector.all(this), key, bytesOf(signature, encoding, 'signature')); }
}

// later gives a result to a function, or throws or returns it where there is none.
function later(done, make) {
    if (typeof done !== 'function') return make();
    let result;
    try {
        result = make();
    } catch (error) {
        return process.nextTick(done, error);
    }
    process.nextTick(done, null, result);
}

function randomBytes(size, done) {
    if (typeof size !== 'number') throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "size" argument must be of type number.${received(size)}`);
    if (!(size >= 0 && size <= 2 ** 31 - 1)) throw fault(RangeError, 'ERR_OUT_OF_RANGE', `The value of "size" is out of range. It must be >= 0 && <= 2147483647. Received ${size}`);
    return later(done, () => {
        const buffer = Buffer.alloc(size);
        native.random(buffer);
        return buffer;
    });
}

function randomFillSync(buffer, offset = 0, size) {
    const all = bytesOf(buffer, undefined, 'buf');
    native.random(all.subarray(offset, size === undefined ? undefined : offset + size));
    return buffer;
}

function randomInt(min, max, done) {
    const alone = max === undefined || typeof max === 'function';
    if (alone) [min, max, done] = [0, min, max];
    if (!Number.isSafeInteger(min)) throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "min" argument must be a safe integer.${received(min)}`);
    if (!Number.isSafeInteger(max)) throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "max" argument must be a safe integer.${received(max)}`);
    if (max <= min) throw fault(RangeError, 'ERR_OUT_OF_RANGE', `The value of "max" is out of range. It must be greater than the value of "min" (${min}). Received ${max}`);
    if (max - min > 2 ** 48 - 1) {
        const found = `${max - min}`.replace(/\B(?=(\d{3})+$)/g, '_');
        throw fault(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${alone ? 'max' : 'max - min'}" is out of range. It must be <= 281474976710655. Received ${found}`);
    }
    const range = max - min, limit = 2 ** 48 - (2 ** 48 % range);
    return later(done, () => {
        for (;;) {
            const n = randomBytes(6).readUIntBE(0, 6);
            if (n < limit) return min + (n % range);
        }
    });
}

function timingSafeEqual(a, b) {
    const x = bytesOf(a, undefined, 'buf1'), y = bytesOf(b, undefined, 'buf2');
    if (typeof a === 'string' || typeof b === 'string') {
        const [name, v] = typeof a === 'string' ? ['buf1', a] : ['buf2', b];
        throw fault(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.${received(v)}`);
    }
    if (x.length !== y.length) throw fault(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
    return native.equal(x, y);
}

function derived(name, ...args) {
    const result = native[name](...args);
    if (result === undefined) throw fault(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${args[0]}`);
    return result;
}
const pbkdf2Sync = (password, salt, iterations, length, digest) => Buffer.from(derived('pbkdf2', `${digest}`.toLowerCase(), bytesOf(password), bytesOf(salt), iterations, length));
const hkdfSync = (digest, key, salt, info, length) => derived('hkdf', `${digest}`.toLowerCase(), bytesOf(key), bytesOf(salt), bytesOf(info), length);

const web = (name) => ({ get: () => name === 'webcrypto' ? globalThis.crypto : globalThis.crypto[name], enumerable: true, configurable: true });
function Hash(algorithm) { return createHash(algorithm); }
function Hmac(algorithm, key) { return createHmac(algorithm, key); }
Hash.prototype = HashClass.prototype;
Hmac.prototype = HmacClass.prototype;

module.exports = Object.assign(refused, {
    constants, createHash, createHmac, hash, Hash, Hmac, Sign, Verify, KeyObject, createSecretKey, createPublicKey, createPrivateKey,
    createSign: (algorithm) => new Sign(algorithm), createVerify: (algorithm) => new Verify(algorithm),
    sign: (algorithm, data, key, done) => later(done, () => Buffer.from(signWith(algorithm, bytesOf(data), key))),
    verify: (algorithm, data, key, signature, done) => later(done, () => verifyWith(algorithm, bytesOf(data), key, bytesOf(signature))),
    randomBytes, pseudoRandomBytes: randomBytes, prng: randomBytes, rng: randomBytes, randomFillSync, randomInt, timingSafeEqual,
    randomFill(buffer, ...rest) {
        const done = rest.pop();
        return later(done, () => randomFillSync(buffer, ...rest));
    },
    randomUUID: () => globalThis.crypto.randomUUID(),
    getRandomValues: (array) => globalThis.crypto.getRandomValues(array),
    getHashes: () => native.hashes(), getCiphers: () => [], getCurves: () => ['prime256v1', 'secp384r1', 'secp521r1'], getFips: () => 0,
    pbkdf2Sync, hkdfSync,
    pbkdf2: (password, salt, iterations, length, digest, done) => later(done, () => pbkdf2Sync(password, salt, iterations, length, digest)),
    hkdf: (digest, key, salt, info, length, done) => later(done, () => hkdfSync(digest, key, salt, info, length)),
});
Object.defineProperties(module.exports, { webcrypto: web('webcrypto'), subtle: web('subtle') });
