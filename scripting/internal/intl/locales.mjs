// Writes locales.json.gz: how dates, numbers, lists and times from now are written, as the Node.js that runs it knows it.
//
//	node locales.mjs locales.json.gz zones.txt
//
// zones.txt has the names of all time zones, one a line. Dates are kept as patterns with fields in braces: {y} and {yy}, {M}, {MM}
// and {Ln} (month n of pool), {d}, {dd}, {Wn}, {Gn}, {h}, {hh}, {m}, {mm}, {s}, {ss}, {f}, {an}, {Bn} and {z}.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

process.env.TZ = 'UTC';
const locales = ['en', 'en-GB', 'en-CA', 'en-AU', 'en-IN', 'en-NZ', 'en-ZA', 'en-IE', 'de', 'de-AT', 'fr', 'fr-CA',
  'es', 'es-MX', 'it', 'pt', 'pt-PT', 'nl', 'sv', 'da', 'nb', 'fi', 'pl', 'cs', 'tr', 'ru', 'uk', 'ja', 'ko', 'zh',
  'id'];
const day = (y, M, d, h = 0, m = 0, s = 0, ms = 0) => Date.UTC(y, M - 1, d, h, m, s, ms);
const probe = day(2003, 2, 5, 4, 7, 9, 123); // a Wednesday
const choices = {
  weekday: ['', 'narrow', 'short', 'long'], era: ['', 'narrow', 'short', 'long'], year: ['', 'numeric', '2-digit'],
  month: ['', 'numeric', '2-digit', 'narrow', 'short', 'long'], day: ['', 'numeric', '2-digit'],
  hour: ['', 'numeric', '2-digit'], minute: ['', 'numeric', '2-digit'], second: ['', 'numeric', '2-digit'],
};
const product = (names) => names.reduce((all, n) => all.flatMap((o) => choices[n].map((v) => (v ? { ...o, [n]: v } : o))), [{}]);

