// Writes names.json.gz: what languages, regions, scripts, currencies, calendars and fields of dates are called, as the Node.js that
// runs it knows it.
//
//	node names.mjs locales.json.gz names.json.gz
//
// Of each language of locales.json.gz: names by type and code, "short " and the type those that are shorter, "narrow " and the type
// those that are not the short ones in the narrow style, and how a language is written with its script and region.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'], small = letters.map((c) => c.toLowerCase());
const pairs = (all) => all.flatMap((a) => all.map((b) => a + b));
const variants = ['en-US', 'en-GB', 'en-AU', 'en-CA', 'fr-CA', 'fr-CH', 'es-ES', 'es-MX', 'es-419', 'pt-BR', 'pt-PT', 'de-AT', 'de-CH', 'zh-Hans', 'zh-Hant', 'nl-BE', 'ro-MD',
  'sw-CD', 'ar-001', 'fa-AF', 'hi-Latn'];
const codes = {
  region: [...pairs(letters), ...Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))],
  language: [...pairs(small), ...pairs(small).flatMap((p) => small.map((c) => p + c)), ...variants],
  currency: pairs(letters).flatMap((p) => letters.map((c) => p + c)),
  calendar: ['buddhist', 'chinese', 'coptic', 'dangi', 'ethioaa', 'ethiopic', 'ethiopic-amete-alem', 'gregory', 'hebrew', 'indian', 'islamic', 'islamic-civil', 'islamic-rgsa',
    'islamic-tbla', 'islamic-umalqura', 'islamicc', 'iso8601', 'japanese', 'persian', 'roc'],
  dateTimeField: ['era', 'year', 'quarter', 'month', 'weekOfYear', 'weekday', 'day', 'dayPeriod', 'hour', 'minute', 'second', 'timeZoneName'],
  script: letters.flatMap((a) => pairs(small).flatMap((p) => small.map((c) => a + p + c))),
};
// All codes of scripts and of currencies are many; those that English names are few.
for (const type of ['script', 'currency']) {
  const english = new Intl.DisplayNames('en', { type, fallback: 'none' });
  codes[type] = codes[type].filter((code) => english.of(code) !== undefined);
}

const out = {};
for (const tag of Object.keys(JSON.parse(gunzipSync(readFileSync(process.argv[2]))).locales)) {
  const names = out[tag] = {};
  for (const type of Object.keys(codes)) {
    const narrow = new Intl.DisplayNames(tag, { type, fallback: 'none', style: 'narrow' }), narrower = {};
    const long = new Intl.DisplayNames(tag, { type, fallback: 'none' }), short = new Intl.DisplayNames(tag, { type, fallback: 'none', style: 'short' });
    const all = names[type] = {}, shorter = names[`short ${type}`] = {};
    for (const code of codes[type]) {
      const name = long.of(code);
      if (name === undefined || type === 'language' && code.includes('-') && name === new Intl.DisplayNames(tag, { type, languageDisplay: 'standard' }).of(code)) continue;
      all[code] = name;
      if (short.of(code) !== name) shorter[code] = short.of(code);
      if (narrow.of(code) !== short.of(code)) narrower[code] = narrow.of(code);
    }
    if (Object.keys(narrower).length > 0) names[`narrow ${type}`] = narrower;
  }
  const of = (code) => new Intl.DisplayNames(tag, { type: 'language', languageDisplay: 'standard' }).of(code);
  const { language, script, region } = names;
  names.with = of('uz-Cyrl-AF').replace(language.uz, '{l}').replace(script.Cyrl, '{s}').replace(region.AF, '{r}').split('{s}').join('{1}').split('{r}').join('{2}');
}
writeFileSync(process.argv[3], gzipSync(JSON.stringify(out), { level: 9 }));
