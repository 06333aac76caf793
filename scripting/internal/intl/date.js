// DateTimeFormat. Time zones are Go's.
(function (native, use) {
'use strict';

const { dataOf, english, has, integer, join, negotiate, option, optionsOf } = use('intl/option');

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

return { DateTimeFormat };
})
