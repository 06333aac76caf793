// NumberFormat. Rounding and plurals are Go's.
(function (native, use) {
'use strict';

const { dataOf, has, integer, join, negotiate, option, optionsOf, range } = use('intl/option');

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

return { NumberFormat, digitOptions, mathText, rounded };
})
