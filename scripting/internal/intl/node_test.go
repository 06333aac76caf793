package intl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"

	"trackhook/engine/nodetest"
	"trackhook/scripting/internal/intl"
)

// ours runs a script with Intl, and returns what it has printed.
func ours(tb testing.TB, script string) (lines, notes []string) {
	tb.Helper()
	vm := goja.New()
	natives := vm.NewObject()
	for name, f := range intl.Natives(&intl.Options{VM: vm, Data: intl.NewData(), Note: func(text string) { notes = append(notes, text) }}) {
		if err := natives.Set(name, f); err != nil {
			tb.Fatal(err)
		}
	}
	var use func(name string) (goja.Value, error)
	use = func(name string) (goja.Value, error) {
		program, err := vm.RunString(intl.Source(name))
		if err != nil {
			return nil, err
		}
		install, _ := goja.AssertFunction(program)
		return install(goja.Undefined(), natives, vm.ToValue(use))
	}
	exports, err := use("intl")
	if err != nil {
		tb.Fatal(err)
	}
	for name, value := range map[string]any{
		"Intl": exports.ToObject(vm).Get("Intl"), "print": func(line string) { lines = append(lines, line) },
	} {
		if err := vm.Set(name, value); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := vm.RunString(script); err != nil {
		tb.Fatal(err)
	}
	return lines, notes
}

// compare runs a script in Node.js too. Each line that it prints is a question, a tab and the answer. What questions begin with may
// be expected to be answered otherwise; those lists may only become shorter.
func compare(t *testing.T, script string, expected ...string) {
	t.Helper()
	t.Setenv("TZ", "UTC")
	every := "23" // a sample
	if nodetest.Must() {
		every = "1"
	}
	script = "const every = " + every + ";\n" + script
	got, _ := ours(t, script)
	want := nodetest.Run(t, "const print = console.log;\n"+script)
	if len(got) != len(want) {
		t.Fatalf("%d and %d answers", len(got), len(want))
	}
	met := map[string]bool{}
	var wrong []string
	for i := range want {
		if got[i] == want[i] {
			continue
		}
		question, answer, _ := strings.Cut(want[i], "\t")
		if at := slices.IndexFunc(expected, func(one string) bool { return strings.HasPrefix(question, one) }); at >= 0 {
			met[expected[at]] = true
			continue
		}
		_, other, _ := strings.Cut(got[i], "\t")
		same := 0
		for same < min(len(other), len(answer)) && other[same] == answer[same] {
			same++
		}
		same = max(0, same-30)
		wrong = append(wrong, fmt.Sprintf("%s\n got ...%.80q\nwant ...%.80q", question, other[min(same, len(other)):], answer[min(same, len(answer)):]))
	}
	const most = 14
	for i := 0; i < len(wrong); i += max(1, len(wrong)/most) {
		t.Error(wrong[i])
	}
	if len(wrong) > 0 {
		t.Errorf("%d of %d differ", len(wrong), len(want))
	}
	for _, one := range expected {
		if !met[one] && nodetest.Must() {
			t.Errorf("%s is as in Node.js now: take it out of what is expected to differ", one)
		}
	}
}

// asking prints what each of some expressions gives, or one of so many as every says.
const asking = `
let asked = 0;
const ask = (question, f) => {
  if (asked++ % every !== 0) return;
  let answer;
  try { answer = JSON.stringify(f()); } catch (e) { answer = e.name + ': ' + e.message; }
  print(question + '\t' + answer);
};
const product = (all) => Object.entries(all).reduce((out, [name, values]) => out.flatMap((o) => values.map((v) => (v === undefined ? o : { ...o, [name]: v }))), [{}]);
const dates = [0, Date.UTC(2024, 0, 5, 0, 7, 9, 45), Date.UTC(2024, 2, 10, 9, 59, 59), Date.UTC(2024, 2, 10, 10), Date.UTC(2024, 2, 31, 0, 59), Date.UTC(2024, 2, 31, 1), Date.UTC(2024, 9, 27, 0, 30), Date.UTC(2024, 9, 27, 1, 30), Date.UTC(2024, 10, 3, 5, 30), Date.UTC(2024, 10, 3, 6, 30), Date.UTC(2024, 6, 15, 12), Date.UTC(2024, 11, 31, 23, 59, 59, 999), Date.UTC(1999, 4, 20, 15, 4, 5), Date.UTC(-5, 5, 6)];
`

// locales are those that are written as Node.js writes them.
const locales = `['en', 'en-US', 'en-GB', 'en-CA', 'en-AU', 'en-IN', 'en-NZ', 'en-ZA', 'en-IE', 'de', 'de-DE', 'de-AT', 'fr', 'fr-FR', 'fr-CA', 'es', 'es-MX', 'it', 'pt', 'pt-BR', 'pt-PT', 'nl', 'sv', 'sv-SE', 'da', 'nb', 'fi', 'pl', 'cs', 'tr', 'ru', 'uk', 'ja', 'ko', 'zh', 'id']`

func TestDatesAsInNode(t *testing.T) {
	compare(t, asking+`
const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Europe/London', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia', 'Europe/Dublin', 'Africa/Casablanca', 'America/Sao_Paulo', 'Etc/GMT+5'];
for (const timeZone of zones) for (const date of dates.slice(0, 13)) for (const options of [
  {}, { dateStyle: 'full', timeStyle: 'full' }, { dateStyle: 'long', timeStyle: 'long' }, { dateStyle: 'medium' }, { timeStyle: 'short', dateStyle: 'short' }, { timeStyle: 'medium' },
  { hour12: false, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  { hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', era: 'short' },
  { hour: 'numeric', timeZoneName: 'short' }, { timeZoneName: 'long' }, { timeZoneName: 'shortOffset' }, { timeZoneName: 'longOffset' }, { timeZoneName: 'longGeneric' }, { timeZoneName: 'shortGeneric' },
]) ask('en-US ' + JSON.stringify([timeZone, date, options]), () => { const f = new Intl.DateTimeFormat('en-US', { timeZone, ...options }); return [f.format(date), f.formatToParts(date)]; });
for (const name of ['short', 'long']) for (const timeZone of Intl.supportedValuesOf('timeZone')) for (const date of dates.slice(8, 11)) ask('zone ' + [timeZone, date, name], () => new Intl.DateTimeFormat('en', { timeZone, timeZoneName: name }).format(date));
`, `en-US ["Europe/Berlin",1729989000000,{"timeZoneName":"longGeneric"}]`)
}

func TestDateOptionsAsInNode(t *testing.T) {
	compare(t, asking+`
const text = [undefined, 'narrow', 'short', 'long'], digits = [undefined, 'numeric', '2-digit'];
const date = Date.UTC(2024, 0, 5, 0, 7, 9, 45), afternoon = Date.UTC(1999, 10, 22, 15, 34, 55);
// Of weekday and month without day, Node.js says that it has hours.
for (const o of product({ weekday: text, era: [undefined, 'short'], year: digits, month: [...digits, 'narrow', 'short', 'long'], day: digits, hour: [undefined, 'numeric'] }).filter((o) => (!o.era || o.year) && !(o.weekday && o.month && !o.day)))
  ask('date ' + JSON.stringify(o), () => { const f = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...o }); return [f.format(date), f.format(afternoon), f.resolvedOptions()]; });
for (const o of product({ hour: digits, minute: digits, second: digits, fractionalSecondDigits: [undefined, 1, 3], hourCycle: [undefined, 'h11', 'h12', 'h23', 'h24'], timeZoneName: [undefined, 'short'] }).filter((o) => !(o.hour && o.second && !o.minute) && !(o.fractionalSecondDigits && (!o.second || !o.minute))))
  ask('time ' + JSON.stringify(o), () => { const f = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...o }); return [f.format(date), f.format(afternoon), f.resolvedOptions()]; });
for (const o of product({ dayPeriod: ['narrow', 'short', 'long'], hour: digits, minute: [undefined, '2-digit'], hour12: [undefined, true, false] }))
  ask('period ' + JSON.stringify(o), () => { const f = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...o }); return [f.format(date), f.format(afternoon)]; });
for (const o of product({ hour12: [true, false], hour: ['numeric', '2-digit'], minute: [undefined, '2-digit'], month: [undefined, 'short'] })) for (const l of `+locales+`)
  ask('cycle ' + l + JSON.stringify(o), () => { const f = new Intl.DateTimeFormat(l, { timeZone: 'UTC', ...o }); return [f.format(date), f.format(afternoon)]; });
for (const o of [{ timeZone: 'Foo/Bar' }, { timeZone: 'europe/berlin' }, { timeZone: 'Asia/Calcutta' }, { timeZone: 'asia/kolkata' }, { timeZone: '' }, { timeZone: 'EST' }, { timeZone: 'gmt' }, { dateStyle: 'x' }, { month: 'x' }, { dateStyle: 'short', month: 'long' }, { hourCycle: 'h12' }, { fractionalSecondDigits: 4 }, { timeZoneName: 'x' }])
  ask('options ' + JSON.stringify(o), () => { const f = new Intl.DateTimeFormat('en-US', o); return [f.format(date), f.resolvedOptions()]; });
for (const l of ['en-US', 'EN-us', 'en-US-u-hc-h23', 'x', 'en_US', '', [], ['de', 'en'], ['xx', 'fr'], 'en-Latn-US']) ask('locale ' + JSON.stringify(l), () => { const f = new Intl.DateTimeFormat(l, { hour: 'numeric', timeZone: 'UTC' }); return [f.format(date), f.resolvedOptions()]; });
for (const l of [undefined, null, 5, {}, 'de', ['en', 'EN-gb'], [5]]) ask('getCanonicalLocales ' + JSON.stringify(l), () => Intl.getCanonicalLocales(l));
for (const v of [NaN, Infinity, 9e15, '2024', undefined]) ask('value ' + v, () => new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).format(v === undefined ? 0 : v));
ask('class', () => [typeof Intl.DateTimeFormat(), Intl.DateTimeFormat.name, Object.prototype.toString.call(new Intl.DateTimeFormat()), Object.prototype.toString.call(Intl), new Intl.DateTimeFormat() instanceof Intl.DateTimeFormat, Intl.DateTimeFormat.supportedLocalesOf(['en-US', 'de', 'qq'])]);
`, `time {"hour":"numeric","hourCycle":"h24","timeZoneName":"short"}`, `time {"hour":"2-digit","hourCycle":"h24","timeZoneName":"short"}`, `locale "en-Latn-US"`)
}

func TestLocalesAsInNode(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long; leave out -short to run it")
	}
	some := `['en', 'en-GB', 'en-CA', 'en-IN', 'de', 'fr', 'sv-SE', 'pl', 'ja']`
	if nodetest.Must() {
		some = locales
	}
	compare(t, asking+`
for (const l of `+some+`) {
  for (const date of [dates[1], dates[10], dates[12]]) for (const o of [{}, { dateStyle: 'full', timeStyle: 'medium' }, { dateStyle: 'long' }, { dateStyle: 'medium', timeStyle: 'short' }, { dateStyle: 'short' }, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }, { month: 'long', year: 'numeric' }, { month: 'long' }, { month: 'short', day: 'numeric' },
    { weekday: 'short', hour: 'numeric', minute: '2-digit' }, { year: '2-digit', month: '2-digit', day: '2-digit' }, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, { hour: 'numeric' }, { timeZoneName: 'short' }, { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }])
    ask(l + ' ' + JSON.stringify([date, o]), () => new Intl.DateTimeFormat(l, { timeZone: 'UTC', ...o }).formatToParts(date));
  for (const n of [0, 1, 5, -1.5, 1234, 12345.678, 1e6, NaN]) for (const o of [{}, { style: 'percent' }, { style: 'currency', currency: 'EUR' }, { style: 'currency', currency: 'USD' }, { style: 'currency', currency: 'JPY' }, { minimumFractionDigits: 2 }, { style: 'currency', currency: 'USD', currencyDisplay: 'code' }, { style: 'unit', unit: 'hour', unitDisplay: 'long' }, { style: 'currency', currency: 'GBP', currencySign: 'accounting' }])
    ask(l + ' ' + n + JSON.stringify(o), () => new Intl.NumberFormat(l, o).formatToParts(n));
  for (let n = 0; n < 30; n++) ask(l + ' plural ' + n, () => [new Intl.PluralRules(l).select(n), new Intl.PluralRules(l, { type: 'ordinal' }).select(n), new Intl.PluralRules(l).select(n + 0.5)]);
  for (const type of ['conjunction', 'disjunction', 'unit']) for (const style of ['long', 'short', 'narrow']) for (let n = 0; n < 5; n++) ask(l + ' list ' + [type, style, n], () => new Intl.ListFormat(l, { type, style }).format(['Aa', 'Bb', 'Cc', 'Dd'].slice(0, n)));
  for (const unit of ['year', 'quarters', 'month', 'weeks', 'day', 'hour', 'minute', 'second']) for (const numeric of ['auto', 'always']) for (const style of ['long', 'short', 'narrow']) for (const n of [-5, -1, -0, 0, 1, 2, 1.5])
    ask(l + ' relative ' + [unit, numeric, style, n], () => new Intl.RelativeTimeFormat(l, { numeric, style }).format(n, unit));
  for (const n of [999, 1234, 9999, 12345, 999999, 1234567, 12345678901, 1e15, 1.5]) for (const compactDisplay of ['short', 'long']) ask(l + ' compact ' + [n, compactDisplay], () => new Intl.NumberFormat(l, { notation: 'compact', compactDisplay }).formatToParts(n));
}
`, `en-IN 1000000{"style":"currency","currency":"GBP","currencySign":"accounting"}`)
}

