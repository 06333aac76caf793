// fetch, Headers, Request and Response (Fetch standard, 5). The network is Go.
//
// A host is no browser: there is no page, no origin and no cookie jar, so CORS, credentials modes and caches do nothing,
// and as in Node and Deno a script may set headers such as Cookie, Origin and Referer. What is sent is
// buffered first; the body of an answer is kept as a whole unless the script reads it as a stream.
(function (native, use) {
'use strict';

// Without the feature built there is no signal.
const isSignal = (v) => use('abort', true)?.isSignal(v) ?? false;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const toLatin1 = /[^\u0000-\u00ff]/;

function byteString(v, what) {
    const text = `${v}`;
    if (toLatin1.test(text)) throw new TypeError(`${what}: String contains a character that is greater than 255.`);
    return text;
}

function headerName(name, what) {
    name = byteString(name, what);
    if (!token.test(name)) throw new TypeError(`${what}: ${JSON.stringify(name)} is not a valid header name`);
    return name.toLowerCase();
}

function headerValue(value, what) {
    value = byteString(value, what).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    if (/[\0\n\r]/.test(value)) throw new TypeError(`${what}: ${JSON.stringify(value)} is not a valid header value`);
    return value;
}

// What belongs to the connection, or says how a body travels, is not the script's to set (Fetch standard, 2.2.2); host
// would reach past allow_hosts behind a shared front.
const forbidden = new Set(['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'http2-settings', 'keep-alive',
    'te', 'trailer', 'transfer-encoding', 'upgrade', 'via']);
const isForbidden = (name) => forbidden.has(name) || name.startsWith('proxy-') || name.startsWith('sec-');

const { iterable } = use('iterable');

let listOf, combined, guard, fillHeaders;

class Headers {
    #list = []; // [name, value] in the order in which they came
    #guard = 'none'; // or request, response, immutable
    constructor(init) {
        if (init !== undefined) this.#fill(init, "Failed to construct 'Headers'");
    }
    #fill(init, what) {
        if (typeof init !== 'object' && typeof init !== 'function' || init === null) {
            throw new TypeError(`${what}: The provided value is not of type '(record<ByteString, ByteString> or sequence<sequence<ByteString>>)'.`);
        }
        const iterate = init[Symbol.iterator];
        if (iterate === Headers.prototype.entries && #list in init) {
            for (let i = 0; i < init.#list.length; i++) this.#append(init.#list[i][0], init.#list[i][1], what);
            return;
        }
        if (iterate !== undefined && iterate !== null) {
            if (typeof iterate !== 'function') throw new TypeError(`${what}: The object must have a callable @@iterator property.`);
            for (const pair of { [Symbol.iterator]: () => Reflect.apply(iterate, init, []) }) {
                if (typeof pair !== 'object' || pair === null || typeof pair[Symbol.iterator] !== 'function') {
                    throw new TypeError(`${what}: The provided value cannot be converted to a sequence.`);
                }
                const both = [...pair];
                if (both.length !== 2) throw new TypeError(`${what}: Invalid value`);
                this.#append(both[0], both[1], what);
            }
            return;
        }
        // A record is read as a whole before any of it is looked at (Web IDL, 3.2.21).
        const record = new Map();
        for (const key of Reflect.ownKeys(init)) {
            const property = Reflect.getOwnPropertyDescriptor(init, key);
            if (property === undefined || !property.enumerable) continue;
            const name = byteString(key, what);
            record.set(name, byteString(init[key], what));
        }
        for (const [name, value] of record) this.#append(name, value, what);
    }
    #append(name, value, what) {
        name = headerName(name, what);
        value = headerValue(value, what);
        if (this.#writable(name, what)) this.#list.push([name, value]);
    }
    // writable throws for headers that must not change, and is false where the standard ignores the change.
    #writable(name, what) {
        if (this.#guard === 'immutable') throw new TypeError(`${what}: Headers are immutable`);
        return !(this.#guard === 'request' && isForbidden(name));
    }
    append(name, value) {
        need(arguments, 2, 'append', 'Headers');
        this.#append(name, value, "Failed to execute 'append' on 'Headers'");
    }
    delete(name) {
        need(arguments, 1, 'delete', 'Headers');
        const what = "Failed to execute 'delete' on 'Headers'";
        name = headerName(name, what);
        if (this.#writable(name, what)) this.#list = this.#list.filter((h) => h[0] !== name);
    }
    get(name) {
        need(arguments, 1, 'get', 'Headers');
        name = headerName(name, "Failed to execute 'get' on 'Headers'");
        const values = this.#list.filter((h) => h[0] === name);
        return values.length === 0 ? null : values.map((h) => h[1]).join(', ');
    }
    has(name) {
        need(arguments, 1, 'has', 'Headers');
        name = headerName(name, "Failed to execute 'has' on 'Headers'");
        return this.#list.some((h) => h[0] === name);
    }
    set(name, value) {
        need(arguments, 2, 'set', 'Headers');
        const what = "Failed to execute 'set' on 'Headers'";
        name = headerName(name, what);
        value = headerValue(value, what);
        if (!this.#writable(name, what)) return;
        const first = this.#list.findIndex((h) => h[0] === name);
        if (first < 0) {
            this.#list.push([name, value]);
            return;
        }
        this.#list = this.#list.filter((h, i) => i <= first || h[0] !== name);
        this.#list[first] = [name, value];
    }
    getSetCookie() { return this.#list.filter((h) => h[0] === 'set-cookie').map((h) => h[1]); }
    // sort and combine (2.2.2): by name, values joined, save for Set-Cookie.
    #combined() {
        const names = [...new Set(this.#list.map((h) => h[0]))].sort();
        const headers = [];
        for (const name of names) {
            if (name === 'set-cookie') {
                for (const cookie of this.getSetCookie()) headers.push([name, cookie]);
            } else {
                headers.push([name, this.get(name)]);
            }
        }
        return headers;
    }
    forEach(callback, thisArg) {
        need(arguments, 1, 'forEach', 'Headers');
        if (typeof callback !== 'function') {
            throw new TypeError("Failed to execute 'forEach' on 'Headers': parameter 1 is not of type 'Function'.");
        }
        for (let i = 0; ; i++) {
            const pair = this.#combined()[i];
            if (pair === undefined) return;
            callback.call(thisArg, pair[1], pair[0], this);
        }
    }
    get [Symbol.toStringTag]() { return 'Headers'; }
    static {
        listOf = (headers) => headers.#list;
        combined = (headers) => headers.#combined();
        guard = (headers, g) => { headers.#guard = g; };
        fillHeaders = (headers, init, what) => headers.#fill(init, what);
    }
}
iterable(Headers, 'Headers', listOf, (headers, index) => combined(headers)[index]);

function need(args, count, name, type) {
    if (args.length < count) {
        throw new TypeError(`Failed to execute '${name}' on '${type}': ${count} argument${count > 1 ? 's' : ''} required, but only ${args.length} present.`);
    }
}

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

const nullStatus = (status) => status === 101 || status === 103 || status === 204 || status === 205 || status === 304;

let newResponse;

class Response extends Body {
    #type = 'default';
    #url = '';
    #redirected = false;
    #status;
    #statusText;
    #headers;
    constructor(body = null, init = {}) {
        super();
        init ??= {};
        if (typeof init !== 'object' && typeof init !== 'function') {
            throw new TypeError("Failed to construct 'Response': The provided value is not of type 'ResponseInit'.");
        }
        // Web IDL: unsigned short.
        const status = init.status === undefined ? 200 : Math.trunc(Number(init.status)) & 0xffff;
        if (status < 200 || status > 599) {
            throw new RangeError(`Failed to construct 'Response': The status provided (${status}) is outside the range [200, 599].`);
        }
        const statusText = init.statusText === undefined ? '' : byteString(init.statusText, "Failed to construct 'Response'");
        if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText)) throw new TypeError("Failed to construct 'Response': Invalid statusText");
        this.#status = status;
        this.#statusText = statusText;
        this.#headers = new Headers(init.headers);
        guard(this.#headers, 'response');
        const payload = extract(body);
        if (payload === null) return;
        if (nullStatus(status)) throw new TypeError("Failed to construct 'Response': Response with null body status cannot have body");
        setPayload(this, payload);
        if (payload.type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', payload.type);
    }
    static error() {
        const response = new Response();
        response.#type = 'error';
        response.#status = 0;
        guard(response.#headers, 'immutable');
        return response;
    }
    static redirect(url, status = 302) {
        need(arguments, 1, 'redirect', 'Response');
        const parsed = native.parse(url);
        if (parsed === null) throw new TypeError(`Failed to execute 'redirect' on 'Response': Invalid URL: ${JSON.stringify(String(url))}`);
        if (![301, 302, 303, 307, 308].includes(Number(status))) {
            throw new RangeError("Failed to execute 'redirect' on 'Response': Invalid status code");
        }
        const response = new Response(null, { headers: { location: parsed[0] } });
        response.#status = Number(status);
        guard(response.#headers, 'immutable');
        return response;
    }
    static json(data, init = {}) {
        need(arguments, 1, 'json', 'Response');
        const text = JSON.stringify(data);
        if (text === undefined) throw new TypeError("Failed to execute 'json' on 'Response': The data is not JSON serializable");
        const headers = new Headers(init?.headers);
        if (!headers.has('content-type')) headers.set('content-type', 'application/json');
        return new Response(text, { status: init?.status, statusText: init?.statusText, headers });
    }
    get type() { return this.#type; }
    get url() { return this.#url; }
    get redirected() { return this.#redirected; }
    get status() { return this.#status; }
    get ok() { return this.#status >= 200 && this.#status <= 299; }
    get statusText() { return this.#statusText; }
    get headers() { return this.#headers; }
    clone() {
        if (this.bodyUsed || isLocked(this)) throw new TypeError("Failed to execute 'clone' on 'Response': Response body is already used");
        const copy = newResponse(this.#status, this.#statusText, this.#url, this.#redirected, sharePayload(this));
        copy.#type = this.#type;
        for (const header of listOf(this.#headers)) listOf(copy.#headers).push(header.slice());
        guard(copy.#headers, this.#type === 'default' ? 'response' : 'immutable');
        return copy;
    }
    get [Symbol.toStringTag]() { return 'Response'; }
    static {
        newResponse = (status, statusText, url, redirected, payload) => {
            const response = new Response();
            response.#type = 'basic';
            response.#status = status;
            response.#statusText = statusText;
            response.#url = url;
            response.#redirected = redirected;
            setPayload(response, payload);
            return response;
        };
    }
}

const normalized = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

function methodOf(method) {
    method = byteString(method, "Failed to construct 'Request'");
    if (!token.test(method)) throw new TypeError(`Failed to construct 'Request': '${method}' is not a valid HTTP method.`);
    const upper = method.toUpperCase();
    if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') {
        throw new TypeError(`Failed to construct 'Request': '${method}' HTTP method is unsupported.`);
    }
    return normalized.includes(upper) ? upper : method;
}

// The members of RequestInit that are kept and do nothing here, with their values (5.4).
const passive = {
    mode: ['same-origin', 'no-cors', 'cors'],
    credentials: ['omit', 'same-origin', 'include'],
    cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
    referrerPolicy: ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
        'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'],
};
const passiveNames = Object.keys(passive);

function enumOf(name, value, values) {
    value = String(value);
    if (!values.includes(value)) {
        throw new TypeError(`Failed to construct 'Request': The provided value '${value}' is not a valid enum value of type Request${name[0].toUpperCase()}${name.slice(1)}.`);
    }
    return value;
}

let partsOf;

// blobOf returns the blob that a URL stands for, or undefined.
const blobOf = (url) => use('blob', true)?.objectURLs[url.split('#', 1)[0]];

class Request extends Body {
    #parts;
    #headers;
    #signal = null;
    constructor(input, init = {}) {
        super();
        need(arguments, 1, 'constructor', 'Request');
        init ??= {};
        if (typeof init !== 'object' && typeof init !== 'function') {
            throw new TypeError("Failed to construct 'Request': The provided value is not of type 'RequestInit'.");
        }
        const from = typeof input === 'object' && input !== null && #parts in input ? input : null;
        const parts = from ? { ...from.#parts } : Request.#partsOfURL(input);
        if (init.method !== undefined) parts.method = methodOf(init.method);
        if (init.redirect !== undefined) parts.redirect = enumOf('redirect', init.redirect, ['follow', 'error', 'manual']);
        for (let i = 0; i < passiveNames.length; i++) {
            const name = passiveNames[i];
            if (init[name] !== undefined) parts[name] = enumOf(name, init[name], passive[name]);
        }
        if (init.duplex !== undefined) enumOf('duplex', init.duplex, ['half']);
        if (init.integrity !== undefined) parts.integrity = String(init.integrity);
        if (init.keepalive !== undefined) parts.keepalive = Boolean(init.keepalive);
        this.#parts = parts;
        this.#signal = from ? from.#signal : null;
        if (init.signal !== undefined) {
            if (init.signal !== null && !isSignal(init.signal)) {
                throw new TypeError("Failed to construct 'Request': member signal is not of type 'AbortSignal'.");
            }
            this.#signal = init.signal;
        }
        this.#headers = new Headers();
        guard(this.#headers, 'request');
        const headers = init.headers !== undefined ? init.headers : from ? from.#headers : undefined;
        if (headers !== undefined) fillHeaders(this.#headers, headers, "Failed to construct 'Request'");
        const given = init.body !== undefined && init.body !== null;
        if ((given || (from && payloadOf(from) !== null && init.body === undefined)) && (parts.method === 'GET' || parts.method === 'HEAD')) {
            throw new TypeError("Failed to construct 'Request': Request with GET/HEAD method cannot have body.");
        }
        if (given) {
            const payload = extract(init.body);
            if (payload.given !== undefined && init.duplex === undefined) {
                throw new TypeError("Failed to construct 'Request': a body that is a stream needs duplex: 'half'.");
            }
            setPayload(this, payload);
            if (payload.type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', payload.type);
        } else if (from && init.body !== null && payloadOf(from) !== null) {
            if (from.bodyUsed || isLocked(from)) throw new TypeError("Failed to construct 'Request': Cannot construct a Request with a Request object that has already been used.");
            setPayload(this, payloadOf(from));
            useUp(from);
        }
    }
    static #partsOfURL(input) {
        const parsed = native.parse(input);
        const shown = () => JSON.stringify(String(input));
        if (parsed === null) throw new TypeError(`Failed to parse URL from ${shown()}: fetch needs an absolute URL, such as https://example.com/`);
        if (parsed[1]) {
            throw new TypeError('Request cannot be constructed from a URL that includes credentials; set the header Authorization instead');
        }
        // What a blob: URL stands for is what it stood for when the request was made.
        const blob = parsed[0].startsWith('blob:') ? blobOf(parsed[0]) : undefined;
        return { url: parsed[0], blob, method: 'GET', redirect: 'follow', integrity: '', keepalive: false,
            mode: 'cors', credentials: 'same-origin', cache: 'default', referrerPolicy: '' };
    }
    get method() { return this.#parts.method; }
    get url() { return this.#parts.url; }
    get headers() { return this.#headers; }
    get destination() { return ''; }
    get referrer() { return 'about:client'; }
    get referrerPolicy() { return this.#parts.referrerPolicy; }
    get mode() { return this.#parts.mode; }
    get credentials() { return this.#parts.credentials; }
    get cache() { return this.#parts.cache; }
    get redirect() { return this.#parts.redirect; }
    get integrity() { return this.#parts.integrity; }
    get keepalive() { return this.#parts.keepalive; }
    get duplex() { return 'half'; }
    // The standard makes a signal that follows the given one. The given one itself serves as well, and does not keep
    // every request alive that was ever made with a signal that lives long.
    get signal() { return this.#signal ??= use('abort').newSignal(); }
    clone() {
        if (this.bodyUsed || isLocked(this)) throw new TypeError("Failed to execute 'clone' on 'Request': Request body is already used");
        const shared = sharePayload(this), payload = payloadOf(this);
        setPayload(this, null);
        const copy = new Request(this);
        setPayload(this, payload);
        setPayload(copy, shared);
        return copy;
    }
    get [Symbol.toStringTag]() { return 'Request'; }
    static {
        partsOf = (request) => ({ parts: request.#parts, headers: listOf(request.#headers), signal: request.#signal });
    }
}

// fail completes an error that was made when fetch was called, so that its stack says where that was.
function fail(error, text, code) {
    const cause = new Error(text);
    cause.code = code;
    Object.defineProperty(error, 'message', { value: 'fetch failed: ' + text, writable: true, configurable: true });
    Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true });
    return error;
}

function fetch(input, init) {
    const args = arguments; // goja finds the wrong ones in an arrow function
    const failure = new TypeError();
    return new Promise((resolve, reject) => {
        need(args, 1, 'fetch', 'globalThis');
        const request = new Request(input, init);
        const { parts, headers, signal } = partsOf(request);
        if (signal?.aborted) {
            reject(signal.reason);
            return;
        }
        const sent = payloadOf(request);
        if (sent !== null && sent.bytes === undefined) { // the body of a request made from an answer that still comes
            const abort = (reason) => {
                reject(reason);
                sent.drop?.(reason);
            };
            const over = () => {
                if (signal) use('abort').removeAlgorithm(signal, abort);
            };
            if (signal) use('abort').addAlgorithm(signal, abort);
            sent.read().then(() => {
                over();
                send(parts, headers, signal, sent, resolve, reject, failure);
            }, (e) => {
                over();
                reject(e);
            });
            return;
        }
        send(parts, headers, signal, sent, resolve, reject, failure);
    });
}

// answerData is what a data: URL answers (4.2, scheme fetch).
function answerData(parts, resolve, reject, failure) {
    const data = native.dataURL(parts.url);
    if (data === null) {
        reject(fail(failure, 'the data: URL is not valid', 'ERR_INVALID_URL'));
        return;
    }
    const response = newResponse(200, 'OK', parts.url, false, parts.method === 'HEAD' ? null : new Payload(data[1], null));
    listOf(response.headers).push(['content-type', data[0]]);
    guard(response.headers, 'immutable');
    resolve(response);
}

// answerBlob is what a blob: URL answers (4.2, scheme fetch).
function answerBlob(parts, resolve, reject, failure) {
    if (parts.method !== 'GET' || parts.blob === undefined) {
        reject(fail(failure, parts.blob === undefined ? 'the blob: URL was not made here, or was revoked' : 'a blob: URL can only be got', 'ERR_INVALID_URL'));
        return;
    }
    const { bytesOf } = use('blob');
    const response = newResponse(200, 'OK', parts.url, false, new Payload(bytesOf(parts.blob).slice().buffer, null));
    listOf(response.headers).push(['content-length', String(parts.blob.size)], ['content-type', parts.blob.type]);
    guard(response.headers, 'immutable');
    resolve(response);
}

function send(parts, headers, signal, sent, resolve, reject, failure) {
    if (signal?.aborted) {
        reject(signal.reason);
        return;
    }
    if (parts.url.startsWith('data:')) {
        answerData(parts, resolve, reject, failure);
        return;
    }
    if (parts.url.startsWith('blob:')) {
        answerBlob(parts, resolve, reject, failure);
        return;
    }
    const arriving = new Payload(undefined, null);
    let request = null;
    const abort = (reason) => {
        request.cancel();
        reject(reason);
        arriving.reject(reason);
    };
    const over = () => {
        if (signal) use('abort').removeAlgorithm(signal, abort);
    };
    const onHead = (error, code, status, statusText, list, url, redirected) => {
        if (error !== null) {
            over();
            reject(fail(failure, error, code));
            return;
        }
        const none = parts.method === 'HEAD' || nullStatus(status);
        const response = newResponse(status, statusText, url, redirected, none ? null : arriving);
        for (let i = 0; i < list.length; i += 2) listOf(response.headers).push([list[i], list[i + 1]]);
        guard(response.headers, 'immutable');
        resolve(response);
    };
    const onBody = (error, code, bytes) => {
        over();
        if (error !== null) {
            arriving.reject(fail(failure, error, code));
        } else {
            arriving.resolve(bytes);
        }
    };
    const flat = [];
    for (let i = 0; i < headers.length; i++) flat.push(headers[i][0], headers[i][1]); // an iterator would cost ten times as much
    const body = sent === null ? null : new Uint8Array(sent.bytes);
    request = native.send(parts.method, parts.url, flat, body, parts.redirect, onHead, onBody, (bytes) => arriving.chunk(bytes));
    arriving.chunked = request.chunked;
    arriving.giveUp = request.cancel;
    if (signal) use('abort').addAlgorithm(signal, abort);
}

// Unmade stands for the stream of a body where that is printed and nobody has looked at it.
const Unmade = class ReadableStream {
    #locked;
    constructor(locked) { this.#locked = locked; }
    get locked() { return this.#locked; }
    get [Symbol.toStringTag]() { return 'ReadableStream'; }
};

const { show, members, compare, sameBytes } = use('show');
show(Unmade, (stream) => ({ locked: stream.locked, state: 'readable', supportsBYOB: false }));
show(Headers, (headers) => {
    const seen = {};
    for (const [name, value] of listOf(headers)) {
        const before = Object.hasOwn(seen, name) ? seen[name] + ', ' : '';
        Object.defineProperty(seen, name, { value: before + value, writable: true, configurable: true, enumerable: true });
    }
    return seen;
});
const requestParts = members('method', 'url', 'headers', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect',
    'integrity', 'keepalive', 'signal');
show(Request, requestParts);
show(Response, (response) => ({
    status: response.status, statusText: response.statusText, headers: response.headers, body: shownBody(response), bodyUsed: response.bodyUsed,
    ok: response.ok, redirected: response.redirected, type: response.type, url: response.url,
}));

compare(Headers, (a, b, same) => same([...Headers.prototype.entries.call(a)], [...Headers.prototype.entries.call(b)]));
const sameBody = (a, b) => {
    const left = payloadOf(a), right = payloadOf(b);
    if (left === right) return true;
    if (left === null || right === null) return false;
    if (left.origin === right.origin) return true;
    if (left.bytes === undefined || right.bytes === undefined) return 'a body has not arrived, or is a stream: compare await a.text() with await b.text()';
    return sameBytes(new Uint8Array(left.bytes), new Uint8Array(right.bytes));
};
compare(Request, (a, b, same) => a.bodyUsed === b.bodyUsed && same(requestParts(a), requestParts(b)) && sameBody(a, b));
const responseParts = members('status', 'statusText', 'headers', 'bodyUsed', 'redirected', 'type', 'url');
compare(Response, (a, b, same) => same(responseParts(a), responseParts(b)) && sameBody(a, b));

return { fetch, Headers, Request, Response };
})