function locale(tag) {
  const pool = [];
  const intern = (list) => {
    const text = JSON.stringify(list);
    let at = pool.findIndex((p) => JSON.stringify(p) === text);
    if (at < 0) at = pool.push(list) - 1;
    return at;
  };
  const part = (f, at, type) => f.formatToParts(at).find((p) => p.type === type)?.value ?? '';
  const memo = new Map();
  const cached = (key, make) => { if (!memo.has(key)) memo.set(key, make()); return memo.get(key); };
  const pattern = (options, at = probe) => {
    const f = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options });
    return f.formatToParts(at).map(({ type, value }) => {
      const digits = /^\d+$/.test(value);
      const field = (one, two) => `{${value.length === 1 ? one : two}}`;
      switch (type) {
        case 'literal': return value;
        case 'year': return value.length === 2 ? '{yy}' : '{y}';
        case 'month': return digits ? field('M', 'MM')
          : `{L${cached('L' + value + JSON.stringify(options), () => intern([...Array(12).keys()].map((m) => part(f, day(2003, m + 1, 5), 'month'))))}}`;
        case 'day': return field('d', 'dd');
        case 'weekday': return `{W${cached('W' + value + JSON.stringify(options), () => intern([...Array(7).keys()].map((n) => part(f, day(2003, 2, 2 + n), 'weekday'))))}}`;
        case 'era': return `{G${cached('G' + value, () => intern([part(f, day(-10, 2, 5), 'era'), value]))}}`;
        case 'hour': return field('h', 'hh');
        case 'minute': return field('m', 'mm');
        case 'second': return field('s', 'ss');
        case 'fractionalSecond': return '{f}';
        case 'dayPeriod': return options.dayPeriod
          ? `{B${cached('B' + options.dayPeriod, () => intern([...Array(48).keys()].map((n) => part(f, day(2003, 2, 5, n >> 1, n % 2 * 30), 'dayPeriod'))))}}`
          : `{a${cached('a' + value, () => intern([value, part(f, day(2003, 2, 5, 15), 'dayPeriod')]))}}`;
        case 'timeZoneName': return '{z}';
        default: throw new Error(`${tag}: ${type}`);
      }
    }).join('');
  };
  const patterns = [];
  const number = (text) => { let at = patterns.indexOf(text); if (at < 0) at = patterns.push(text) - 1; return at; };
  const dates = product(['weekday', 'era', 'year', 'month', 'day']).map((o) => Object.keys(o).length ? number(pattern(o)) : -1);
  const cycles = [{ hourCycle: 'h12' }, { hourCycle: 'h12', dayPeriod: 'short' }, { hourCycle: 'h12', dayPeriod: 'long' }, { hourCycle: 'h12', dayPeriod: 'narrow' }, { hourCycle: 'h23' }];
  // Periods of the day are for these alone.
  if (!/^(en|de)/.test(tag)) for (const c of cycles) delete c.dayPeriod;
  const times = cycles.flatMap((c) => [0, 3].flatMap((f) => [undefined, 'short'].flatMap((z) => product(['hour', 'minute', 'second']).map((o) => {
    const all = { ...c, ...o };
    if (f) all.fractionalSecondDigits = f;
    if (z) all.timeZoneName = z;
    if (!o.hour) { delete all.hourCycle; if (c.hourCycle === 'h23' || !c.dayPeriod) delete all.dayPeriod; }
    if (Object.keys(o).length === 0 && !f && !c.dayPeriod && !z) return -1;
    if (o.hour && !o.minute && (o.second || f) && !tag.startsWith('en')) return -1;
    if (z && Object.keys(o).length === 0 && !f && !all.dayPeriod) return number('{z}');
    return number(pattern(all));
  }))));
  const weekdayTimes = ['h12', 'h23'].flatMap((hourCycle) => ['narrow', 'short', 'long'].flatMap((weekday) => product(['hour', 'minute', 'second']).map((o) =>
    o.hour && (o.minute || !o.second) ? number(pattern({ weekday, hourCycle, ...o })) : -1)));
  const styles = ['full', 'long', 'medium', 'short'];
  const glue = (options) => {
    const both = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', hourCycle: 'h23', ...options, ...(options.dateStyle ? { timeStyle: 'short' } : { hour: 'numeric', minute: 'numeric' }) }).formatToParts(probe);
    const at = both.findIndex((p) => p.type === 'hour');
    const date = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options }).formatToParts(probe);
    const time = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', hourCycle: 'h23', ...(options.dateStyle ? { timeStyle: 'short' } : { hour: 'numeric', minute: 'numeric' }) }).formatToParts(probe);
    const text = (parts) => parts.map((p) => p.value).join('');
    const before = text(both).slice(0, -text(time).length), last = date.at(-1).value;
    return before.slice(before.lastIndexOf(last) + last.length);
  };
  const resolved = (options) => new Intl.DateTimeFormat(tag, { hour: 'numeric', ...options }).resolvedOptions().hourCycle;
  const out = {
    pool, patterns, dates, times, weekdayTimes,
    dateStyles: styles.map((dateStyle) => pattern({ dateStyle })),
    timeStyles: ['h12', 'h23'].flatMap((hourCycle) => styles.map((timeStyle) => pattern({ timeStyle, hourCycle }))),
    glue: [{ month: 'numeric', day: 'numeric' }, { month: 'short', day: 'numeric' }, { month: 'long', day: 'numeric' }, { weekday: 'long', month: 'long', day: 'numeric' }].map(glue),
    styleGlue: styles.map((dateStyle) => glue({ dateStyle })),
    cycles: [resolved({}), resolved({ hour12: true }), resolved({ hour12: false })],
    gmt: ['shortOffset', 'longOffset'].flatMap((timeZoneName) => ['UTC', 'Asia/Kolkata', 'America/New_York'].map((timeZone) => new Intl.DateTimeFormat(tag, { timeZone, timeZoneName }).formatToParts(day(2003, 2, 5)).find((p) => p.type === 'timeZoneName').value)),
    utc: ['short', 'long'].map((timeZoneName) => new Intl.DateTimeFormat(tag, { timeZone: 'UTC', timeZoneName }).formatToParts(probe).find((p) => p.type === 'timeZoneName').value),
    numbers: numbers(tag), lists: lists(tag), relative: relative(tag),
  };
  const info = new Intl.Locale(tag);
  out.week = info.weekInfo ?? info.getWeekInfo?.();
  return out;
}

