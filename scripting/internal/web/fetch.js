// fetch, Request and Response (Fetch standard, 5). The network is Go.
//
// A host is no browser: there is no page, no origin and no cookie jar, so CORS, credentials modes and caches do nothing,
// and as in Node and Deno a script may set headers such as Cookie, Origin and Referer. What is sent is
// buffered first; the body of an answer is kept as a whole unless the script reads it as a stream.
(function (native, use) {
'use strict';

const { Headers, listOf, guard, fillHeaders, byteString, token, need } = use('headers');
const { Body, Payload, extract, isLocked, payloadOf, sameBody, setPayload, sharePayload, shownBody, useUp } = use('body');

// Without the feature built there is no signal.
const isSignal = (v) => use('abort', true)?.isSignal(v) ?? false;

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

const { show, members, compare } = use('show');
const requestParts = members('method', 'url', 'headers', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect',
    'integrity', 'keepalive', 'signal');
show(Request, requestParts);
show(Response, (response) => ({
    status: response.status, statusText: response.statusText, headers: response.headers, body: shownBody(response), bodyUsed: response.bodyUsed,
    ok: response.ok, redirected: response.redirected, type: response.type, url: response.url,
}));

compare(Request, (a, b, same) => a.bodyUsed === b.bodyUsed && same(requestParts(a), requestParts(b)) && sameBody(a, b));
const responseParts = members('status', 'statusText', 'headers', 'bodyUsed', 'redirected', 'type', 'url');
compare(Response, (a, b, same) => same(responseParts(a), responseParts(b)) && sameBody(a, b));

return { fetch, Headers, Request, Response };
})
