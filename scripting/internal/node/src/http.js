// http: a client whose requests are those of fetch, with the same hosts, limits and checks at each connection. There are no
// sockets, so there are no servers, and agents have nothing to keep.
//
// Headers that belong to the connection, such as Connection, TE and Keep-Alive, are not sent, as in every fetch, and say nothing
// here: connections are the host's. What would change what is asked for is an error: a body of GET, and another Host.
//
// unenv has no client, and stream-http of npm follows redirects, which Node's does not, and needs the page of a browser.
'use strict';

const EventEmitter = require('events');
const { Readable, Writable } = require('stream');
const { METHODS, STATUS_CODES, maxHeaderSize } = require('unenv/node/internal/http/constants');

const advice = 'scripts have no sockets: use fetch, or request and get of http and https, which are made of it';
const refused = (name) => Object.assign(new Error(`${name} does not exist here: ${advice}`), { code: 'ERR_METHOD_NOT_IMPLEMENTED' });

function fault(Class, code, message) {
    return Object.assign(new Class(message), { code });
}

function validateHeaderName(name) {
    if (typeof name !== 'string' || !/^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/.test(name)) {
        throw fault(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Header name must be a valid HTTP token ["${name}"]`);
    }
}

function validateHeaderValue(name, value) {
    if (value === undefined) throw fault(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "${value}" for header "${name}"`);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw fault(TypeError, 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`);
}

// What a response has in the place of its socket: the questions that clients ask of one.
class Connection extends EventEmitter {
    constructor(encrypted, host) {
        super();
        Object.assign(this, { encrypted, authorized: encrypted, remoteAddress: host, connecting: false, destroyed: false, writable: true, readable: true });
    }
    setKeepAlive() { return this; }
    setNoDelay() { return this; }
    setTimeout() { return this; }
    ref() { return this; }
    unref() { return this; }
    end() { return this; }
    cork() {}
    uncork() {}
    destroy() { this.destroyed = true; return this; }
}

class Agent extends EventEmitter {
    constructor(options = {}) {
        super();
        this.options = { __proto__: null, noDelay: true, path: null, ...options };
        Object.assign(this, { requests: {}, sockets: {}, freeSockets: {}, keepAliveMsecs: options.keepAliveMsecs ?? 1000, keepAlive: options.keepAlive ?? false,
            maxSockets: options.maxSockets ?? Infinity, maxFreeSockets: options.maxFreeSockets ?? 256, scheduling: options.scheduling ?? 'lifo',
            maxTotalSockets: options.maxTotalSockets ?? Infinity, totalSocketCount: 0, defaultPort: 80, protocol: 'http:' });
    }
    addRequest() { throw refused('http.Agent.addRequest'); }
    createConnection() { throw refused('http.Agent.createConnection'); }
    getName(options = {}) { return `${options.host ?? 'localhost'}:${options.port ?? ''}:${options.localAddress ?? ''}`; }
    destroy() {}
}
const { addRequest, createConnection } = Agent.prototype;
// An agent that makes connections of its own, such as those of proxies, cannot do that here, and must not be passed over.
const makesConnections = (agent) => agent instanceof EventEmitter && (agent.addRequest !== addRequest || agent.createConnection !== createConnection);

class IncomingMessage extends Readable {
    constructor(socket) {
        super({ highWaterMark: socket?.readableHighWaterMark });
        Object.assign(this, { httpVersionMajor: 1, httpVersionMinor: 1, httpVersion: '1.1', complete: false, rawHeaders: [], headers: {}, trailers: {},
            rawTrailers: [], aborted: false, upgrade: false, url: '', method: null, statusCode: null, statusMessage: null, socket });
    }
    get connection() { return this.socket; }
    get headersDistinct() {
        const all = Object.create(null);
        for (let i = 0; i < this.rawHeaders.length; i += 2) (all[this.rawHeaders[i].toLowerCase()] ??= []).push(this.rawHeaders[i + 1]);
        return all;
    }
    get trailersDistinct() { return Object.create(null); }
    setTimeout(ms, done) { this.req?.setTimeout(ms, done); return this; }
    _read() { this.pull?.(); }
    _destroy(error, done) {
        if (!this.complete) {
            this.aborted = true;
            this.cancel?.();
            if (error === null && this.listenerCount('error') > 0 && !this.readableEnded) error = fault(Error, 'ECONNRESET', 'aborted');
            this.emit('aborted');
        }
        process.nextTick(done, error);
    }
}

class OutgoingMessage extends Writable {
    #headers = new Map(); // from the name in lower case to the name and the value
    constructor(options) {
        super(options);
        this.headersSent = false;
        this.sendDate = false;
        this.finished = false;
    }
    setHeader(name, value) {
        if (this.headersSent) throw fault(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot set headers after they are sent to the client');
        validateHeaderName(name);
        for (const v of [].concat(value)) validateHeaderValue(name, v);
        this.#headers.set(name.toLowerCase(), [name, value]);
        return this;
    }
    appendHeader(name, value) {
        const old = this.getHeader(name);
        return this.setHeader(name, old === undefined ? value : [].concat(old, value));
    }
    setHeaders(headers) {
        for (const [name, value] of headers) this.setHeader(name, value);
        return this;
    }
    getHeader(name) { return this.#headers.get(`${name}`.toLowerCase())?.[1]; }
    hasHeader(name) { return this.#headers.has(`${name}`.toLowerCase()); }
    removeHeader(name) { this.#headers.delete(`${name}`.toLowerCase()); }
    getHeaderNames() { return [...this.#headers.keys()]; }
    getRawHeaderNames() { return [...this.#headers.values()].map(([name]) => name); }
    getHeaders() {
        const all = Object.create(null);
        for (const [key, [, value]] of this.#headers) all[key] = value;
        return all;
    }
    flushHeaders() {}
}

// http.request takes a URL, options, or both, and a function.
function optionsOf(url, options, done) {
    if (typeof url === 'string' || url instanceof URL) {
        let parsed = url;
        try {
            if (typeof url === 'string') parsed = new URL(url);
        } catch {
            throw fault(TypeError, 'ERR_INVALID_URL', 'Invalid URL');
        }
        url = require('url').urlToHttpOptions(parsed);
    } else {
        done = options;
        options = url;
        url = {};
    }
    if (typeof options === 'function') {
        done = options;
        options = {};
    }
    return [Object.assign(url, options), done];
}

class ClientRequest extends OutgoingMessage {
    #body = []; #timer; #controller = new AbortController(); #url; #hosts;
    constructor(url, options, done) {
        const [o, answered] = optionsOf(url, options, done);
        super({ highWaterMark: o.highWaterMark, autoDestroy: false });
        const agent = o.agent ?? o._defaultAgent ?? module.exports.globalAgent;
        if (makesConnections(agent) || o.createConnection) throw refused('an agent that makes its own connections');
        if (o.socketPath) throw refused('socketPath');
        const expected = o.agent === undefined || o.agent === false ? o._defaultAgent?.protocol ?? 'http:' : agent.protocol ?? 'http:';
        this.protocol = o.protocol ?? expected;
        if (this.protocol !== expected) {
            throw fault(TypeError, 'ERR_INVALID_PROTOCOL', `Protocol "${this.protocol}" not supported. Expected "${expected}"`);
        }
        this.agent = agent;
        this.method = (o.method ?? 'GET').toUpperCase();
        if (!/^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/.test(this.method)) throw fault(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Method must be a valid HTTP token ["${o.method}"]`);
        this.path = o.path || '/';
        if (/[^\x21-\xff]/.test(this.path)) throw fault(TypeError, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters');
        this.host = o.hostname ?? o.host ?? 'localhost';
        const port = o.port ?? o.defaultPort ?? (this.protocol === 'https:' ? 443 : 80);
        const named = this.host.includes(':') && !this.host.startsWith('[') ? `[${this.host}]` : this.host;
        const usual = Number(port) === (this.protocol === 'https:' ? 443 : 80);
        this.#hosts = [`${named}:${port}`, ...(usual ? [named] : [])].map((name) => name.toLowerCase());
        this.#url = `${this.protocol}//${named}${usual ? '' : `:${port}`}${this.path}`;
        Object.assign(this, { aborted: false, reusedSocket: false, res: null, maxHeadersCount: null });
        const { headers } = o;
        if (Array.isArray(headers)) {
            const pairs = Array.isArray(headers[0]) ? headers : headers.flatMap((v, i) => (i % 2 ? [] : [[v, headers[i + 1]]]));
            for (const [name, value] of pairs) this.appendHeader(name, value);
        } else {
            for (const name of Object.keys(headers ?? {})) this.setHeader(name, headers[name]);
        }
        if (!this.hasHeader('host') && o.setHost !== false) this.setHeader('Host', named + (usual ? '' : `:${port}`));
        if (/^100-continue$/i.test(this.getHeader('expect'))) process.nextTick(() => { if (!this.destroyed) this.emit('continue'); });
        if (o.auth && !this.hasHeader('authorization')) this.setHeader('Authorization', `Basic ${Buffer.from(o.auth).toString('base64')}`);
        if (answered) this.once('response', answered);
        if (o.timeout) this.setTimeout(o.timeout);
        if (o.signal) {
            const leave = () => this.destroy(Object.assign(new Error('The operation was aborted', { cause: o.signal.reason }), { code: 'ABORT_ERR', name: 'AbortError' }));
            if (o.signal.aborted) process.nextTick(leave);
            else o.signal.addEventListener('abort', leave, { once: true });
        }
        this.socket = this.connection = new Connection(this.protocol === 'https:', this.host);
        process.nextTick(() => { if (!this.destroyed) this.emit('socket', this.socket); });
    }
    setHeader(name, value) {
        if (`${name}`.toLowerCase() === 'host' && !this.#hosts.includes(`${value}`.toLowerCase())) {
            throw fault(Error, 'ERR_METHOD_NOT_IMPLEMENTED', `the header Host is that of the URL here, ${this.#hosts.at(-1)}, and cannot be ${value}: which hosts a script may reach is looked at by the URL`);
        }
        return super.setHeader(name, value);
    }
    _write(chunk, encoding, done) {
        this.#body.push(Buffer.from(chunk, typeof chunk === 'string' ? encoding : undefined));
        done();
    }
    _final(done) {
        this.finished = true;
        this.#send();
        done();
    }
    _destroy(error, done) {
        clearTimeout(this.#timer);
        this.#controller.abort();
        if (this.res !== null) {
            if (!this.res.complete) this.res.destroy(error);
            error = null;
        } else if (error === null && !this.answered) {
            error = fault(Error, 'ECONNRESET', 'socket hang up');
        }
        done(error);
    }
    abort() {
        if (this.aborted) return;
        this.aborted = true;
        process.nextTick(() => this.emit('abort'));
        this.destroy();
    }
    setTimeout(ms, done) {
        clearTimeout(this.#timer);
        if (done) this.once('timeout', done);
        if (ms > 0) this.#timer = setTimeout(() => this.emit('timeout'), ms);
        this.timeout = ms;
        return this;
    }
    setNoDelay() {}
    setSocketKeepAlive() {}
    onSocket() { throw refused('http.ClientRequest.onSocket'); }
    #send() {
        this.headersSent = true;
        const headers = [];
        for (const name of this.getRawHeaderNames()) {
            for (const value of [].concat(this.getHeader(name))) headers.push([name, `${value}`]);
        }
        const init = { method: this.method, headers, redirect: 'manual', signal: this.#controller.signal };
        const body = Buffer.concat(this.#body);
        if (body.length > 0 && (this.method === 'GET' || this.method === 'HEAD')) {
            return void process.nextTick(() => this.#fail(fault(Error, 'ERR_METHOD_NOT_IMPLEMENTED', `a ${this.method} request cannot have a body here: requests are those of fetch, which refuses it; send it with POST`)));
        }
        if (body.length > 0) init.body = body;
        fetch(this.#url, init).then((response) => this.#answer(response), (error) => this.#fail(error));
    }
    #fail(error) {
        if (this.destroyed) return;
        // What fetch wraps is what a socket would have said.
        const cause = error.cause instanceof Error ? error.cause : error;
        this.destroy(Object.assign(new Error(cause.message, { cause: error }), { code: cause.code ?? 'ECONNRESET' }));
    }
    #answer(response) {
        if (this.destroyed) return;
        this.answered = true;
        const message = new IncomingMessage(this.socket);
        Object.assign(message, { statusCode: response.status, statusMessage: response.statusText, req: this, url: '' });
        const decoded = response.headers.has('content-encoding');
        for (const [name, value] of response.headers) {
            // fetch has decoded the body already.
            if (decoded && (name === 'content-encoding' || name === 'content-length')) continue;
            message.rawHeaders.push(name, value);
            if (name === 'set-cookie') (message.headers[name] ??= []).push(value);
            else message.headers[name] = value;
        }
        const reader = response.body?.getReader();
        message.cancel = () => { reader?.cancel().catch(() => {}); this.#controller.abort(); };
        message.pull = () => {
            if (reader === undefined) return end();
            reader.read().then(({ done, value }) => {
                if (done) return end();
                message.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
            }, (error) => {
                if (message.destroyed) return;
                const cause = error.cause instanceof Error ? error.cause : error;
                message.destroy(Object.assign(new Error(cause.message), { code: cause.code ?? 'ECONNRESET' }));
            });
        };
        const end = () => {
            message.complete = true;
            clearTimeout(this.#timer);
            message.push(null);
        };
        message.once('close', () => { clearTimeout(this.#timer); if (!this.destroyed) this.destroy(); });
        this.res = message;
        if (!this.emit('response', message)) message.resume();
    }
}

const request = (url, options, done) => new ClientRequest(url, options, done);
const get = (url, options, done) => {
    const r = request(url, options, done);
    r.end();
    return r;
};
const stub = (name) => function () { throw refused(`http.${name}`); };

module.exports = {
    METHODS, STATUS_CODES, maxHeaderSize, Agent, ClientRequest, IncomingMessage, OutgoingMessage, globalAgent: new Agent({ keepAlive: true }), request, get,
    validateHeaderName, validateHeaderValue, setMaxIdleHTTPParsers() {}, Server: stub('Server'), ServerResponse: stub('ServerResponse'),
    createServer: stub('createServer'),
};
