// Intl: dates, numbers, lists and comparison in the forms of a language. Time zones, rounding, plurals and the data are Go's.
(function (native) {
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

// ---------------------------------------------------------------- numbers

const signs = ['auto', 'never', 'always', 'exceptZero', 'negative'];
const roundings = ['ceil', 'floor', 'expand', 'trunc', 'halfCeil', 'halfFloor', 'halfExpand', 'halfTrunc', 'halfEven'];

// digitOptions reads how many digits a number has (ECMA-402, SetNumberFormatDigitOptions).
function digitOptions(o, options, least, most, compact) {
    o.minimumIntegerDigits = integer(options, 'minimumIntegerDigits', 1, 21, 1);
    let minF = options.minimumFractionDigits, maxF = options.maximumFractionDigits;
    const minS = options.minimumSignificantDigits, maxS = options.maximumSignificantDigits;
    o.roundingIncrement = integer(options, 'roundingIncrement', 1, 5000, 1);
    if (![1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000].includes(o.roundingIncrement)) throw new RangeError('roundingIncrement value is out of range.');
    o.roundingMode = option(options, 'roundingMode', 'string', roundings, 'halfExpand', 'Intl.NumberFormat');
    o.roundingPriority = option(options, 'roundingPriority', 'string', ['auto', 'morePrecision', 'lessPrecision'], 'auto', 'Intl.NumberFormat');
    o.trailingZeroDisplay = option(options, 'trailingZeroDisplay', 'string', ['auto', 'stripIfInteger'], 'auto', 'Intl.NumberFormat');
    const hasS = minS !== undefined || maxS !== undefined, hasF = minF !== undefined || maxF !== undefined;
    const needS = o.roundingPriority !== 'auto' || hasS;
    const needF = o.roundingPriority !== 'auto' || !(hasS || !hasF && compact);
    if (needS) {
        o.minimumSignificantDigits = integer(options, 'minimumSignificantDigits', 1, 21, 1);
        o.maximumSignificantDigits = integer(options, 'maximumSignificantDigits', o.minimumSignificantDigits, 21, 21);
    }
    if (needF) {
        if (hasF) {
            minF = integer(options, 'minimumFractionDigits', 0, 100, undefined);
            maxF = integer(options, 'maximumFractionDigits', 0, 100, undefined);
            if (minF === undefined) minF = Math.min(least, maxF);
            else if (maxF === undefined) maxF = Math.max(most, minF);
            else if (minF > maxF) throw new RangeError('maximumFractionDigits value is out of range.');
        } else [minF, maxF] = [least, most];
        o.minimumFractionDigits = minF;
        o.maximumFractionDigits = maxF;
    }
    o.compactRounding = !needS && !needF;
    if (o.compactRounding) Object.assign(o, { minimumFractionDigits: 0, maximumFractionDigits: 0, minimumSignificantDigits: 1, maximumSignificantDigits: 2, roundingPriority: 'morePrecision' });
}

// rounded returns the sign and digits of a number.
function rounded(o, text, power = 0) {
    return native.round(text, power, o.minimumIntegerDigits, o.minimumFractionDigits ?? -1, o.maximumFractionDigits ?? -1, o.minimumSignificantDigits ?? -1,
        o.maximumSignificantDigits ?? -1, o.roundingPriority, o.roundingMode, o.roundingIncrement, o.trailingZeroDisplay === 'stripIfInteger');
}

// mathText is a value as a decimal number, which goes to infinity as a text.
function mathText(value) {
    const primitive = typeof value === 'object' && value !== null ? toNumeric(value) : value;
    if (typeof primitive === 'bigint') return String(primitive);
    if (typeof primitive === 'string') {
        const text = primitive.trim();
        const [written, , exponent] = /^[+-]?(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
        // A greater exponent would be written with as many zeros.
        if (written !== undefined && Math.abs(exponent ?? 0) <= 10000 && Number.isFinite(Number(text))) return text.replace(/^\+/, '');
    }
    const number = Number(primitive);
    return Object.is(number, -0) ? '-0' : String(number);
}

function toNumeric(value) {
    const method = value[Symbol.toPrimitive];
    if (method !== undefined && method !== null) return method.call(value, 'number');
    const plain = value.valueOf();
    return typeof plain === 'object' && plain !== null ? String(value) : plain;
}

const currencyStyles = ['code', 'symbol', 'narrowSymbol', 'name'];

class NumberFormat {
    #o; #data; #bound;
    constructor(locales, options) {
        const { tag, u } = negotiate(locales);
        options = optionsOf(options);
        const class_ = 'Intl.NumberFormat';
        const o = this.#o = { locale: tag, numberingSystem: 'latn' };
        if (u.nu === 'latn') o.locale += '-u-nu-latn';
        const system = option(options, 'numberingSystem', 'string');
        if (system !== undefined && system !== 'latn') native.note(`Intl has the numbers of numberingSystem latn only, not ${system}`);
        this.#data = dataOf(tag).numbers;
        o.style = option(options, 'style', 'string', ['decimal', 'percent', 'currency', 'unit'], 'decimal', class_);
        const currency = option(options, 'currency', 'string');
        if (currency === undefined) {
            if (o.style === 'currency') throw new TypeError('Currency code is required with currency style.');
        } else if (!/^[a-z]{3}$/i.test(currency)) throw new RangeError(`Invalid currency code : ${currency}`);
        const display = option(options, 'currencyDisplay', 'string', currencyStyles, 'symbol', class_);
        const sign = option(options, 'currencySign', 'string', ['standard', 'accounting'], 'standard', class_);
        const unit = option(options, 'unit', 'string');
        if (unit === undefined) {
            if (o.style === 'unit') throw new TypeError("Invalid unit argument for Intl.NumberFormat() ''");
        } else if (!native.isUnit(unit)) throw new RangeError(`Invalid unit argument for Intl.NumberFormat() '${unit}'`);
        const unitDisplay = option(options, 'unitDisplay', 'string', ['short', 'narrow', 'long'], 'short', class_);
        let least = 0, most = o.style === 'percent' ? 0 : 3;
        if (o.style === 'currency') {
            Object.assign(o, { currency: currency.toUpperCase(), currencyDisplay: display, currencySign: sign });
            least = most = native.currencyDigits(o.currency);
        }
        if (o.style === 'unit') Object.assign(o, { unit, unitDisplay });
        const notation = option(options, 'notation', 'string', ['standard', 'scientific', 'engineering', 'compact'], 'standard', class_);
        if (o.style === 'currency' && notation !== 'standard') { least = 0; most = 0; }
        digitOptions(o, options, least, o.style === 'currency' && notation !== 'standard' ? 0 : most, notation === 'compact');
        const compactDisplay = option(options, 'compactDisplay', 'string', ['short', 'long'], 'short', class_);
        let grouping = options.useGrouping;
        const usual = notation === 'compact' ? 'min2' : 'auto';
        if (grouping === undefined || grouping === 'true' || grouping === 'false') grouping = usual;
        else if (grouping === true) grouping = 'always';
        else if (!grouping) grouping = false;
        else if (!['min2', 'auto', 'always'].includes(String(grouping))) throw range(grouping, 'useGrouping', class_);
        o.useGrouping = grouping;
        o.notation = notation;
        if (notation === 'compact') o.compactDisplay = compactDisplay;
        o.signDisplay = option(options, 'signDisplay', 'string', signs, 'auto', class_);
    }
    get format() { return this.#bound ??= Object.defineProperty((value) => join(this.#parts(value)), 'name', { value: '' }); }
    formatToParts(value) { return this.#parts(value); }
    formatRange(start, end) { return join(this.formatRangeToParts(start, end)); }
    formatRangeToParts(start, end) {
        if (start === undefined || end === undefined) throw new TypeError('Invalid argument');
        const a = this.#parts(start), b = this.#parts(end);
        if (join(a) === join(b)) {
            const literal = [{ type: 'approximatelySign', value: '~', source: 'shared' }];
            return literal.concat(a.map((p) => ({ ...p, source: 'shared' })));
        }
        native.note('Intl.NumberFormat.formatRange writes both numbers in full here');
        return [...a.map((p) => ({ ...p, source: 'startRange' })), { type: 'literal', value: '–', source: 'shared' }, ...b.map((p) => ({ ...p, source: 'endRange' }))];
    }
    resolvedOptions() {
        const out = {}, o = this.#o;
        for (const name of ['locale', 'numberingSystem', 'style', 'currency', 'currencyDisplay', 'currencySign', 'unit', 'unitDisplay', 'minimumIntegerDigits',
            'minimumSignificantDigits', 'maximumSignificantDigits', 'minimumFractionDigits', 'maximumFractionDigits', 'useGrouping', 'notation', 'compactDisplay',
            'signDisplay', 'roundingMode', 'roundingIncrement', 'trailingZeroDisplay', 'roundingPriority']) {
            if (o[name] !== undefined) out[name] = o[name];
        }
        return out;
    }
    #parts(value) {
        const o = this.#o, d = this.#data;
        let text = mathText(value), negative = text[0] === '-';
        if (negative) text = text.slice(1);
        const finite = text !== 'NaN' && text !== 'Infinity';
        let body = [], power = o.style === 'percent' ? 2 : 0, compact, category = 'other', exponent;
        if (!finite) body = text === 'NaN' ? [{ type: 'nan', value: d.nan }] : [{ type: 'infinity', value: d.infinity }];
        let zero = false;
        if (text === 'NaN') negative = false;
        if (finite) {
            let digits;
            if (o.notation === 'standard') digits = this.#round(text, negative, power);
            else {
                // The power of ten is that of the rounded number.
                let size = native.magnitude(text) + power;
                for (let n = 0; n < 2; n++) {
                    const shift = this.#shift(size);
                    digits = this.#round(text, negative, power - shift);
                    const grown = native.magnitude(digits[0] + '.' + digits[1]) + shift;
                    if (grown === size || /^0*$/.test(digits[0] + digits[1])) { exponent = shift; break; }
                    size = grown;
                    exponent = this.#shift(size);
                }
                if (o.notation === 'compact') compact = this.#compact(size);
            }
            zero = /^0*$/.test(digits[0] + digits[1]);
            category = native.plural(o.locale, false, digits[0].replace(/^0+(?=.)/, ''), digits[1]);
            if (compact) compact = (digits[0] === '1' && digits[1] === '' && compact[1]['=1']) || compact[1][category] || compact[1].other;
            body = this.#digits(digits);
            if (o.notation === 'scientific' || o.notation === 'engineering') {
                body.push({ type: 'exponentSeparator', value: d.exponent });
                if (exponent < 0) body.push({ type: 'exponentMinusSign', value: d.minus });
                body.push({ type: 'exponentInteger', value: String(Math.abs(exponent)) });
            }
        }
        if (compact) body = this.#fill(compact.replace('{-}', ''), body, {});
        const sign = o.signDisplay === 'never' || o.signDisplay === 'negative' && zero || o.signDisplay === 'exceptZero' && (zero || text === 'NaN') ? ''
            : negative ? '-' : o.signDisplay === 'always' || o.signDisplay === 'exceptZero' ? '+' : '';
        return this.#styled(body, sign, category, finite);
    }
    #round(text, negative, power) { return rounded(this.#o, negative ? '-' + text : text, power); }
    #shift(size) {
        const o = this.#o;
        if (o.notation === 'scientific') return size;
        if (o.notation === 'engineering') return Math.floor(size / 3) * 3;
        const entry = this.#compact(size);
        return entry ? Math.min(size, 14) - entry[0] + 1 : 0;
    }
    #compact(size) {
        if (size < 3) return undefined;
        const entry = this.#data.compact[this.#o.compactDisplay][Math.min(size, 14) - 3];
        return Object.values(entry[1]).some((form) => form.includes('{k:')) ? entry : undefined;
    }
    #digits([whole, fraction]) {
        const o = this.#o, d = this.#data, money = o.style === 'currency', out = [];
        const least = o.useGrouping === 'min2' ? 2 : o.useGrouping === 'always' ? 1 : d.least;
        const group = money ? d.moneyGroup : d.group, [first, next] = d.sizes;
        if (o.useGrouping && whole.length >= first + least) {
            let at = whole.length - first;
            const groups = [whole.slice(at)];
            for (; at > 0; at -= next) groups.unshift(whole.slice(Math.max(0, at - next), at));
            groups.forEach((value, i) => { if (i) out.push({ type: 'group', value: group }); out.push({ type: 'integer', value }); });
        } else out.push({ type: 'integer', value: whole });
        if (fraction) out.push({ type: 'decimal', value: money ? d.moneyDecimal : d.decimal }, { type: 'fraction', value: fraction });
        return out;
    }
    #styled(body, sign, category, finite) {
        const o = this.#o, d = this.#data;
        let form = '{-}{n}', currency = '';
        if (o.style === 'percent') form = d.percent;
        if (o.style === 'unit') {
            const units = d.units[`${o.unit} ${o.unitDisplay}`] ?? dataOf('en').numbers.units[`${o.unit} ${o.unitDisplay}`];
            if (!units) throw new RangeError(`Intl.NumberFormat does not know the unit ${o.unit} here`);
            form = units[category] ?? units.other;
            if (!form.includes('{-}')) form = form.replace('{n}', '{-}{n}');
        }
        if (o.style === 'currency') {
            const [symbol, narrow, names] = d.currencies[o.currency] ?? [o.currency, o.currency];
            const forms = o.currencySign === 'accounting' ? d.accounting : d.money;
            if (o.currencyDisplay === 'name') {
                const all = names ?? dataOf('en').numbers.currencies[o.currency]?.[2];
                if (!names && all) native.note(`Intl has the names of currencies in English only, not in ${o.locale}`);
                currency = all ? all[category] ?? all.other : o.currency;
                form = forms.name;
            } else {
                currency = o.currencyDisplay === 'code' ? o.currency : o.currencyDisplay === 'narrowSymbol' ? narrow : symbol;
                // What does not end in a symbol is set off from the number.
                form = finite && !native.endsInSymbol(currency) ? forms.code : forms.symbol;
            }
            if (sign !== '-' && o.currencySign === 'accounting') form = form.replace(/^\((.*)\)$/, '{-}$1');
        }
        const marks = { '-': sign === '-' ? ['minusSign', d.minus] : sign === '+' ? ['plusSign', d.plus] : undefined, '%': ['percentSign', d.percentSign], c: ['currency', currency] };
        return this.#fill(form, body, marks);
    }
    // fill puts the parts of a number and its signs into a form.
    #fill(form, body, marks) {
        const out = [];
        const literal = (value) => { if (value) out.push({ type: 'literal', value }); };
        for (const piece of form.split(/(\{[^}]*\})/)) {
            if (piece[0] !== '{') literal(piece);
            else if (piece === '{n}') out.push(...body);
            else if (piece.startsWith('{k:')) out.push({ type: 'compact', value: piece.slice(3, -1) });
            else if (piece.startsWith('{u:')) out.push({ type: 'unit', value: piece.slice(3, -1) });
            else { const mark = marks[piece[1]]; if (mark) out.push({ type: mark[0], value: mark[1] }); }
        }
        return out;
    }
}

