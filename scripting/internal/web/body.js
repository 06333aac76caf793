// Body is the half that Request and Response share: what they carry, and how it is read (Fetch standard, 5.2 and 5.3).
(function (native, use) {
'use strict';

// boxed is what a promise of ours is resolved with. An object of its own would be asked for the method then, which a script
// may have given to all objects.
const boxed = (bytes) => ({ __proto__: null, bytes });

// Payload is a body: bytes that are there, or that will come. Clones share one.
class Payload {
    // Fields, because assignments would meet what a script has defined on Object.prototype.
    bytes; // an ArrayBuffer; undefined until it is there
    type;
    failed = false;
    failure = undefined;
    waiting = [];
    shared = false;
    chunked = null; // asks for the chunks of an answer as they come; null where there is no such thing
    giveUp = null; // ends what the bytes come from
    drop = null; // the same for a stream that a script has given, while it is read
    sink = null; // the stream that gets the chunks
    given = undefined; // the stream that a script has given
    origin = this; // the same for the two halves of a stream that was split
    constructor(bytes, type) {
        this.bytes = bytes;
        this.type = type;
    }
    resolve(bytes) {
        if (this.bytes !== undefined || this.failed) return;
        this.bytes = bytes;
        for (const w of this.waiting.splice(0)) w.resolve(boxed(bytes));
        if (this.sink !== null) this.#pour();
    }
    reject(reason) {
        if (this.bytes !== undefined || this.failed) return;
        this.failed = true;
        this.failure = reason;
        for (const w of this.waiting.splice(0)) w.reject(reason);
        this.sink?.fail(reason);
    }
    chunk(bytes) {
        if (bytes.byteLength > 0) this.sink.enqueue(new Uint8Array(bytes));
    }
    // read promises the bytes in a box. It has no promise before somebody asks: a body that nobody reads must not be a
    // rejection that nobody handles.
    read() {
        if (this.failed) return Promise.reject(this.failure);
        if (this.bytes !== undefined) return Promise.resolve(boxed(this.bytes));
        return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
    }
    // stream makes the stream of the bytes. Nothing happens before it is read.
    stream() {
        const source = use('stream').bodyStream(() => {
            if (this.failed) {
                source.fail(this.failure);
            } else if (this.bytes !== undefined) {
                this.#pourInto(source);
            } else if (this.shared || this.chunked === null) {
                return this.read().then(() => this.#pourInto(source));
            } else if (this.sink === null) {
                this.sink = source;
                this.chunk(this.chunked());
            }
            return undefined;
        }, () => {
            if (!this.shared && this.bytes === undefined) this.giveUp?.();
        });
        return source.stream;
    }
    #pour() { this.#pourInto(this.sink); }
    #pourInto(source) {
        if (this.bytes.byteLength > 0) source.enqueue(new Uint8Array(this.shared ? this.bytes.slice(0) : this.bytes));
        source.close();
    }
}

// collect makes a payload of a stream, which is read when the payload is.
function collect(stream) {
    const payload = new Payload(undefined, null);
    payload.read = () => {
        const chunks = [];
        let size = 0;
        const seized = use('stream').seize(stream, (chunk) => {
            if (!(chunk instanceof Uint8Array)) throw new TypeError('A chunk of a body is not a Uint8Array');
            chunks[chunks.length] = chunk;
            size += chunk.length;
        });
        payload.drop = seized.drop;
        const whole = seized.whole.then(() => {
            const all = new Uint8Array(size);
            let at = 0;
            for (let i = 0; i < chunks.length; i++) {
                all.set(chunks[i], at);
                at += chunks[i].length;
            }
            payload.bytes = all.buffer;
            return boxed(payload.bytes);
        });
        payload.read = () => whole;
        return whole;
    };
    payload.given = stream;
    return payload;
}

// extract makes a payload of what a script gives as a body (5.2).
function extract(body) {
    if (body === undefined || body === null) return null;
    if (typeof body === 'object') {
        if (body instanceof ArrayBuffer) return new Payload(body.slice(0), null);
        if (ArrayBuffer.isView(body)) return new Payload(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength), null);
        const url = use('url', true);
        if (url && url.isParams(body)) {
            return new Payload(native.encode(body.toString()), 'application/x-www-form-urlencoded;charset=UTF-8');
        }
        const blob = use('blob', true);
        if (blob && blob.isBlob(body)) return new Payload(blob.bytesOf(body).slice().buffer, body.type === '' ? null : body.type);
        if (blob && blob.isForm(body)) {
            const [view, type] = blob.encodeForm(body);
            return new Payload(view.buffer, type);
        }
        const streams = use('stream', true);
        if (streams && streams.isStream(body)) {
            if (body.locked || streams.isDisturbed(body)) throw new TypeError('The body is a stream that is locked, or that was read');
            return collect(body);
        }
    }
    return new Payload(native.encode(body), 'text/plain;charset=UTF-8');
}

let payloadOf, useUp, setPayload, splitPayload, lockedStream, shownBody;

class Body {
    #payload = null;
    #used = false;
    #stream = null; // made when a script looks at body
    get body() {
        if (this.#payload === null) return null;
        if (this.#stream === null) {
            this.#stream = this.#payload.given ?? this.#payload.stream();
            if (this.#used && this.#stream !== this.#payload.given) use('stream').lock(this.#stream);
        }
        return this.#stream;
    }
    get bodyUsed() {
        const stream = this.#stream ?? this.#payload?.given;
        return this.#used || (stream !== undefined && use('stream').isDisturbed(stream));
    }
    async arrayBuffer() {
        const payload = this.#take('arrayBuffer');
        if (payload === null) return new ArrayBuffer(0);
        const { bytes } = await payload.read();
        return payload.shared ? bytes.slice(0) : bytes;
    }
    async bytes() {
        const payload = this.#take('bytes');
        if (payload === null) return new Uint8Array(0);
        const { bytes } = await payload.read();
        return new Uint8Array(payload.shared ? bytes.slice(0) : bytes);
    }
    async text() {
        const payload = this.#take('text');
        return payload === null ? '' : native.decode((await payload.read()).bytes);
    }
    async json() {
        const payload = this.#take('json');
        return JSON.parse(payload === null ? '' : native.decode((await payload.read()).bytes));
    }
    async blob() {
        const payload = this.#take('blob');
        const { bytes } = payload === null ? boxed(new ArrayBuffer(0)) : await payload.read();
        return use('blob').newBlob(new Uint8Array(bytes).slice(), (this.headers.get('content-type') ?? '').toLowerCase());
    }
    async formData() {
        const payload = this.#take('formData');
        const { bytes } = payload === null ? boxed(new ArrayBuffer(0)) : await payload.read();
        const form = use('blob').decodeForm(new Uint8Array(bytes), this.headers.get('content-type') ?? '');
        if (form === null) throw new TypeError("Failed to execute 'formData': the body is no form, or its Content-Type says so");
        return form;
    }
    #take(name) {
        if (this.bodyUsed || isLocked(this)) throw new TypeError(`Failed to execute '${name}': body stream already read`);
        if (this.#payload !== null) {
            this.#used = true;
            if (this.#stream !== null && this.#stream !== this.#payload.given) use('stream').lock(this.#stream);
        }
        return this.#payload;
    }
    static {
        // To print a body must not make its stream.
        shownBody = (body) => body.#payload === null || body.#stream !== null ? body.#stream : new Unmade(body.#used);
        payloadOf = (body) => body.#payload;
        lockedStream = (body) => body.#stream ?? body.#payload?.given;
        useUp = (body) => { if (body.#payload !== null) body.#used = true; };
        setPayload = (body, payload) => { body.#payload = payload; };
        splitPayload = (body) => {
            const [own, others] = use('stream').branches(body.#payload.given);
            const copy = collect(others);
            copy.origin = body.#payload.origin;
            body.#payload = collect(own);
            body.#payload.origin = copy.origin;
            body.#stream = null;
            return copy;
        };
    }
}

function isLocked(body) {
    const stream = lockedStream(body);
    return stream !== undefined && use('stream').isLocked(stream);
}

// sharePayload returns what a copy of a body gets. A stream that a script has given is split, as the standard has it; bytes
// are shared.
function sharePayload(body) {
    const payload = payloadOf(body);
    if (payload === null) return null;
    if (payload.given !== undefined) return splitPayload(body);
    payload.shared = true;
    return payload;
}

// Unmade stands for the stream of a body where that is printed and nobody has looked at it.
const Unmade = class ReadableStream {
    #locked;
    constructor(locked) { this.#locked = locked; }
    get locked() { return this.#locked; }
    get [Symbol.toStringTag]() { return 'ReadableStream'; }
};

use('show').show(Unmade, (stream) => ({ locked: stream.locked, state: 'readable', supportsBYOB: false }));

// sameBody is how expect compares two bodies.
function sameBody(a, b) {
    const left = payloadOf(a), right = payloadOf(b);
    if (left === right) return true;
    if (left === null || right === null) return false;
    if (left.origin === right.origin) return true;
    if (left.bytes === undefined || right.bytes === undefined) return 'a body has not arrived, or is a stream: compare await a.text() with await b.text()';
    return use('show').sameBytes(new Uint8Array(left.bytes), new Uint8Array(right.bytes));
}

return { Body, Payload, extract, isLocked, payloadOf, sameBody, setPayload, sharePayload, shownBody, useUp };
})