function numbers(tag) {
  const parts = (options, n) => new Intl.NumberFormat(tag, options).formatToParts(n);
  const value = (list, type) => list.find((p) => p.type === type)?.value ?? '';
  // The text of parts, with {n} for the number and {c} for the currency.
  const shape = (list) => {
    let out = '';
    for (const p of list) {
      if (['integer', 'group', 'decimal', 'fraction', 'nan', 'infinity', 'exponentInteger', 'exponentSeparator', 'exponentMinusSign'].includes(p.type)) { if (!out.includes('{n}')) out += '{n}'; }
      else if (p.type === 'currency') out += '{c}';
      else if (p.type === 'minusSign') out += '{-}';
      else if (p.type === 'plusSign') out += '{+}';
      else if (p.type === 'percentSign') out += '{%}';
      else if (p.type === 'compact') out += `{k:${p.value}}`;
      else if (p.type === 'unit') out += `{u:${p.value}}`;
      else out += p.value;
    }
    return out;
  };
  const plural = new Intl.PluralRules(tag);
  const samples = {};
  for (const n of [1, 2, 3, 5, 11, 21, 100, 1.5, 1e6, 0]) samples[plural.select(n)] ??= n;
  const byPlural = (f) => Object.fromEntries(Object.entries(samples).map(([k, n]) => [k, f(n)]));
  const big = parts({}, 123456789.5);
  const compact = (compactDisplay) => [...Array(13).keys()].slice(3).concat(13, 14).map((power) => {
    const one = (n) => parts({ notation: 'compact', compactDisplay, maximumFractionDigits: 0, useGrouping: false }, n);
    const digits = value(one(2 * 10 ** power), 'integer').length;
    const forms = { '=1': shape(one(10 ** power)) };
    for (const n of [1.2, 2.3, 5.5, 2, 5, 1]) forms[plural.select(n)] ??= shape(parts({ notation: 'compact', compactDisplay, maximumFractionDigits: 1, useGrouping: false }, n * 10 ** power));
    return [digits, forms];
  });
  const currencies = {};
  for (const currency of Intl.supportedValuesOf('currency')) {
    const symbol = value(parts({ style: 'currency', currency }, 1), 'currency');
    const narrow = value(parts({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' }, 1), 'currency');
    const names = tag === 'en' ? byPlural((n) => value(parts({ style: 'currency', currency, currencyDisplay: 'name' }, n), 'currency')) : undefined;
    if (symbol !== currency || narrow !== currency || names) currencies[currency] = [symbol, narrow, names];
  }
  const money = (options) => ({
    symbol: shape(parts({ style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', ...options }, -1)),
    code: shape(parts({ style: 'currency', currency: 'USD', currencyDisplay: 'code', ...options }, -1)),
    name: shape(parts({ style: 'currency', currency: 'USD', currencyDisplay: 'name', ...options }, -1)),
  });
  const units = {};
  const time = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'];
  for (const unit of tag === 'en' ? Intl.supportedValuesOf('unit').concat('kilometer-per-hour', 'mile-per-hour', 'meter-per-second') : time) {
    for (const unitDisplay of ['short', 'long', 'narrow']) units[`${unit} ${unitDisplay}`] = byPlural((n) => shape(parts({ style: 'unit', unit, unitDisplay }, n)));
  }
  const integers = big.filter((p) => p.type === 'integer').map((p) => p.value.length);
  return {
    decimal: value(big, 'decimal'), group: value(big, 'group'), sizes: [integers.at(-1), integers.at(-2)],
    least: value(parts({}, 1234), 'group') ? 1 : 2, minus: value(parts({}, -1), 'minusSign'), plus: value(parts({ signDisplay: 'always' }, 1), 'plusSign'),
    percent: shape(parts({ style: 'percent' }, -0.5)), percentSign: value(parts({ style: 'percent' }, 0.5), 'percentSign'),
    nan: value(parts({}, NaN), 'nan'), infinity: value(parts({}, Infinity), 'infinity'),
    exponent: value(parts({ notation: 'scientific' }, 1e5), 'exponentSeparator'),
    moneyDecimal: value(parts({ style: 'currency', currency: 'USD' }, 1234567.5), 'decimal'), moneyGroup: value(parts({ style: 'currency', currency: 'USD' }, 1234567.5), 'group'),
    money: money({}), accounting: money({ currencySign: 'accounting' }), moneyPlus: shape(parts({ style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol', signDisplay: 'always' }, 1)),
    compact: { short: compact('short'), long: compact('long') }, currencies, units,
  };
}

function lists(tag) {
  const out = {};
  for (const type of ['conjunction', 'disjunction', 'unit']) {
    for (const style of ['long', 'short', 'narrow']) {
      const f = new Intl.ListFormat(tag, { type, style });
      const literals = (n) => f.formatToParts([...'abcd'].slice(0, n)).filter((p) => p.type === 'literal').map((p) => p.value);
      out[`${type} ${style}`] = [literals(2)[0] ?? '', ...(literals(4).length ? literals(4) : ['', '', ''])];
    }
  }
  return out;
}

function relative(tag) {
  const plural = new Intl.PluralRules(tag);
  const out = {};
  for (const unit of ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']) {
    for (const style of ['long', 'short', 'narrow']) {
      const auto = new Intl.RelativeTimeFormat(tag, { style, numeric: 'auto' }), always = new Intl.RelativeTimeFormat(tag, { style });
      const words = {};
      for (const n of [-2, -1, 0, 1, 2]) { const p = auto.formatToParts(n, unit); if (p.every((x) => x.type === 'literal')) words[n] = p[0].value; }
      const forms = [-1, 1].map((sign) => {
        const all = {};
        for (const n of [1, 2, 3, 5, 11, 21, 100, 1.5, 1e6, 0]) all[plural.select(n)] ??= always.formatToParts(sign * n, unit).map((p) => (p.type === 'literal' ? p.value : '{n}')).join('').replace(/(\{n\})+/, '{n}');
        return all;
      });
      out[`${unit} ${style}`] = [words, ...forms];
    }
  }
  return out;
}

function zones(file) {
  const names = {}, canonical = {};
  const texts = [];
  const text = (t) => { let at = texts.indexOf(t); if (at < 0) at = texts.push(t) - 1; return at; };
  for (const name of readFileSync(file, 'utf8').trim().split('\n').concat('UTC', 'GMT')) {
    try { canonical[name.toLowerCase()] = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone; } catch { continue; }
  }
  for (const timeZone of new Set(Object.values(canonical))) {
    const f = ['long', 'short', 'longGeneric', 'shortGeneric', 'longOffset'].map((timeZoneName) => new Intl.DateTimeFormat('en', { timeZone, timeZoneName }));
    const read = (at) => f.map((one) => one.format(at).replace(/^.*?, /, ''));
    const all = []; // [from in minutes, { offset: [long, short] }, generic long, generic short]
    const look = (at) => {
      const [long, short, longGeneric, shortGeneric, offset] = read(at);
      const last = all.at(-1);
      const now = [long, short].map(text).join();
      if (last && last[2] === text(longGeneric) && last[3] === text(shortGeneric) && (last[1][offset] ?? now) === now) { last[1][offset] = now; return; }
      all.push([at / 6e4, { [offset]: now }, text(longGeneric), text(shortGeneric)]);
    };
    for (let y = 1970; y < 2038; y++) for (let m = 0; m < 12; m += 1) look(Date.UTC(y, m, 1));
    // A new period begins where the names change, to the minute.
    for (let i = 1; i < all.length; i++) {
      let hi = all[i][0], lo = hi - 32 * 1440;
      const want = all[i], same = (at) => { const r = read(at * 6e4); return want[2] === text(r[2]) && want[3] === text(r[3]) && want[1][r[4]] === [r[0], r[1]].map(text).join(); };
      while (hi - lo > 1) { const middle = Math.floor((lo + hi) / 2); if (same(middle)) hi = middle; else lo = middle; }
      want[0] = hi;
    }
    names[timeZone] = all;
  }
  return { canonical, names, texts, supported: Intl.supportedValuesOf('timeZone') };
}

if (process.argv[2] === '--locale') {
  process.stdout.write(JSON.stringify(locale(process.argv[3])));
} else {
  const out = { cldr: process.versions.cldr, zones: zones(process.argv[3]), digits: {}, locales: {} };
  for (const currency of Intl.supportedValuesOf('currency')) {
    const n = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
    if (n !== 2) out.digits[currency] = n;
  }
  out.currencies = Intl.supportedValuesOf('currency').join(' ');
  // Each in a process of its own: Node.js ends in the middle of some.
  for (const tag of locales) {
    out.locales[tag] = JSON.parse(execFileSync(process.execPath, [process.argv[1], '--locale', tag], { maxBuffer: 1 << 26 }));
  }
  writeFileSync(process.argv[2], gzipSync(JSON.stringify(out), { level: 9 }));
}