func TestNumbersAsInNode(t *testing.T) {
	compare(t, asking+`
const numbers = [0, -0, 1, -1, 0.5, 1.005, 1.5, 2.5, -2.5, 123, 1234.5678, 999.995, 1e21, 1.7976931348623157e308, 5e-324, 123456789012345680000, 0.000001234, NaN, -Infinity, 10n ** 30n, '123456789012345678901234567890.123'];
const all = [{}, { maximumFractionDigits: 0 }, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, { maximumSignificantDigits: 3 }, { minimumSignificantDigits: 5 }, { minimumIntegerDigits: 4 }, { useGrouping: false }, { useGrouping: 'min2' }, { useGrouping: 'always' },
  { style: 'percent' }, { style: 'percent', maximumFractionDigits: 2 }, { notation: 'scientific' }, { notation: 'engineering' }, { notation: 'compact' }, { notation: 'compact', compactDisplay: 'long' }, { notation: 'compact', maximumFractionDigits: 1 }, { notation: 'scientific', maximumFractionDigits: 1 },
  { signDisplay: 'always' }, { signDisplay: 'never' }, { signDisplay: 'exceptZero' }, { signDisplay: 'negative' }, { roundingMode: 'ceil', maximumFractionDigits: 1 }, { roundingMode: 'halfEven', maximumFractionDigits: 0 }, { roundingMode: 'trunc', maximumFractionDigits: 1 }, { roundingMode: 'floor', maximumFractionDigits: 0 }, { roundingMode: 'expand', maximumFractionDigits: 0 },
  { roundingIncrement: 5, maximumFractionDigits: 2, minimumFractionDigits: 2 }, { trailingZeroDisplay: 'stripIfInteger', minimumFractionDigits: 2 }, { roundingPriority: 'morePrecision', maximumFractionDigits: 2, maximumSignificantDigits: 3 }, { roundingPriority: 'lessPrecision', maximumFractionDigits: 2, maximumSignificantDigits: 3 },
  { style: 'unit', unit: 'kilometer-per-hour' }, { style: 'unit', unit: 'byte', unitDisplay: 'narrow' }, { style: 'unit', unit: 'day', unitDisplay: 'long' }];
for (const display of ['symbol', 'narrowSymbol', 'code', 'name']) for (const currencySign of ['standard', 'accounting']) for (const currency of ['USD', 'EUR', 'JPY', 'GBP', 'CHF', 'KWD', 'CAD', 'ABC']) all.push({ style: 'currency', currency, currencyDisplay: display, currencySign });
for (const currency of ['USD', 'CHF']) for (const signDisplay of ['always', 'exceptZero', 'never', 'negative']) for (const currencySign of ['standard', 'accounting']) all.push({ style: 'currency', currency, signDisplay, currencySign });
for (const o of all) for (const n of numbers) ask((typeof n) + ' ' + String(n) + ' ' + JSON.stringify(o), () => { const f = new Intl.NumberFormat('en-US', o); return [f.format(n), f.formatToParts(n)]; });
for (const o of all) ask('resolved ' + JSON.stringify(o), () => new Intl.NumberFormat('en-US', o).resolvedOptions());
for (const currency of Intl.supportedValuesOf('currency')) for (const currencyDisplay of ['symbol', 'name']) ask([currency, currencyDisplay], () => [1, 2.5].map((n) => new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay }).format(n)));
for (const unit of Intl.supportedValuesOf('unit')) for (const unitDisplay of ['short', 'long', 'narrow']) ask([unit, unitDisplay], () => [1, 2.5, -1000].map((n) => new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay }).format(n)));
for (const o of [{ style: 'x' }, { style: 'currency' }, { style: 'currency', currency: 'US' }, { style: 'unit' }, { style: 'unit', unit: 'foo' }, { minimumFractionDigits: 5, maximumFractionDigits: 2 }, { maximumFractionDigits: 101 }, { minimumIntegerDigits: 0 }, { notation: 'x' }, { signDisplay: 'x' }, { maximumSignificantDigits: 0 }]) ask('wrong ' + JSON.stringify(o), () => new Intl.NumberFormat('en', o).format(1));
ask('class', () => [typeof Intl.NumberFormat(), Intl.NumberFormat.name, String(Intl.NumberFormat('en')), [1, 2].map(new Intl.NumberFormat('en', { minimumFractionDigits: 1 }).format), Object.keys(Intl), Object.keys(new Intl.NumberFormat())]);
`, `resolved {"style":"currency","currency":"USD","signDisplay":"never","currencySign":"accounting"}`, `resolved {"style":"currency","currency":"CHF","signDisplay":"never","currencySign":"accounting"}`)
}

