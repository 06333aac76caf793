// PluralRules, Collator, ListFormat and RelativeTimeFormat.
(function (native, use) {
'use strict';

const { dataOf, has, join, negotiate, option, optionsOf } = use('intl/option');
const { NumberFormat, digitOptions, mathText, rounded } = use('intl/number');

class PluralRules {
    #o;
    constructor(locales, options) {
        const { tag } = negotiate(locales);
        options = optionsOf(options);
        const o = this.#o = { locale: tag, type: option(options, 'type', 'string', ['cardinal', 'ordinal'], 'cardinal', 'Intl.PluralRules') };
        digitOptions(o, options, 0, 3, false);
    }
    select(value) {
        const text = mathText(Number(value)).replace('-', '');
        if (text === 'NaN' || text === 'Infinity') return 'other';
        const [whole, fraction] = rounded(this.#o, text);
        return native.plural(this.#o.locale, this.#o.type === 'ordinal', whole, fraction);
    }
    resolvedOptions() {
        const out = {}, o = this.#o;
        for (const name of ['locale', 'type', 'minimumIntegerDigits', 'minimumFractionDigits', 'maximumFractionDigits', 'minimumSignificantDigits', 'maximumSignificantDigits']) {
            if (o[name] !== undefined) out[name] = o[name];
        }
        out.pluralCategories = native.pluralCategories(o.locale, o.type === 'ordinal');
        for (const name of ['roundingIncrement', 'roundingMode', 'roundingPriority', 'trailingZeroDisplay']) out[name] = o[name];
        return out;
    }
}

class Collator {
    #o; #compare; #bound;
    constructor(locales, options) {
        const { tag, u } = negotiate(locales);
        options = optionsOf(options);
        const class_ = 'Intl.Collator';
        const usage = option(options, 'usage', 'string', ['sort', 'search'], 'sort', class_);
        const numeric = option(options, 'numeric', 'boolean') ?? (u.kn !== undefined && u.kn !== 'false');
        const caseFirst = option(options, 'caseFirst', 'string', ['upper', 'lower', 'false'], u.kf ?? 'false', class_);
        const sensitivity = option(options, 'sensitivity', 'string', ['base', 'accent', 'case', 'variant'], 'variant', class_);
        const ignorePunctuation = option(options, 'ignorePunctuation', 'boolean') ?? false;
        this.#o = { locale: tag, usage, sensitivity, ignorePunctuation, collation: 'default', numeric, caseFirst };
        if (caseFirst === 'upper') native.note('Intl.Collator sorts small letters first here, whatever caseFirst says');
        this.#compare = native.collator(tag, sensitivity, numeric, ignorePunctuation);
    }
    get compare() { return this.#bound ??= Object.defineProperty((a, b) => this.#compare(String(a), String(b)), 'name', { value: '' }); }
    resolvedOptions() { return { ...this.#o }; }
}

class ListFormat {
    #o; #forms;
    constructor(locales, options) {
        const { tag } = negotiate(locales);
        options = optionsOf(options);
        const type = option(options, 'type', 'string', ['conjunction', 'disjunction', 'unit'], 'conjunction', 'Intl.ListFormat');
        const style = option(options, 'style', 'string', ['long', 'short', 'narrow'], 'long', 'Intl.ListFormat');
        this.#o = { locale: tag, type, style };
        this.#forms = dataOf(tag).lists[`${type} ${style}`];
    }
    format(list) { return join(this.formatToParts(list)); }
    formatToParts(list) {
        const items = list === undefined ? [] : Array.from(list), out = [];
        const [pair, start, middle, end] = this.#forms;
        items.forEach((value, i) => {
            if (typeof value !== 'string') throw new TypeError('Iterable yielded a non-String value');
            if (i) out.push({ type: 'literal', value: items.length === 2 ? pair : i === items.length - 1 ? end : i === 1 ? start : middle });
            out.push({ type: 'element', value });
        });
        return out;
    }
    resolvedOptions() { return { ...this.#o }; }
}

const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

class RelativeTimeFormat {
    #o; #data; #numbers;
    constructor(locales, options) {
        const { tag } = negotiate(locales);
        options = optionsOf(options);
        const style = option(options, 'style', 'string', ['long', 'short', 'narrow'], 'long', 'Intl.RelativeTimeFormat');
        const numeric = option(options, 'numeric', 'string', ['always', 'auto'], 'always', 'Intl.RelativeTimeFormat');
        this.#o = { locale: tag, style, numeric, numberingSystem: 'latn' };
        this.#data = dataOf(tag).relative;
        this.#numbers = new NumberFormat(tag);
    }
    format(value, unit) { return join(this.formatToParts(value, unit)); }
    formatToParts(value, unit) {
        value = Number(value);
        const name = String(unit).replace(/s$/, '');
        if (!units.includes(name)) throw new RangeError(`Invalid unit argument for format() '${unit}'`);
        if (!Number.isFinite(value)) throw new RangeError('Invalid time value');
        const [words, past, future] = this.#data[`${name} ${this.#o.style}`];
        if (this.#o.numeric === 'auto' && has(words, Object.is(value, -0) ? '-0' : String(value))) return [{ type: 'literal', value: words[value] }];
        if (this.#o.numeric === 'auto' && value === 0 && has(words, '0')) return [{ type: 'literal', value: words[0] }];
        const forms = value < 0 || Object.is(value, -0) ? past : future, number = Math.abs(value);
        const form = forms[new PluralRules(this.#o.locale).select(number)] ?? forms.other;
        const out = [];
        for (const piece of form.split(/(\{n\})/)) {
            if (piece === '{n}') for (const p of this.#numbers.formatToParts(number)) out.push({ ...p, unit: name });
            else if (piece) out.push({ type: 'literal', value: piece });
        }
        return out;
    }
    resolvedOptions() { return { ...this.#o }; }
}

return { Collator, ListFormat, PluralRules, RelativeTimeFormat };
})
