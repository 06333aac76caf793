// URL and URLSearchParams (URL standard, 6). The parser is Go.
(function (native, use) {
'use strict';

// What native.parse returns, in order.
const HREF = 0, ORIGIN = 1, PROTOCOL = 2, USERNAME = 3, PASSWORD = 4, HOST = 5, HOSTNAME = 6, PORT = 7, PATHNAME = 8,
    SEARCH = 9, HASH = 10;

function invalid(input, base) {
    const e = new TypeError('Invalid URL: ' + JSON.stringify(input) + (base === undefined ? '' : ' with base ' + JSON.stringify(base)));
    // As in Node.
    Object.defineProperty(e, 'code', { value: 'ERR_INVALID_URL', writable: true, configurable: true, enumerable: true });
    Object.defineProperty(e, 'input', { value: input, writable: true, configurable: true, enumerable: true });
    return e;
}

function need(args, count, what) {
    if (args.length < count) {
        throw new TypeError(`Failed to execute ${what}: ${count} argument${count > 1 ? 's' : ''} required, but only ${args.length} present.`);
    }
}

const { iterable } = use('iterable');

let attach, refresh, pairOf;

class URLSearchParams {
    #list = []; // name, value, name, value ...
    #url = null; // sets the query of the URL that these belong to
    constructor(init) {
        if (init === undefined || init === null && arguments.length === 0) return;
        if ((typeof init === 'object' && init !== null) || typeof init === 'function') {
            const iterate = init[Symbol.iterator];
            if (iterate !== undefined && iterate !== null) {
                if (typeof iterate !== 'function') throw new TypeError("Failed to construct 'URLSearchParams': The object must have a callable @@iterator property.");
                for (const pair of init) {
                    if (typeof pair !== 'object' || pair === null || typeof pair[Symbol.iterator] !== 'function') {
                        throw new TypeError("Failed to construct 'URLSearchParams': The provided value cannot be converted to a sequence.");
                    }
                    const both = [...pair];
                    if (both.length !== 2) {
                        throw new TypeError("Failed to construct 'URLSearchParams': Sequence initializer must only contain pair elements");
                    }
                    this.#list.push(native.text(both[0]), native.text(both[1]));
                }
                return;
            }
            const record = new Map(); // names that become equal as USVStrings are one
            for (const name of Reflect.ownKeys(init)) {
                const property = Reflect.getOwnPropertyDescriptor(init, name);
                if (property === undefined || !property.enumerable) continue;
                if (typeof name === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
                record.set(native.text(name), native.text(init[name]));
            }
            for (const [name, value] of record) this.#list.push(name, value);
            return;
        }
        let query = native.text(init);
        if (query.startsWith('?')) query = query.slice(1);
        this.#list = native.parseQuery(query);
    }
    #update() {
        if (this.#url !== null) this.#url(this.toString());
    }
    get size() { return this.#list.length / 2; }
    append(name, value) {
        need(arguments, 2, "'append' on 'URLSearchParams'");
        this.#list.push(native.text(name), native.text(value));
        this.#update();
    }
    delete(name, value) {
        need(arguments, 1, "'delete' on 'URLSearchParams'");
        name = native.text(name);
        if (value !== undefined) value = native.text(value);
        const list = this.#list, kept = [];
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] !== name || (value !== undefined && list[i + 1] !== value)) kept.push(list[i], list[i + 1]);
        }
        this.#list = kept;
        this.#update();
    }
    get(name) {
        need(arguments, 1, "'get' on 'URLSearchParams'");
        name = native.text(name);
        for (let i = 0; i < this.#list.length; i += 2) {
            if (this.#list[i] === name) return this.#list[i + 1];
        }
        return null;
    }
    getAll(name) {
        need(arguments, 1, "'getAll' on 'URLSearchParams'");
        name = native.text(name);
        const values = [];
        for (let i = 0; i < this.#list.length; i += 2) {
            if (this.#list[i] === name) values.push(this.#list[i + 1]);
        }
        return values;
    }
    has(name, value) {
        need(arguments, 1, "'has' on 'URLSearchParams'");
        name = native.text(name);
        if (value !== undefined) value = native.text(value);
        for (let i = 0; i < this.#list.length; i += 2) {
            if (this.#list[i] === name && (value === undefined || this.#list[i + 1] === value)) return true;
        }
        return false;
    }
    set(name, value) {
        need(arguments, 2, "'set' on 'URLSearchParams'");
        name = native.text(name);
        value = native.text(value);
        const list = this.#list, kept = [];
        let found = false;
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] !== name) {
                kept.push(list[i], list[i + 1]);
            } else if (!found) {
                found = true;
                kept.push(name, value);
            }
        }
        if (!found) kept.push(name, value);
        this.#list = kept;
        this.#update();
    }
    sort() {
        // By UTF-16 units, and stable: exactly what < and Array.prototype.sort do.
        const pairs = [];
        for (let i = 0; i < this.#list.length; i += 2) pairs.push([this.#list[i], this.#list[i + 1]]);
        pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
        this.#list = pairs.flat();
        this.#update();
    }
    forEach(callback, thisArg) {
        need(arguments, 1, "'forEach' on 'URLSearchParams'");
        if (typeof callback !== 'function') {
            throw new TypeError("Failed to execute 'forEach' on 'URLSearchParams': parameter 1 is not of type 'Function'.");
        }
        for (let i = 0; i < this.#list.length; i += 2) {
            callback.call(thisArg, this.#list[i + 1], this.#list[i], this);
        }
    }
    toString() { return native.formatQuery(this.#list); }
    get [Symbol.toStringTag]() { return 'URLSearchParams'; }
    static {
        pairOf = (params, index) => index * 2 < params.#list.length ? [params.#list[index * 2], params.#list[index * 2 + 1]] : undefined;
        attach = (params, update) => { params.#url = update; };
        refresh = (params, search) => { params.#list = native.parseQuery(search.slice(1)); };
    }
}
iterable(URLSearchParams, 'URLSearchParams', (params) => pairOf(params, 0), pairOf);

class URL {
    #parts;
    #params = null;
    constructor(url, base) {
        if (arguments.length === 0) {
            throw new TypeError("Failed to construct 'URL': 1 argument required, but only 0 present.");
        }
        url = native.text(url);
        if (base !== undefined) base = native.text(base);
        const parts = native.parse(url, base);
        if (parts === null) throw invalid(url, base);
        this.#parts = parts;
    }
    static parse(url, base) {
        need(arguments, 1, "'parse' on 'URL'");
        return URL.canParse(url, base) ? new URL(url, base) : null;
    }
    static canParse(url, base) {
        need(arguments, 1, "'canParse' on 'URL'");
        return native.parse(native.text(url), base === undefined ? undefined : native.text(base)) !== null;
    }
    // The URL's origin is null, as a host has none.
    static createObjectURL(blob) {
        need(arguments, 1, "'createObjectURL' on 'URL'");
        const blobs = use('blob', true);
        if (!blobs?.isBlob(blob)) throw new TypeError("Failed to execute 'createObjectURL' on 'URL': parameter 1 is not of type 'Blob'.");
        const url = 'blob:null/' + native.uuid();
        blobs.objectURLs[url] = blob;
        return url;
    }
    static revokeObjectURL(url) {
        need(arguments, 1, "'revokeObjectURL' on 'URL'");
        url = native.text(url);
        const blobs = use('blob', true);
        if (blobs !== undefined) delete blobs.objectURLs[url];
    }
    #set(part, value) {
        this.#parts = native.set(this.#parts[HREF], part, native.text(value));
    }
    get href() { return this.#parts[HREF]; }
    set href(value) {
        value = native.text(value);
        const parts = native.parse(value);
        if (parts === null) throw invalid(value);
        this.#parts = parts;
        if (this.#params !== null) refresh(this.#params, parts[SEARCH]);
    }
    get origin() { return this.#parts[ORIGIN]; }
    get protocol() { return this.#parts[PROTOCOL]; }
    set protocol(value) { this.#set('protocol', value); }
    get username() { return this.#parts[USERNAME]; }
    set username(value) { this.#set('username', value); }
    get password() { return this.#parts[PASSWORD]; }
    set password(value) { this.#set('password', value); }
    get host() { return this.#parts[HOST]; }
    set host(value) { this.#set('host', value); }
    get hostname() { return this.#parts[HOSTNAME]; }
    set hostname(value) { this.#set('hostname', value); }
    get port() { return this.#parts[PORT]; }
    set port(value) { this.#set('port', value); }
    get pathname() { return this.#parts[PATHNAME]; }
    set pathname(value) { this.#set('pathname', value); }
    get search() { return this.#parts[SEARCH]; }
    set search(value) {
        this.#set('search', value);
        if (this.#params !== null) refresh(this.#params, this.#parts[SEARCH]);
    }
    get hash() { return this.#parts[HASH]; }
    set hash(value) { this.#set('hash', value); }
    get searchParams() {
        if (this.#params === null) {
            this.#params = new URLSearchParams(this.#parts[SEARCH]);
            attach(this.#params, (query) => this.#set('search', query));
        }
        return this.#params;
    }
    toString() { return this.#parts[HREF]; }
    toJSON() { return this.#parts[HREF]; }
    get [Symbol.toStringTag]() { return 'URL'; }
}

// Web IDL 3.7: attributes and operations are enumerable, so that for-in and people who print a URL see them.
native.enumerable(URL.prototype, 'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search',
    'searchParams', 'hash', 'toString', 'toJSON');

const { show, members, compare } = use('show');
show(URL, members('href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'searchParams', 'hash'));
show(URLSearchParams, (params, inspect) => {
    const pairs = [];
    for (const [name, value] of URLSearchParams.prototype.entries.call(params)) pairs.push(inspect(name) + ' => ' + inspect(value));
    const line = pairs.join(', ');
    if (line.length > 80) return 'URLSearchParams {\n  ' + pairs.join(',\n  ') + ' }';
    return line === '' ? 'URLSearchParams {}' : 'URLSearchParams { ' + line + ' }';
});

compare(URL, (a, b) => a.href === b.href);
compare(URLSearchParams, (a, b, same) => same([...URLSearchParams.prototype.entries.call(a)], [...URLSearchParams.prototype.entries.call(b)]));

return { URL, URLSearchParams, isParams: (v) => v instanceof URLSearchParams };
})
