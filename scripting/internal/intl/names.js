// DisplayNames: how languages, regions and scripts are called.
(function (native, use) {
'use strict';

const { has, negotiate, option } = use('intl/option');

const names = new Map();

class DisplayNames {
    #o; #data;
    constructor(locales, options) {
        if (options === undefined) throw new TypeError('Cannot convert undefined or null to object');
        if (typeof options !== 'object' && typeof options !== 'function' || options === null) throw new TypeError('Incorrect DisplayNames information provided');
        const { tag } = negotiate(locales), class_ = 'Intl.DisplayNames';
        const style = option(options, 'style', 'string', ['narrow', 'short', 'long'], 'long', class_);
        const type = option(options, 'type', 'string', ['language', 'region', 'script', 'currency', 'calendar', 'dateTimeField'], undefined, class_);
        if (type === undefined) throw new TypeError('Required option "type" must not be undefined');
        if (!['language', 'region', 'script'].includes(type)) throw new RangeError(`Intl.DisplayNames has the names of languages, regions and scripts here, not of type ${type}`);
        const fallback = option(options, 'fallback', 'string', ['code', 'none'], 'code', class_);
        const languageDisplay = option(options, 'languageDisplay', 'string', ['dialect', 'standard'], 'dialect', class_);
        this.#o = { locale: tag, style, type, fallback };
        if (type === 'language') this.#o.languageDisplay = languageDisplay;
        if (!names.has(tag)) names.set(tag, JSON.parse(native.names(tag)));
        this.#data = names.get(tag);
    }
    of(code) {
        const { type, fallback } = this.#o;
        const canonical = type === 'language' ? this.#language(`${code}`) : type === 'region' ? regionOf(`${code}`) : scriptOf(`${code}`);
        return (type === 'language' ? this.#composed(canonical) : this.#name(type, canonical)) ?? (fallback === 'code' ? canonical : undefined);
    }
    #name(type, code) {
        const short = this.#o.style !== 'long' && this.#data[`short ${type}`];
        return short && has(short, code) ? short[code] : has(this.#data[type], code) ? this.#data[type][code] : undefined;
    }
    #language(code) {
        const tag = /^[a-z]{2,8}(-[a-z\d]{1,8})*$/i.test(code) ? native.canonical(code) : undefined;
        if (tag === undefined) throw new RangeError('invalid_argument');
        return tag;
    }
    #composed(tag) {
        const [, language, script, region, rest] = /^([a-z]{2,8})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|\d{3}))?(-.*)?$/.exec(tag) ?? [];
        if (language === undefined || rest !== undefined) return undefined;
        let name, left = [];
        if (this.#o.languageDisplay === 'dialect') name = this.#name('language', tag);
        if (name === undefined) [name, left] = [this.#name('language', language), [script, region]];
        left = left.map((code) => code && (this.#name(code.length === 4 ? 'script' : 'region', code) ?? code)).filter((code) => code);
        if (name === undefined) {
            if (left.length === 0 || this.#o.fallback === 'none') return undefined;
            name = language;
        }
        if (left.length === 0) return name;
        const form = this.#data.with, at = form.indexOf('{1}'), to = form.indexOf('{2}');
        return form.slice(0, at).replace('{l}', name) + left.join(form.slice(at + 3, to)) + form.slice(to + 3);
    }
    resolvedOptions() { return { ...this.#o }; }
}
function regionOf(code) {
    if (!/^([a-z]{2}|\d{3})$/i.test(code)) throw new RangeError('invalid_argument');
    return code.toUpperCase();
}
function scriptOf(code) {
    if (!/^[a-z]{4}$/i.test(code)) throw new RangeError('invalid_argument');
    return code[0].toUpperCase() + code.slice(1).toLowerCase();
}

return { DisplayNames };
})
