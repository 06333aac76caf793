// Intl: dates, numbers, lists and comparison in the forms of a language. Time zones, rounding, plurals and the data are Go's.
(function (native, use) {
'use strict';

const { Locale, callable, canonicalList, english, supports } = use('intl/option');
const { NumberFormat } = use('intl/number');
const { DateTimeFormat } = use('intl/date');
const { Collator, ListFormat, PluralRules, RelativeTimeFormat } = use('intl/language');
const { Segmenter } = use('intl/segment');
const { DisplayNames } = use('intl/names');

const Intl = {};
const classes = {
    Collator: callable(supports(Collator, 'Collator'), 'Collator'), DateTimeFormat: callable(supports(DateTimeFormat, 'DateTimeFormat'), 'DateTimeFormat'),
    DisplayNames: supports(DisplayNames, 'DisplayNames'), ListFormat: supports(ListFormat, 'ListFormat'), Locale, Segmenter: supports(Segmenter, 'Segmenter'), NumberFormat: callable(supports(NumberFormat, 'NumberFormat'), 'NumberFormat'),
    PluralRules: supports(PluralRules, 'PluralRules'), RelativeTimeFormat: supports(RelativeTimeFormat, 'RelativeTimeFormat'),
    ...{
        getCanonicalLocales(locales) { return canonicalList(locales); },
        supportedValuesOf(key) {
            const values = native.values(String(key));
            if (values === undefined) throw new RangeError(`Invalid key : ${key}`);
            return values;
        },
    },
};
for (const [name, value] of Object.entries(classes)) Object.defineProperty(Intl, name, { value, writable: true, configurable: true });
Object.defineProperty(Intl, Symbol.toStringTag, { value: 'Intl', configurable: true });
for (const class_ of [DateTimeFormat, NumberFormat]) {
    Object.defineProperty(class_.prototype, 'format', { enumerable: false });
}

// What toLocaleString and its like do; they live on the prototypes of the language.
const usual = new Map();
const cached = (kind, locales, options, make) => {
    if (options !== undefined || locales !== undefined && typeof locales !== 'string') return make();
    const key = `${kind} ${locales}`;
    if (!usual.has(key)) { if (usual.size > 50) usual.clear(); usual.set(key, make()); }
    return usual.get(key);
};
const dates = (kind, required, defaults) => (date, locales, options) => {
    const at = Date.prototype.getTime.call(date);
    const f = cached(kind, locales, options, () => new DateTimeFormat(locales, options, required, defaults));
    return Number.isNaN(at) ? 'Invalid Date' : f.format(at);
};
return {
    Intl,
    methods: {
        date: dates('date+time', 'any', 'all'), dateOnly: dates('date', 'date', 'date'), timeOnly: dates('time', 'time', 'time'),
        number: (value, locales, options) => cached('number', locales, options, () => new NumberFormat(locales, options)).format(value),
        compare: (a, b, locales, options) => cached('compare', locales, options, () => new Collator(locales, options)).compare(a, b),
        languages: (locales) => canonicalList(locales)[0] ?? english,
    },
};
})
