// What all classes of Intl begin with: tags, options, the data of a language; and Locale.
(function (native, use) {
'use strict';

const english = 'en-US';
const data = new Map();

// dataOf returns the data of the nearest language that there is: that of its region, of the language, or English, which is
// said once.
function dataOf(tag) {
    let found = data.get(tag);
    if (found) return found;
    const text = native.locale(tag);
    found = JSON.parse(text);
    data.set(tag, found);
    return found;
}

const has = (o, k) => Object.prototype.hasOwnProperty.call(o, k);
const range = (value, name, class_) => new RangeError(`Value ${value} out of range for ${class_} options property ${name}`);

function canonicalList(locales) {
    if (locales === undefined) return [];
    if (locales === null) throw new TypeError('Cannot convert undefined or null to object');
    const list = typeof locales === 'string' || locales instanceof Locale ? [locales] : Array.from(Object(locales));
    const out = [];
    for (const item of list) {
        if (typeof item !== 'string' && (typeof item !== 'object' || item === null)) throw new TypeError('Language ID should be string or object.');
        const tag = native.canonical(String(item));
        if (tag === undefined) throw new RangeError(`Incorrect locale information provided`);
        if (!out.includes(tag)) out.push(tag);
    }
    return out;
}

// negotiate returns the tag without extensions that an object has, and the extensions of Unicode that were asked for.
function negotiate(locales) {
    const list = canonicalList(locales);
    if (list.length === 0) return { tag: english, u: {} };
    const [base, u] = native.known(list);
    const out = {};
    let key = '';
    for (const word of u.split('-')) {
        if (word.length === 2) out[key = word] = '';
        else if (key) out[key] = out[key] ? out[key] + '-' + word : word;
    }
    return { tag: base, u: out };
}

function option(options, name, type, values, fallback, class_) {
    let value = options[name];
    if (value === undefined) return fallback;
    value = type === 'boolean' ? Boolean(value) : String(value);
    if (values && !values.includes(value)) throw range(value, name, class_);
    return value;
}

function integer(options, name, least, most, fallback) {
    let value = options[name];
    if (value === undefined) return fallback;
    value = Number(value);
    if (!(value >= least && value <= most)) throw new RangeError(`${name} value is out of range.`);
    return Math.floor(value);
}

const optionsOf = (options) => (options === undefined ? Object.create(null) : options === null ? Object(options) : Object(options));
const join = (parts) => { let out = ''; for (const p of parts) out += p.value; return out; };

// supports gives a class the static method that all have.
function supports(class_, name) {
    const method = { supportedLocalesOf(locales) { return canonicalList(locales).filter((tag) => native.has(tag)); } };
    Object.defineProperty(class_, 'supportedLocalesOf', { value: method.supportedLocalesOf, writable: true, configurable: true });
    Object.defineProperty(class_.prototype, Symbol.toStringTag, { value: `Intl.${name}`, configurable: true });
    return class_;
}

// callable makes of a class what may be called without new, as DateTimeFormat, NumberFormat and Collator may.
function callable(class_, name) {
    function F(locales, options) { return Reflect.construct(class_, [locales, options], new.target ?? F); }
    Object.defineProperty(F, 'name', { value: name, configurable: true });
    Object.defineProperty(F, 'length', { value: 0, configurable: true });
    Object.defineProperty(F, 'prototype', { value: class_.prototype, writable: false });
    Object.defineProperty(F, 'supportedLocalesOf', Object.getOwnPropertyDescriptor(class_, 'supportedLocalesOf'));
    Object.defineProperty(class_.prototype, 'constructor', { value: F, writable: true, configurable: true });
    return F;
}

class Locale {
    #tag; #parts;
    constructor(tag, options) {
        if (typeof tag !== 'string' && (typeof tag !== 'object' || tag === null)) throw new TypeError('First argument to Intl.Locale constructor can\'t be empty or missing');
        options = optionsOf(options);
        const changes = {};
        for (const name of ['language', 'script', 'region', 'calendar', 'collation', 'hourCycle', 'caseFirst', 'numeric', 'numberingSystem']) {
            if (options[name] !== undefined) changes[name] = String(options[name]);
        }
        const parts = native.localeParts(String(tag), changes);
        if (parts === undefined) throw new RangeError('Incorrect locale information provided');
        this.#parts = parts;
        this.#tag = parts.tag;
    }
    toString() { return this.#tag; }
    get baseName() { return this.#parts.baseName; }
    get language() { return this.#parts.language; }
    get script() { return this.#parts.script; }
    get region() { return this.#parts.region; }
    get calendar() { return this.#parts.ca; }
    get collation() { return this.#parts.co; }
    get hourCycle() { return this.#parts.hc; }
    get caseFirst() { return this.#parts.kf; }
    get numeric() { return this.#parts.kn !== undefined && this.#parts.kn !== 'false'; }
    get numberingSystem() { return this.#parts.nu; }
    get weekInfo() { return { ...dataOf(native.known([this.#parts.baseName])[0]).week }; }
    getWeekInfo() { return this.weekInfo; }
    maximize() { return new Locale(native.maximize(this.#tag, true)); }
    minimize() { return new Locale(native.maximize(this.#tag, false)); }
}
Object.defineProperty(Locale.prototype, Symbol.toStringTag, { value: 'Intl.Locale', configurable: true });

return { Locale, callable, canonicalList, dataOf, english, has, integer, join, negotiate, option, optionsOf, range, supports };
})