func TestTextsOfNumbersAsInNode(t *testing.T) {
	compare(t, `
const f = new Intl.NumberFormat('en', { maximumSignificantDigits: 21 });
for (const text of ['1e400', '1e401', '1e308', '-1e309', '1e-400', '1e-401', '1e-9000', '1e2000000000', '-1e2000000000', '1e9000000000000000000', '12345678901234567890123.5',
  '9'.repeat(400), '.5e1', '5.', '+7', '-0.0', '1e', 'e5', '0x10', '', ' 12 ', '1_000', 'Infinity', '--1']) print(text + '\t' + f.format(text));
`)
}

func TestSegmentsAsInNode(t *testing.T) {
	compare(t, `
const texts = ['', 'Hello, world! How are you?', "can't won't 3.14 1,000 a_b foo-bar e.g. U.S.A.", 'Mr. Smith went. He "did." (Yes.) No?! Ok… fine', 'é\u0301o\u0308 क्षि நி', '👨‍👩‍👧‍👦👍🏽🇩🇪🇫🇷1️⃣',
  'a\r\nb\n\nc\u2028d', '\ud800a\udc00', 'Ünïcödé ß — “quotes” ‘x’', 'ÅΩ Ελληνικά, русский текст; עברית עם "מרכאות", العربية.', 'x@y.com http://a.b/c?d=e#f', '한국어 문장입니다. 두번째.', '\u200d\u200b_ __ -5 +3 €5 50% #tag', '½ ² Ⅷ ①', '🙂', '.', ' ', "'", '_'];
for (const granularity of ['grapheme', 'word', 'sentence']) for (const text of texts) {
  const segments = new Intl.Segmenter('en', { granularity }).segment(text);
  print(granularity + ' ' + JSON.stringify(text) + '\t' + JSON.stringify([...segments].map((s) => [s.segment, s.index, s.isWordLike, s.input === text])) + JSON.stringify([-1, 0, 1, 3.7, 100, NaN, '2'].map((i) => segments.containing(i))));
}
const s = new Intl.Segmenter(), it = s.segment('ab')[Symbol.iterator]();
print('shape\t' + [Object.prototype.toString.call(s), Object.prototype.toString.call(it), JSON.stringify(it.next()), typeof it[Symbol.iterator], it[Symbol.iterator]() === it, JSON.stringify(s.resolvedOptions()), Object.keys(s.segment('a')).length, Intl.Segmenter.supportedLocalesOf(['de', 'en'])]);
for (const f of [() => new Intl.Segmenter('en', { granularity: 'x' }), () => Intl.Segmenter('en')]) try { f(); print('error\tnone'); } catch (e) { print('error\t' + e.name); }
`)
}

