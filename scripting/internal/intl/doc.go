// Package intl is Intl for scripts, and what toLocaleString and its like do: dates in time zones, numbers, plurals, lists,
// times from now, and the order of texts.
//
//	data := intl.NewData() // once for a host
//	natives := intl.Natives(&intl.Options{VM: vm, Data: data, Note: log})
//	program := intl.Source("intl") // a function of the natives, and of one that returns what other programs have made
//
// English is written as Node.js writes it, and so are the other languages of which there is data; a language without any is
// written in English, which Note is told once. Time zones are Go's, built into the binary. Plurals and the order of texts are
// those of golang.org/x/text.
//
// # Concurrency
//
// [Data] may be used from many goroutines at once. The natives belong to the machine's goroutine.
//
// # Files
//
//   - intl.go: what scripts find is made of
//   - intl.js: Intl itself, and the methods of the language that write for people
//   - option.js: tags, options and the data of a language; Locale
//   - number.js: NumberFormat
//   - date.js: DateTimeFormat
//   - language.js: PluralRules, Collator, ListFormat and RelativeTimeFormat
//   - segment.js: Segmenter
//   - names.js: DisplayNames
//   - data.go: the data of languages and time zones
//   - tags.go: names of languages
//   - zones.go: time zones
//   - segment.go: graphemes, words and sentences
//   - names.mjs, names.json.gz: what languages, regions and scripts are called, and what makes it
//   - round.go: numbers, rounded to so many digits
//   - locales.mjs, locales.json.gz: the data, and what makes it; dist/licenses.json has the license of Unicode
package intl