// ---------------------------------------------------------------- dates

const fields = {
    weekday: ['', 'narrow', 'short', 'long'], era: ['', 'narrow', 'short', 'long'], year: ['', 'numeric', '2-digit'],
    month: ['', 'numeric', '2-digit', 'narrow', 'short', 'long'], day: ['', 'numeric', '2-digit'],
    hour: ['', 'numeric', '2-digit'], minute: ['', 'numeric', '2-digit'], second: ['', 'numeric', '2-digit'],
};
const dateFields = ['weekday', 'era', 'year', 'month', 'day'], timeFields = ['hour', 'minute', 'second'];
const styles = ['full', 'long', 'medium', 'short'];
const zoneNames = ['short', 'long', 'shortOffset', 'longOffset', 'shortGeneric', 'longGeneric'];
const cycles = ['h11', 'h12', 'h23', 'h24'];

// index is where the choice of some fields stands in a table of all.
function index(o, names) {
    let at = 0;
    for (const name of names) at = at * fields[name].length + Math.max(0, fields[name].indexOf(o[name] ?? ''));
    return at;
}

const twoDigits = (n) => (n < 10 ? '0' + n : String(n));

class DateTimeFormat {
    #o; #data; #tokens; #bound; #zone;
    constructor(locales, options, required = 'any', defaults = 'date') {
        const { tag, u } = negotiate(locales);
        const class_ = 'Intl.DateTimeFormat';
        options = optionsOf(options);
        const o = this.#o = { locale: tag, calendar: 'gregory', numberingSystem: 'latn' };
        const d = this.#data = dataOf(tag);
        const calendar = option(options, 'calendar', 'string') ?? u.ca, system = option(options, 'numberingSystem', 'string') ?? u.nu;
        if (calendar !== undefined && calendar !== 'gregory' && calendar !== 'iso8601') native.note(`Intl has the calendar gregory only, not ${calendar}`);
        if (system !== undefined && system !== 'latn') native.note(`Intl has the numbers of numberingSystem latn only, not ${system}`);
        const hour12 = option(options, 'hour12', 'boolean');
        let cycle = option(options, 'hourCycle', 'string', cycles, undefined, class_);
        if (cycle === undefined && cycles.includes(u.hc)) {
            cycle = u.hc;
            if (hour12 === undefined) o.locale += `-u-hc-${u.hc}`;
        }
        const zone = options.timeZone;
        o.timeZone = zone === undefined ? native.localZone() : native.zone(String(zone));
        if (o.timeZone === undefined) throw new RangeError(`Invalid time zone specified: ${zone}`);
        this.#zone = o.timeZone;
        let chosen = false;
        for (const name of ['weekday', 'era', 'year', 'month', 'day', 'dayPeriod', 'hour', 'minute', 'second']) {
            const value = option(options, name, 'string', name === 'dayPeriod' ? ['narrow', 'short', 'long'] : fields[name].slice(1), undefined, class_);
            if (value !== undefined) { o[name] = value; chosen = true; }
        }
        const fraction = integer(options, 'fractionalSecondDigits', 1, 3, undefined);
        if (fraction !== undefined) { o.fractionalSecondDigits = fraction; chosen = true; }
        const zoneName = option(options, 'timeZoneName', 'string', zoneNames, undefined, class_);
        option(options, 'formatMatcher', 'string', ['basic', 'best fit'], 'best fit', class_);
        o.dateStyle = option(options, 'dateStyle', 'string', styles, undefined, class_);
        o.timeStyle = option(options, 'timeStyle', 'string', styles, undefined, class_);
        if (zoneName !== undefined) o.timeZoneName = zoneName;
        if (o.dateStyle !== undefined || o.timeStyle !== undefined) {
            if (chosen || zoneName !== undefined) {
                const first = Object.keys(fields).concat('dayPeriod', 'fractionalSecondDigits', 'timeZoneName').find((n) => o[n] !== undefined);
                throw new TypeError(`Can't set option ${first} when ${o.dateStyle !== undefined ? 'dateStyle' : 'timeStyle'} is used`);
            }
            if (required === 'date' && o.timeStyle !== undefined) throw new TypeError('Invalid option : timeStyle');
            if (required === 'time' && o.dateStyle !== undefined) throw new TypeError('Invalid option : dateStyle');
        } else {
            const given = (names) => names.some((n) => o[n] !== undefined);
            const date = (required === 'date' || required === 'any') && given(['weekday', 'year', 'month', 'day']);
            const time = (required === 'time' || required === 'any') && given(['dayPeriod', 'hour', 'minute', 'second', 'fractionalSecondDigits']);
            if (!date && !time) {
                if (defaults === 'date' || defaults === 'all') o.year = o.month = o.day = 'numeric';
                if (defaults === 'time' || defaults === 'all') o.hour = o.minute = o.second = 'numeric';
            }
        }
        const withHour = o.hour !== undefined || o.timeStyle !== undefined;
        if (withHour) {
            if (hour12 !== undefined) cycle = hour12 ? d.cycles[1] : d.cycles[2];
            o.hourCycle = cycle ?? d.cycles[0];
        }
        this.#tokens = this.#pattern(d, o).split(/(\{[^}]*\})/).filter((t) => t !== '');
        this.#resolve();
    }
    // pattern finds how the fields that were asked for are written.
    #pattern(d, o) {
        const twelve = o.hourCycle === 'h11' || o.hourCycle === 'h12';
        if (o.dateStyle !== undefined || o.timeStyle !== undefined) {
            const date = o.dateStyle === undefined ? '' : d.dateStyles[styles.indexOf(o.dateStyle)];
            const time = o.timeStyle === undefined ? '' : d.timeStyles[styles.indexOf(o.timeStyle) + (twelve ? 0 : 4)];
            if (date && time) return date + d.styleGlue[styles.indexOf(o.dateStyle)] + time;
            return date + time;
        }
        const date = d.dates[index(o, dateFields)];
        const hasTime = timeFields.some((n) => o[n]) || o.fractionalSecondDigits || o.dayPeriod || o.timeZoneName;
        if (!hasTime) return d.patterns[date];
        let cycle = twelve || !o.hour ? 0 : 4;
        if (o.dayPeriod && cycle === 0) cycle = 1 + ['short', 'long', 'narrow'].indexOf(o.dayPeriod);
        const time = d.times[((cycle * 2 + (o.fractionalSecondDigits ? 1 : 0)) * 2 + (o.timeZoneName ? 1 : 0)) * 27 + index(o, timeFields)];
        if (time === undefined || time < 0) throw new RangeError(`Intl.DateTimeFormat does not know these options together in ${o.locale} here: ${Object.keys(o).filter((n) => fields[n] || n === 'fractionalSecondDigits').join(', ')}`);
        if (o.dayPeriod && !d.patterns[time].includes('{B')) native.note(`Intl has no periods of the day in ${o.locale}`);
        if (date < 0) return d.patterns[time];
        if (o.weekday && o.hour && !o.fractionalSecondDigits && !o.timeZoneName && !o.dayPeriod && !dateFields.some((n) => n !== 'weekday' && o[n])) {
            const both = d.weekdayTimes[((twelve ? 0 : 3) + fields.weekday.indexOf(o.weekday) - 1) * 27 + index(o, timeFields)];
            if (both >= 0) return d.patterns[both];
        }
        const month = o.month;
        const glue = month === 'long' ? d.glue[o.weekday ? 3 : 2] : month === 'short' ? d.glue[1] : d.glue[0];
        return d.patterns[date] + glue + d.patterns[time];
    }
    // resolve notes which fields a pattern has come to have.
    #resolve() {
        const o = this.#o;
        const names = { y: ['year', 'numeric'], yy: ['year', '2-digit'], M: ['month', 'numeric'], MM: ['month', '2-digit'], d: ['day', 'numeric'], dd: ['day', '2-digit'],
            h: ['hour', 'numeric'], hh: ['hour', '2-digit'], m: ['minute', 'numeric'], mm: ['minute', '2-digit'], s: ['second', 'numeric'], ss: ['second', '2-digit'] };
        if (o.dateStyle === undefined && o.timeStyle === undefined) {
            for (const token of this.#tokens) {
                const known = token[0] === '{' && names[token.slice(1, -1)];
                if (known) o[known[0]] = known[1];
            }
        }
    }
    // As in V8, the narrow space that came to be before AM and PM is an ordinary one in texts, because scripts look for that.
    get format() { return this.#bound ??= Object.defineProperty((date) => join(this.#parts(time(date))).replaceAll('\u202f', ' '), 'name', { value: '' }); }
    formatToParts(date) { return this.#parts(time(date)); }
    formatRange(start, end) { return join(this.formatRangeToParts(start, end)); }
    formatRangeToParts(start, end) {
        if (start === undefined || end === undefined) throw new TypeError('startDate or endDate cannot be undefined');
        const a = this.#parts(time(start)), b = this.#parts(time(end));
        if (join(a) === join(b)) return a.map((p) => ({ ...p, source: 'shared' }));
        native.note('Intl.DateTimeFormat.formatRange writes both dates in full here');
        return [...a.map((p) => ({ ...p, source: 'startRange' })), { type: 'literal', value: ' – ', source: 'shared' }, ...b.map((p) => ({ ...p, source: 'endRange' }))];
    }
    resolvedOptions() {
        const out = {}, o = this.#o;
        for (const name of ['locale', 'calendar', 'numberingSystem', 'timeZone', 'hourCycle', 'hour12', 'weekday', 'era', 'year', 'month', 'day', 'dayPeriod', 'hour',
            'minute', 'second', 'fractionalSecondDigits', 'timeZoneName', 'dateStyle', 'timeStyle']) {
            if (name === 'hour12') { if (o.hourCycle) out.hour12 = o.hourCycle === 'h11' || o.hourCycle === 'h12'; }
            else if (o[name] !== undefined) out[name] = o[name];
        }
        return out;
    }
    #parts(at) {
        const o = this.#o, pool = this.#data.pool, out = [];
        const offset = native.offset(this.#zone, at);
        // At the ends of time the clocks of a zone may be beyond what a date can hold; four centuries on they are alike.
        const beyond = Math.abs(at + offset) > 8.64e15 ? Math.sign(at) : 0;
        const local = new Date(at + offset - beyond * 12622780800000);
        const year = local.getUTCFullYear() + beyond * 400, hour = local.getUTCHours();
        const number = (token, n) => (token.length === 2 ? twoDigits(n % 100) : String(n));
        for (const token of this.#tokens) {
            if (token[0] !== '{') { out.push({ type: 'literal', value: token }); continue; }
            const name = token.slice(1, -1), names = pool[name.slice(1)];
            switch (name[0]) {
            case 'y': out.push({ type: 'year', value: number(name, year > 0 ? year : 1 - year) }); break;
            case 'M': out.push({ type: 'month', value: number(name, local.getUTCMonth() + 1) }); break;
            case 'L': out.push({ type: 'month', value: names[local.getUTCMonth()] }); break;
            case 'd': out.push({ type: 'day', value: number(name, local.getUTCDate()) }); break;
            case 'W': out.push({ type: 'weekday', value: names[local.getUTCDay()] }); break;
            case 'G': out.push({ type: 'era', value: names[year > 0 ? 1 : 0] }); break;
            case 'h': out.push({ type: 'hour', value: number(name, this.#hour(hour)) }); break;
            case 'm': out.push({ type: 'minute', value: number(name, local.getUTCMinutes()) }); break;
            case 's': out.push({ type: 'second', value: number(name, local.getUTCSeconds()) }); break;
            case 'f': out.push({ type: 'fractionalSecond', value: String(local.getUTCMilliseconds()).padStart(3, '0').slice(0, o.fractionalSecondDigits ?? 3) }); break;
            case 'a': out.push({ type: 'dayPeriod', value: names[hour < 12 ? 0 : 1] }); break;
            case 'B': out.push({ type: 'dayPeriod', value: names[hour * 2 + (local.getUTCMinutes() > 0 ? 1 : 0)] }); break;
            case 'z': out.push({ type: 'timeZoneName', value: this.#name(at, offset) }); break;
            }
        }
        return out;
    }
    #hour(hour) {
        switch (this.#o.hourCycle) {
        case 'h11': return hour % 12;
        case 'h12': return hour % 12 || 12;
        case 'h24': return hour || 24;
        default: return hour;
        }
    }
    // name is that of the time zone at a time.
    #name(at, offset) {
        const o = this.#o, d = this.#data;
        let style = o.timeZoneName ?? (o.timeStyle === 'full' ? 'long' : 'short');
        if (this.#zone === 'UTC' && style !== 'shortOffset' && style !== 'longOffset') {
            if (style === 'short' || style === 'long') return d.utc[style === 'long' ? 1 : 0];
            return gmt(d, 0, style === 'longGeneric' ? 'longOffset' : 'shortOffset');
        }
        if (style.endsWith('Offset')) return gmt(d, offset, style);
        const english = o.locale === 'en' || o.locale.startsWith('en-');
        if (english) {
            const known = native.zoneName(this.#zone, at, style, gmt(dataOf('en'), offset, 'longOffset'));
            if (known !== undefined && (!known.startsWith('GMT') || known === 'GMT' || o.locale === 'en' || o.locale === 'en-US')) {
                if (o.locale === 'en' || o.locale === 'en-US' || style.startsWith('long')) return known;
            }
        } else if (style.startsWith('long')) native.note(`Intl has the names of time zones in English only, not in ${o.locale}`);
        return gmt(d, offset, style.startsWith('long') ? 'longOffset' : 'shortOffset');
    }
}

// gmt is an offset as it stands for the name of a time zone.
function gmt(d, offset, style) {
    const long = style === 'longOffset', [utc, east, west] = long ? d.gmt.slice(3) : d.gmt;
    if (offset === 0) return utc;
    const total = Math.abs(offset) / 1000, h = Math.floor(total / 3600), m = Math.floor(total / 60) % 60, s = Math.floor(total) % 60;
    let text = long ? `${twoDigits(h)}:${twoDigits(m)}` : m || s ? `${h}:${twoDigits(m)}` : String(h);
    if (s) text += ':' + twoDigits(s);
    return offset > 0 ? east.replace(/\d+[:.]\d+/, text) : west.replace(/\d+(?:[:.]\d+)?/, text);
}

function time(date) {
    const at = date === undefined ? Date.now() : Number(date);
    if (!(Math.abs(at) <= 8.64e15)) throw new RangeError('Invalid time value');
    return Math.trunc(at);
}

// ---------------------------------------------------------------- the others

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

// Segmenter takes texts apart by the rules of Unicode (UAX 29), which are the same for all languages. Words that are written without
// blanks, as in Chinese or Thai, take a dictionary, and are cut at each character here.
class Segmenter {
    #o;
    constructor(locales, options) {
        const { tag } = negotiate(locales);
        const granularity = option(optionsOf(options), 'granularity', 'string', ['grapheme', 'word', 'sentence'], 'grapheme', 'Intl.Segmenter');
        this.#o = { locale: tag, granularity };
    }
    segment(input) {
        const text = `${input}`, { granularity } = this.#o;
        let ends;
        const at = (i, start) => {
            const segment = { segment: text.slice(start, ends[i]), index: start, input: text };
            if (granularity === 'word') segment.isWordLike = ends[i + 1];
            return segment;
        };
        const cut = () => { ends ??= native.segments(text, granularity); };
        return Object.create(segmentsPrototype, {
            [segmentsOf]: { value: {
                containing(index) {
                    index = Math.trunc(Number(index)) || 0;
                    if (index < 0 || index >= text.length) return undefined;
                    cut();
                    let low = 0, high = ends.length / 2 - 1;
                    while (low < high) {
                        const middle = (low + high) >> 1;
                        if (ends[2 * middle] > index) high = middle;
                        else low = middle + 1;
                    }
                    return at(2 * low, low === 0 ? 0 : ends[2 * low - 2]);
                },
                next(state) {
                    cut();
                    if (state.i >= ends.length) return { value: undefined, done: true };
                    const value = at(state.i, state.start);
                    state.start = ends[state.i];
                    state.i += 2;
                    return { value, done: false };
                },
            } },
        });
    }
    resolvedOptions() { return { ...this.#o }; }
}
const segmentsOf = Symbol('segments'), statesOf = new WeakMap();
const segmentsPrototype = {
    containing(index) { return this[segmentsOf].containing(index); },
    [Symbol.iterator]() {
        const iterator = Object.create(segmentIterator);
        statesOf.set(iterator, { i: 0, start: 0, of: this[segmentsOf] });
        return iterator;
    },
};
const segmentIterator = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
    next: {
        value: { next() {
            const state = statesOf.get(this);
            if (state === undefined) throw new TypeError('next method called on incompatible receiver');
            return state.of.next(state);
        } }.next,
        writable: true, configurable: true,
    },
    [Symbol.toStringTag]: { value: 'Segmenter String Iterator', configurable: true },
});
for (const name of ['containing', Symbol.iterator]) Object.defineProperty(segmentsPrototype, name, { enumerable: false });

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