func TestNamesAsInNode(t *testing.T) {
	compare(t, asking+`
const of = (tag, options, code) => ask(tag + JSON.stringify(options) + code, () => { const f = new Intl.DisplayNames(tag, options); return [f.of(code), f.resolvedOptions()]; });
for (const tag of `+locales+`) {
  for (const style of ['en', 'ru', 'zh'].includes(tag) ? ['long', 'short', 'narrow'] : ['long']) for (const fallback of style === 'long' ? ['code', 'none'] : ['code']) {
    for (const code of ['US', 'GB', 'DE', 'TR', 'CI', 'XX', 'ZZ', '419', '001', '999', 'x', 'USA']) of(tag, { type: 'region', style, fallback }, code);
    for (const code of ['Latn', 'Cyrl', 'Hant', 'Zyyy', 'Xxxx', 'x']) of(tag, { type: 'script', style, fallback }, code);
    for (const code of ['USD', 'eur', 'GBP', 'CAD', 'JPY', 'XXX', 'XYZ', 'DEM', 'us', 'USDX']) of(tag, { type: 'currency', style, fallback }, code);
    for (const code of ['gregory', 'japanese', 'islamic-umalqura', 'ROC', 'gregorian', 'ethioaa', 'x', 'foo', 'foo-bar', 'foo_bar']) of(tag, { type: 'calendar', style, fallback }, code);
    for (const code of ['era', 'year', 'quarter', 'month', 'weekOfYear', 'weekday', 'day', 'dayPeriod', 'hour', 'minute', 'second', 'timeZoneName', 'Year', 'week']) of(tag, { type: 'dateTimeField', style, fallback }, code);
    for (const languageDisplay of ['dialect', 'standard']) for (const code of ['en', 'DE', 'fr-CA', 'en-us', 'en-IN', 'zh-Hans', 'zh-Hant-TW', 'es-419', 'sr-Latn-RS', 'uz-Cyrl', 'haw', 'xyz', 'xyz-US', 'nl-BE', 'pt-BR', 'de-x', 'a', 'en_US'])
      of(tag, { type: 'language', style, fallback, languageDisplay }, code);
  }
}
for (const f of [() => new Intl.DisplayNames('en'), () => new Intl.DisplayNames('en', {}), () => new Intl.DisplayNames('en', { type: 'x' }), () => Intl.DisplayNames('en', { type: 'region' }), () => new Intl.DisplayNames('en', null)]) ask('error ' + f, () => { try { f(); } catch (e) { return e.name; } });
`)
}

