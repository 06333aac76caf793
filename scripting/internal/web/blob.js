// Blob and File (File API, W3C), FormData and its encoding as multipart/form-data (XMLHttpRequest standard, 5, and HTML
// standard, 4.10.21.8).
(function (native, use) {
'use strict';

const { iterable } = use('iterable');

function viewOf(v) {
    if (ArrayBuffer.isView(v)) return new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
    return v instanceof ArrayBuffer ? new Uint8Array(v) : null;
}

// join copies views into one.
function join(views) {
    let size = 0;
    for (const view of views) size += view.length;
    const all = new Uint8Array(size);
    let at = 0;
    for (const view of views) {
        all.set(view, at);
        at += view.length;
    }
    return all;
}

// typeOf is the type of a Blob: what is not printable ASCII makes it "".
function typeOf(type) {
    type = type === undefined ? '' : String(type);
    return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}

// clamped rounds to the nearest whole number, and to the even one of two (Web IDL, [Clamp]).
function clamped(v) {
    if (!(Math.abs(v) < 2 ** 52)) return v || 0;
    const low = Math.floor(v), over = v - low;
    return over < 0.5 || (over === 0.5 && low % 2 === 0) ? low : low + 1;
}

let bytesOf, isBlob, newBlob;

class Blob {
    #bytes;
    #type;
    constructor(parts, options) {
        options ??= {};
        if (typeof options !== 'object' && typeof options !== 'function') {
            throw new TypeError("Failed to construct 'Blob': The provided value is not of type 'BlobPropertyBag'.");
        }
        const endings = options.endings === undefined ? 'transparent' : String(options.endings);
        if (endings !== 'transparent' && endings !== 'native') {
            throw new TypeError(`Failed to construct 'Blob': The provided value '${endings}' is not a valid enum value of type EndingType.`);
        }
        const views = [];
        if (parts !== undefined) {
            if (typeof parts !== 'object' || parts === null || typeof parts[Symbol.iterator] !== 'function') {
                throw new TypeError("Failed to construct 'Blob': The provided value cannot be converted to a sequence.");
            }
            for (const part of parts) {
                if (isBlob(part)) {
                    views.push(part.#bytes);
                    continue;
                }
                const view = viewOf(part);
                if (view !== null) {
                    views.push(view);
                    continue;
                }
                const text = String(part);
                views.push(new Uint8Array(native.encode(endings === 'native' ? text.replace(/\r\n?/g, '\n') : text)));
            }
        }
        this.#bytes = join(views);
        this.#type = typeOf(options.type);
    }
    get size() { return this.#bytes.length; }
    get type() { return this.#type; }
    slice(start, end, type) {
        const size = this.size;
        const clamp = (v, fallback) => {
            if (v === undefined) return fallback;
            v = clamped(Number(v));
            return v < 0 ? Math.max(size + v, 0) : Math.min(v, size);
        };
        const from = clamp(start, 0), to = clamp(end, size);
        return newBlob(this.#bytes.subarray(from, Math.max(from, to)), typeOf(type)); // a Blob never changes
    }
    async text() { return native.decode(this.#bytes); }
    async arrayBuffer() { return this.#bytes.slice().buffer; }
    async bytes() { return this.#bytes.slice(); }
    stream() {
        const { bodyStream } = use('stream');
        const size = 64 << 10;
        let at = 0;
        const source = bodyStream(() => {
            if (at < this.#bytes.length) source.enqueue(this.#bytes.slice(at, at += size));
            if (at >= this.#bytes.length) source.close();
        }, null);
        return source.stream;
    }
    get [Symbol.toStringTag]() { return 'Blob'; }
    static {
        isBlob = (v) => typeof v === 'object' && v !== null && #bytes in v;
        bytesOf = (blob) => blob.#bytes;
        newBlob = (view, type) => {
            const blob = new Blob();
            blob.#bytes = view;
            blob.#type = type;
            return blob;
        };
    }
}

class File extends Blob {
    #name;
    #lastModified;
    constructor(parts, name, options) {
        if (arguments.length < 2) throw new TypeError(`Failed to construct 'File': 2 arguments required, but only ${arguments.length} present.`);
        super(parts, options);
        this.#name = native.text(name);
        this.#lastModified = options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified)) || 0;
    }
    get name() { return this.#name; }
    get lastModified() { return this.#lastModified; }
    get webkitRelativePath() { return ''; }
    get [Symbol.toStringTag]() { return 'File'; }
}

function need(args, count, name) {
    if (args.length < count) {
        throw new TypeError(`Failed to execute '${name}' on 'FormData': ${count} argument${count > 1 ? 's' : ''} required, but only ${args.length} present.`);
    }
}

// entryOf is "create an entry" (XMLHttpRequest standard, 5): a Blob becomes a File.
function entryOf(name, value, filename, args, what) {
    name = native.text(name);
    if (!isBlob(value)) {
        if (args.length > 2) throw new TypeError(`Failed to execute '${what}' on 'FormData': parameter 2 is not of type 'Blob'.`);
        return [name, native.text(value)];
    }
    if (value instanceof File && filename === undefined) return [name, value];
    return [name, new File([value], filename === undefined ? 'blob' : filename, { type: value.type, lastModified: value.lastModified })];
}

let listOf, isForm;

class FormData {
    #list = [];
    constructor(form) {
        if (form !== undefined) throw new TypeError("Failed to construct 'FormData': there are no forms here; append the values");
    }
    append(name, value, filename) {
        need(arguments, 2, 'append');
        this.#list.push(entryOf(name, value, filename, arguments, 'append'));
    }
    delete(name) {
        need(arguments, 1, 'delete');
        name = native.text(name);
        this.#list = this.#list.filter((entry) => entry[0] !== name);
    }
    get(name) {
        need(arguments, 1, 'get');
        name = native.text(name);
        return this.#list.find((entry) => entry[0] === name)?.[1] ?? null;
    }
    getAll(name) {
        need(arguments, 1, 'getAll');
        name = native.text(name);
        return this.#list.filter((entry) => entry[0] === name).map((entry) => entry[1]);
    }
    has(name) {
        need(arguments, 1, 'has');
        name = native.text(name);
        return this.#list.some((entry) => entry[0] === name);
    }
    set(name, value, filename) {
        need(arguments, 2, 'set');
        const entry = entryOf(name, value, filename, arguments, 'set');
        const at = this.#list.findIndex((other) => other[0] === entry[0]);
        if (at < 0) {
            this.#list.push(entry);
            return;
        }
        this.#list = this.#list.filter((other, i) => i <= at || other[0] !== entry[0]);
        this.#list[at] = entry;
    }
    forEach(callback, thisArg) {
        need(arguments, 1, 'forEach');
        if (typeof callback !== 'function') throw new TypeError("Failed to execute 'forEach' on 'FormData': parameter 1 is not of type 'Function'.");
        for (let i = 0; i < this.#list.length; i++) callback.call(thisArg, this.#list[i][1], this.#list[i][0], this);
    }
    get [Symbol.toStringTag]() { return 'FormData'; }
    static {
        isForm = (v) => typeof v === 'object' && v !== null && #list in v;
        listOf = (form) => form.#list;
    }
}
iterable(FormData, 'FormData', listOf, (form, index) => listOf(form)[index]);

// The blobs that URLs of URL.createObjectURL stand for, by the URL. Each version of a plugin has its own.
const objectURLs = { __proto__: null };

// encodeForm returns the body and its type.
function encodeForm(form) {
    const boundary = '----trackhook' + native.boundary();
    const lines = (text) => text.replace(/\r\n?|\n/g, '\r\n');
    const quoted = (name) => name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');
    const views = [];
    const text = (t) => views.push(new Uint8Array(native.encode(t)));
    for (const [name, value] of listOf(form)) {
        const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(lines(name))}"`;
        if (typeof value === 'string') {
            text(`${head}\r\n\r\n${lines(value)}\r\n`);
            continue;
        }
        text(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`);
        views.push(bytesOf(value));
        text('\r\n');
    }
    text(`--${boundary}--\r\n`);
    return [join(views), `multipart/form-data; boundary=${boundary}`];
}

// decodeForm reads a body by its Content-Type (Fetch standard, 5.3); null when it is no form.
function decodeForm(view, type) {
    const parts = native.decodeForm(view, type);
    if (parts === null) return null;
    const form = new FormData();
    for (const [name, value, filename, kind] of parts) {
        form.append(name, filename === null ? value : new File([value], filename, { type: kind }));
    }
    return form;
}

const { show, members, compare, sameBytes } = use('show');
show(Blob, members('size', 'type'));
show(File, members('size', 'type', 'name', 'lastModified'));
const sameBlob = (a, b) => a.type === b.type && sameBytes(bytesOf(a), bytesOf(b));
compare(Blob, sameBlob);
compare(File, (a, b) => a.name === b.name && sameBlob(a, b)); // lastModified is the time of the test most often
compare(FormData, (a, b, same) => same(listOf(a), listOf(b)));
show(FormData, (form) => {
    const seen = {};
    for (const [name, value] of FormData.prototype.entries.call(form)) {
        const before = Object.hasOwn(seen, name) ? seen[name] : undefined;
        const all = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
        Object.defineProperty(seen, name, { value: all, writable: true, configurable: true, enumerable: true });
    }
    return seen;
});

return { objectURLs, Blob, File, FormData, isBlob, newBlob, bytesOf, isForm, encodeForm, decodeForm };
})
