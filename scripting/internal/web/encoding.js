// TextEncoder and TextDecoder (Encoding standard, 7), atob and btoa (HTML standard, 8.3). The codecs are Go.
(function (native, use) {
'use strict';

// bytes returns a view of what is in a buffer source, without a copy.
function bytes(v, what) {
    if (v instanceof Uint8Array) return v;
    if (ArrayBuffer.isView(v)) return new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
    if (v instanceof ArrayBuffer) return new Uint8Array(v);
    throw new TypeError(`${what}: parameter 1 is not of type 'ArrayBuffer' or 'ArrayBufferView'.`);
}

class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(input = '') { return new Uint8Array(native.encode(input)); }
    encodeInto(source, destination) {
        if (!(destination instanceof Uint8Array)) {
            throw new TypeError("Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'.");
        }
        const [read, written] = native.encodeInto(source, destination);
        return { read, written };
    }
    get [Symbol.toStringTag]() { return 'TextEncoder'; }
}

class TextDecoder {
    #encoding; #fatal; #ignoreBOM;
    #pending = null; // bytes of a character that the last chunk of a stream left incomplete
    #started = false; // the byte order mark has been looked at
    constructor(label = 'utf-8', options) {
        const encoding = native.encodingOf(String(label));
        if (encoding === '') {
            throw new RangeError(`Failed to construct 'TextDecoder': The encoding label provided ('${label}') is not supported; utf-8, utf-16le, utf-16be and windows-1252 (latin1) are.`);
        }
        this.#encoding = encoding;
        this.#fatal = Boolean(options?.fatal);
        this.#ignoreBOM = Boolean(options?.ignoreBOM);
    }
    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoreBOM; }
    decode(input, options) {
        let chunk = input === undefined ? new Uint8Array(0) : bytes(input, "Failed to execute 'decode' on 'TextDecoder'");
        const stream = Boolean(options?.stream);
        if (this.#pending !== null) {
            const joined = new Uint8Array(this.#pending.length + chunk.length);
            joined.set(this.#pending);
            joined.set(chunk, this.#pending.length);
            chunk = joined;
        }
        // With a byte order mark to look at, nothing is final before its bytes are there; native.decode knows.
        const [text, rest, bad] = native.decode(this.#encoding, chunk, stream, this.#fatal, !this.#ignoreBOM && !this.#started);
        this.#pending = null;
        if (bad) {
            this.#started = false;
            throw Object.assign(new TypeError(`The encoded data was not valid for encoding ${this.#encoding}`), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
        }
        if (rest > 0) this.#pending = chunk.slice(chunk.length - rest);
        this.#started = stream && (this.#started || chunk.length > rest);
        return text;
    }
    get [Symbol.toStringTag]() { return 'TextDecoder'; }
}

function need(args, what) {
    if (args.length === 0) throw new TypeError(`Failed to execute '${what}': 1 argument required, but only 0 present.`);
}

function invalidCharacter(message) {
    const { DOMException } = use('exception');
    return new DOMException(message, 'InvalidCharacterError');
}

function atob(data) {
    need(arguments, 'atob');
    const text = native.atob(String(data));
    if (text === null) throw invalidCharacter("Failed to execute 'atob': The string to be decoded is not correctly encoded.");
    return text;
}

function btoa(data) {
    need(arguments, 'btoa');
    const text = native.btoa(String(data));
    if (text === null) throw invalidCharacter("Failed to execute 'btoa': The string to be encoded contains characters outside of the Latin1 range.");
    return text;
}

const { show, members } = use('show');
show(TextEncoder, (encoder) => `{ encoding: '${encoder.encoding}' }`);
show(TextDecoder, members('encoding', 'fatal', 'ignoreBOM'));

return { TextEncoder, TextDecoder, atob, btoa };
})
