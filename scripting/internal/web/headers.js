// Headers, and what may stand in them (Fetch standard, 5.1).
(function (native, use) {
'use strict';

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

const { show, compare } = use('show');
show(Headers, (headers) => {
    const seen = {};
    for (const [name, value] of listOf(headers)) {
        const before = Object.hasOwn(seen, name) ? seen[name] + ', ' : '';
        Object.defineProperty(seen, name, { value: before + value, writable: true, configurable: true, enumerable: true });
    }
    return seen;
});
compare(Headers, (a, b, same) => same([...Headers.prototype.entries.call(a)], [...Headers.prototype.entries.call(b)]));

return { Headers, listOf, guard, fillHeaders, byteString, token, need };
})