func TestOrderAsInNode(t *testing.T) {
	compare(t, asking+`
const words = ['a', 'B', 'A', 'b', 'ä', 'Ä', 'z', 'Z', 'é', 'e', 'f', '1', '10', '2', 'a b', 'ab', 'a-b', '_', '-', ' ', '', 'ß', 'ss', 'co-op', 'coop', 'CO-OP', 'résumé', 'resume', 'Résumé', 'ñ', 'n', 'o', 'item 9', 'item 10', 'Item 2'];
for (const l of ['en', 'de', 'sv', 'fr', 'es']) for (const o of [{}, { numeric: true }, { sensitivity: 'base' }, { sensitivity: 'accent' }, { sensitivity: 'case' }])
  for (const a of words) ask(l + JSON.stringify(o) + ' ' + a, () => { const c = new Intl.Collator(l, o); return words.map((b) => c.compare(a, b)); });
ask('resolved', () => new Intl.Collator('en', { numeric: true }).resolvedOptions());
`, `en{"sensitivity":"case"} ß`, `en{"sensitivity":"case"} ss`, `de{"sensitivity":"case"} ß`, `de{"sensitivity":"case"} ss`, `fr{"sensitivity":"case"} ß`, `fr{"sensitivity":"case"} ss`, `es{"sensitivity":"case"}`, `sv{"sensitivity":"case"}`)
}
