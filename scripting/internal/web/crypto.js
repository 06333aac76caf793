// Web Cryptography: random values, digests and HMAC. The primitives are Go's.
(function (native, use) {
'use strict';

const key = Symbol('crypto');

function illegal(token) {
    if (token !== key) throw new TypeError('Illegal constructor');
}

function exception(message, name) {
    const { DOMException } = use('exception');
    return new DOMException(message, name);
}

// copyOf copies the bytes of a BufferSource, as every operation of the standard does before it goes on.
function copyOf(v, what) {
    if (ArrayBuffer.isView(v)) return new Uint8Array(v.buffer, v.byteOffset, v.byteLength).slice();
    if (v instanceof ArrayBuffer) return new Uint8Array(v.slice(0));
    throw new TypeError(`${what} is not of type 'ArrayBuffer' or 'ArrayBufferView'.`);
}

const digests = { 'SHA-1': 64, 'SHA-256': 64, 'SHA-384': 128, 'SHA-512': 128 }; // block sizes in bytes

// algorithmName is the name of an AlgorithmIdentifier: a text, or an object with a name.
function algorithmName(algorithm) {
    if (typeof algorithm !== 'object' || algorithm === null) return `${algorithm}`.toUpperCase();
    if (algorithm.name === undefined) throw new TypeError('The algorithm has no name');
    return `${algorithm.name}`.toUpperCase();
}

function hashOf(algorithm) {
    const name = algorithmName(algorithm);
    if (!Object.hasOwn(digests, name)) {
        throw exception(`Unrecognized algorithm name: ${name}; SHA-1, SHA-256, SHA-384 and SHA-512 are known`, 'NotSupportedError');
    }
    return name;
}

function needHMAC(algorithm) {
    const name = algorithmName(algorithm);
    if (name !== 'HMAC') throw exception(`Unrecognized algorithm name: ${name}; HMAC is known`, 'NotSupportedError');
}

let secretOf, newKey;

class CryptoKey {
    #secret; #extractable; #algorithm; #usages;
    constructor(token, secret, extractable, algorithm, usages) {
        illegal(token);
        this.#secret = secret;
        this.#extractable = extractable;
        this.#algorithm = algorithm;
        this.#usages = usages;
    }
    get type() { return 'secret'; }
    get extractable() { return this.#extractable; }
    get algorithm() { return this.#algorithm; }
    get usages() { return this.#usages; }
    get [Symbol.toStringTag]() { return 'CryptoKey'; }
    static {
        secretOf = (k) => {
            if (typeof k !== 'object' || k === null || !(#secret in k)) throw new TypeError("parameter is not of type 'CryptoKey'.");
            return k.#secret;
        };
        newKey = (...args) => new CryptoKey(key, ...args);
    }
}

function usagesOf(usages) {
    const list = [...new Set([...usages].map(String))];
    const known = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];
    for (const usage of list) {
        if (!known.includes(usage)) throw new TypeError(`The provided value '${usage}' is not a valid enum value of type KeyUsage.`);
    }
    if (list.some((u) => u !== 'sign' && u !== 'verify')) {
        throw exception('Cannot create a key using the specified key usages.', 'SyntaxError');
    }
    if (list.length === 0) throw exception('Usages cannot be empty when creating a key.', 'SyntaxError');
    return list;
}

function hmacKey(secret, algorithm, extractable, usages) {
    const hash = hashOf(algorithm.hash);
    const details = { name: 'HMAC', hash: { name: hash }, length: secret.length * 8 };
    return newKey(secret, Boolean(extractable), details, usages);
}

function lengthOf(algorithm, bytes) {
    if (algorithm.length === undefined) return;
    const length = Number(algorithm.length);
    if (!(length > (bytes - 1) * 8 && length <= bytes * 8) || length % 8 !== 0) {
        throw exception('The HMAC key length must be that of the key data, in whole bytes.', 'DataError');
    }
}

class SubtleCrypto {
    constructor(token) { illegal(token); }
    async digest(algorithm, data) {
        const bytes = copyOf(data, "Failed to execute 'digest' on 'SubtleCrypto': parameter 2");
        return native.digest(hashOf(algorithm), bytes);
    }
    async importKey(format, keyData, algorithm, extractable, usages) {
        if (format === 'jwk') return this.#importJWK(keyData, algorithm, extractable, usages);
        if (format !== 'raw') throw exception(`The key format '${format}' is not supported; 'raw' and 'jwk' are`, 'NotSupportedError');
        const secret = copyOf(keyData, "Failed to execute 'importKey' on 'SubtleCrypto': parameter 2");
        needHMAC(algorithm);
        const list = usagesOf(usages);
        if (secret.length === 0) throw exception('HMAC key data must not be empty', 'DataError');
        lengthOf(algorithm, secret.length);
        return hmacKey(secret, algorithm, extractable, list);
    }
    async #importJWK(jwk, algorithm, extractable, usages) {
        needHMAC(algorithm);
        const list = usagesOf(usages);
        if (jwk?.kty !== 'oct' || typeof jwk.k !== 'string') throw exception('The JWK must have kty "oct" and k', 'DataError');
        const wanted = 'HS' + hashOf(algorithm.hash).slice(4);
        if (jwk.alg !== undefined && jwk.alg !== wanted) throw exception(`The JWK "alg" is not ${wanted}`, 'DataError');
        if (jwk.ext === false && extractable) throw exception('The JWK is not extractable', 'DataError');
        const secret = native.fromBase64URL(jwk.k);
        if (secret === null || secret.byteLength === 0) throw exception('The JWK "k" is not base64url', 'DataError');
        return hmacKey(new Uint8Array(secret), algorithm, extractable, list);
    }
    async generateKey(algorithm, extractable, usages) {
        needHMAC(algorithm);
        const list = usagesOf(usages);
        const length = algorithm.length === undefined ? digests[hashOf(algorithm.hash)] * 8 : Number(algorithm.length);
        if (!(length > 0 && length <= 65536 * 8) || length % 8 !== 0) {
            throw exception('The HMAC key length must be in whole bytes', 'OperationError');
        }
        const secret = new Uint8Array(length / 8);
        native.random(secret);
        return hmacKey(secret, algorithm, extractable, list);
    }
    async exportKey(format, k) {
        const secret = secretOf(k);
        if (format !== 'raw' && format !== 'jwk') throw exception(`The key format '${format}' is not supported; 'raw' and 'jwk' are`, 'NotSupportedError');
        if (!k.extractable) throw exception('key is not extractable', 'InvalidAccessError');
        if (format === 'raw') return secret.slice().buffer;
        return { key_ops: [...k.usages], ext: true, kty: 'oct', k: native.toBase64URL(secret), alg: 'HS' + k.algorithm.hash.name.slice(4) };
    }
    async sign(algorithm, k, data) {
        const bytes = copyOf(data, "Failed to execute 'sign' on 'SubtleCrypto': parameter 3");
        needHMAC(algorithm);
        return native.hmac(k.algorithm.hash.name, this.#secret(k, 'sign'), bytes);
    }
    async verify(algorithm, k, signature, data) {
        const given = copyOf(signature, "Failed to execute 'verify' on 'SubtleCrypto': parameter 3");
        const bytes = copyOf(data, "Failed to execute 'verify' on 'SubtleCrypto': parameter 4");
        needHMAC(algorithm);
        return native.verify(k.algorithm.hash.name, this.#secret(k, 'verify'), bytes, given);
    }
    #secret(k, usage) {
        const secret = secretOf(k);
        if (!k.usages.includes(usage)) throw exception(`The key's usages do not permit '${usage}'.`, 'InvalidAccessError');
        return secret;
    }
    get [Symbol.toStringTag]() { return 'SubtleCrypto'; }
}

const integers = ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
    'BigInt64Array', 'BigUint64Array'];
const nameOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

class Crypto {
    #subtle = new SubtleCrypto(key);
    constructor(token) { illegal(token); }
    get subtle() { return this.#subtle; }
    getRandomValues(array) {
        if (!ArrayBuffer.isView(array)) {
            throw new TypeError("Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type 'ArrayBufferView'.");
        }
        if (!integers.includes(nameOf.call(array))) {
            throw exception("Failed to execute 'getRandomValues' on 'Crypto': The provided array is not of an integer type.", 'TypeMismatchError');
        }
        if (array.byteLength > 65536) {
            throw exception(`Failed to execute 'getRandomValues' on 'Crypto': The ArrayBufferView's byte length (${array.byteLength}) exceeds the number of bytes of entropy available via this API (65536).`, 'QuotaExceededError');
        }
        native.random(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
        return array;
    }
    randomUUID() { return native.uuid(); }
    get [Symbol.toStringTag]() { return 'Crypto'; }
}

const { show, members, compare, sameBytes } = use('show');
const keyParts = members('type', 'extractable', 'algorithm', 'usages');
show(CryptoKey, keyParts);
compare(CryptoKey, (a, b, same) => same(keyParts(a), keyParts(b)) && sameBytes(secretOf(a), secretOf(b)));

return { crypto: new Crypto(key), Crypto, SubtleCrypto, CryptoKey };
})
