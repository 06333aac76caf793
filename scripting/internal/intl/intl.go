package intl

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dop251/goja"
	"golang.org/x/text/collate"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Options is what the natives work with.
type Options struct {
	VM   *goja.Runtime
	Data *Data
	// Note is told, once for each text, of what is not written as it was asked for.
	Note func(text string)
}

// Native is a function of Go as goja calls it.
type Native = func(goja.FunctionCall) goja.Value

// script is Intl in one machine.
type script struct {
	*Options
	noted map[string]bool
}

// Natives are the functions that the program is given, by their names.
func Natives(o *Options) map[string]Native {
	s := &script{o, map[string]bool{}}
	natives := map[string]Native{
		"note":   func(call goja.FunctionCall) goja.Value { s.note(call.Argument(0).String()); return goja.Undefined() },
		"isUnit": func(call goja.FunctionCall) goja.Value { return s.value(s.isUnit(call.Argument(0).String())) },
		"currencyDigits": func(call goja.FunctionCall) goja.Value {
			if n, known := s.Data.file().Digits[call.Argument(0).String()]; known {
				return s.value(n)
			}
			return s.value(2)
		},
		"endsInSymbol": func(call goja.FunctionCall) goja.Value {
			last, _ := utf8.DecodeLastRuneInString(call.Argument(0).String())
			return s.value(unicode.In(last, unicode.S, unicode.Z))
		},
		"round": s.round, "plural": s.plural, "pluralCategories": s.pluralCategories, "collator": s.collator, "values": s.values, "segments": s.segments, "names": s.names,
		"magnitude": func(call goja.FunctionCall) goja.Value { return s.value(magnitude(call.Argument(0).String())) },
	}
	maps.Copy(natives, s.zoneNatives())
	maps.Copy(natives, s.tagNatives())
	return natives
}

func (s *script) value(v any) goja.Value { return s.VM.ToValue(v) }

// text is a text, or undefined in place of none.
func (s *script) text(text string) goja.Value {
	if text == "" {
		return goja.Undefined()
	}
	return s.value(text)
}

func (s *script) note(text string) {
	if !s.noted[text] && s.Note != nil {
		s.noted[text] = true
		s.Note(text)
	}
}

func (s *script) isUnit(unit string) bool {
	for _, one := range strings.SplitN(unit, "-per-", 2) {
		known := false
		for _, name := range s.Data.file().units {
			known = known || name == one || name == unit
		}
		if !known {
			return false
		}
	}
	return true
}

func (s *script) zoneNatives() map[string]Native {
	return map[string]Native{
		"localZone": func(goja.FunctionCall) goja.Value { return s.value(s.Data.local()) },
		"zone":      func(call goja.FunctionCall) goja.Value { return s.text(s.Data.zone(call.Argument(0).String())) },
		"offset": func(call goja.FunctionCall) goja.Value {
			return s.value(s.Data.offset(call.Argument(0).String(), call.Argument(1).ToInteger()))
		},
		"zoneName": func(call goja.FunctionCall) goja.Value {
			return s.text(s.Data.zoneName(call.Argument(0).String(), call.Argument(1).ToInteger(), call.Argument(2).String(), call.Argument(3).String()))
		},
	}
}

func (s *script) tagNatives() map[string]Native {
	return map[string]Native{
		"canonical": func(call goja.FunctionCall) goja.Value { return s.text(canonical(call.Argument(0).String())) },
		"has": func(call goja.FunctionCall) goja.Value {
			base, _ := split(call.Argument(0).String())
			_, near := s.Data.file().locale(base)
			return s.value(near)
		},
		"locale": func(call goja.FunctionCall) goja.Value {
			file := s.Data.file()
			name, _ := file.locale(call.Argument(0).String())
			return s.value(string(file.Locales[name]))
		},
		"known":       s.known,
		"localeParts": s.localeParts,
		"maximize":    s.maximize,
	}
}

// known returns the first language of a list that there is, or else English, which is noted, and its extension.
func (s *script) known(call goja.FunctionCall) goja.Value {
	var list []string
	if err := s.VM.ExportTo(call.Argument(0), &list); err != nil {
		panic(s.VM.NewTypeError(err.Error()))
	}
	for _, tag := range list {
		base, extension := split(tag)
		if _, near := s.Data.file().locale(base); near {
			return s.VM.NewArray(base, extension)
		}
	}
	s.note("Intl does not know the language " + strings.Join(list, ", ") + " here; it is written in English")
	return s.VM.NewArray("en-US", "")
}

func (s *script) localeParts(call goja.FunctionCall) goja.Value {
	tag := canonical(call.Argument(0).String())
	if tag == "" {
		return goja.Undefined()
	}
	parsed, err := language.Raw.Parse(tag)
	if err != nil {
		return goja.Undefined()
	}
	base, script, region := parsed.Raw()
	names := map[string]string{"language": base.String()}
	if script.String() != "Zzzz" {
		names["script"] = script.String()
	}
	if region.String() != "ZZ" {
		names["region"] = region.String()
	}
	keys := map[string]string{"calendar": "ca", "collation": "co", "hourCycle": "hc", "caseFirst": "kf", "numeric": "kn", "numberingSystem": "nu"}
	for _, key := range keys {
		if value := parsed.TypeForKey(key); value != "" {
			names[key] = value
		}
	}
	changes := call.Argument(1).ToObject(s.VM)
	for _, name := range changes.Keys() {
		value := changes.Get(name).String()
		if key, isKey := keys[name]; isKey {
			names[key] = value
		} else {
			names[name] = value
		}
	}
	words := []string{names["language"]}
	for _, name := range []string{"script", "region"} {
		if names[name] != "" {
			words = append(words, names[name])
		}
	}
	out := s.VM.NewObject()
	baseName := canonical(strings.Join(words, "-"))
	if baseName == "" {
		return goja.Undefined()
	}
	whole, extended := baseName, false
	for _, key := range []string{"ca", "co", "hc", "kf", "kn", "nu"} {
		if names[key] == "" {
			continue
		}
		if !extended {
			whole, extended = whole+"-u", true
		}
		whole += "-" + key
		if names[key] != "true" {
			whole += "-" + names[key]
		}
	}
	names["tag"], names["baseName"] = whole, baseName
	for name, value := range names {
		rethrow(out.Set(name, value))
	}
	return out
}

func (s *script) maximize(call goja.FunctionCall) goja.Value {
	tag, err := language.Raw.Parse(call.Argument(0).String())
	if err != nil {
		return call.Argument(0)
	}
	base, _ := tag.Base()
	script, _ := tag.Script()
	region, _ := tag.Region()
	if call.Argument(1).ToBoolean() {
		return s.value(fmt.Sprintf("%s-%s-%s", base, script, region))
	}
	for _, shorter := range []string{base.String(), fmt.Sprintf("%s-%s", base, region), fmt.Sprintf("%s-%s", base, script)} {
		other := language.Raw.Make(shorter)
		likelyScript, _ := other.Script()
		likelyRegion, _ := other.Region()
		if likelyScript == script && likelyRegion == region {
			return s.value(shorter)
		}
	}
	return s.value(fmt.Sprintf("%s-%s-%s", base, script, region))
}

func (s *script) round(call goja.FunctionCall) goja.Value {
	number := func(n int) int { return int(call.Argument(n).ToInteger()) }
	o := digits{
		number(2), number(3), number(4), number(5), number(6), call.Argument(7).String(), call.Argument(8).String(), number(9),
		call.Argument(10).ToBoolean(),
	}
	whole, fraction := o.round(call.Argument(0).String(), number(1))
	return s.VM.NewArray(whole, fraction)
}

func rules(ordinal bool) *plural.Rules {
	if ordinal {
		return plural.Ordinal
	}
	return plural.Cardinal
}

func formName(f plural.Form) string {
	return [...]string{plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}[f]
}

// plural returns which form goes with a number: what stands before and behind its point.
func (s *script) plural(call goja.FunctionCall) goja.Value {
	whole, fraction := call.Argument(2).String(), call.Argument(3).String()
	trimmed := strings.TrimRight(fraction, "0")
	integer := func(text string) int {
		if len(text) > 15 { // only the last digits count, and that there are more
			text = "1" + text[len(text)-14:]
		}
		n, _ := strconv.Atoi(text)
		return n
	}
	tag := language.Make(call.Argument(0).String())
	form := rules(call.Argument(1).ToBoolean()).MatchPlural(tag, integer(whole), len(fraction), len(trimmed), integer(fraction), integer(trimmed))
	return s.value(formName(form))
}

// pluralCategories are the forms of a language.
func (s *script) pluralCategories(call goja.FunctionCall) goja.Value {
	tag, found := language.Make(call.Argument(0).String()), map[string]bool{}
	for n := range 201 {
		found[formName(rules(call.Argument(1).ToBoolean()).MatchPlural(tag, n, 0, 0, 0, 0))] = true
	}
	found[formName(rules(call.Argument(1).ToBoolean()).MatchPlural(tag, 1_000_000, 0, 0, 0, 0))] = true
	if !call.Argument(1).ToBoolean() {
		found[formName(plural.Cardinal.MatchPlural(tag, 1, 1, 1, 5, 5))] = true
	}
	var names []any
	for _, name := range []string{"few", "many", "one", "two", "zero", "other"} {
		if found[name] {
			names = append(names, name)
		}
	}
	return s.VM.NewArray(names...)
}

// collator returns a function that compares two texts.
func (s *script) collator(call goja.FunctionCall) goja.Value {
	var options []collate.Option
	plain := func(text string) string { return text }
	switch call.Argument(1).String() {
	case "base":
		options = append(options, collate.IgnoreCase, collate.IgnoreDiacritics)
	case "accent":
		options = append(options, collate.IgnoreCase)
	case "case":
		plain = func(text string) string {
			return strings.Map(func(c rune) rune {
				if unicode.Is(unicode.Mn, c) {
					return -1
				}
				return c
			}, norm.NFD.String(text))
		}
	}
	if call.Argument(2).ToBoolean() {
		options = append(options, collate.Numeric)
	}
	c := collate.New(language.Make(call.Argument(0).String()), options...)
	return s.value(func(call goja.FunctionCall) goja.Value {
		return s.value(c.CompareString(plain(call.Argument(0).String()), plain(call.Argument(1).String())))
	})
}

// values are what Intl.supportedValuesOf lists.
func (s *script) values(call goja.FunctionCall) goja.Value {
	var all []string
	switch call.Argument(0).String() {
	case "timeZone":
		all = s.Data.file().Zones.Supported
	case "currency":
		all = strings.Fields(s.Data.file().Currencies)
	case "unit":
		for _, unit := range s.Data.file().units {
			if !strings.Contains(unit, "-per-") {
				all = append(all, unit)
			}
		}
	case "calendar":
		all = []string{"gregory"}
	case "numberingSystem":
		all = []string{"latn"}
	case "collation":
	default:
		return goja.Undefined()
	}
	values := make([]any, len(all))
	for i, one := range all {
		values[i] = one
	}
	return s.VM.NewArray(values...)
}

// rethrow hands an exception that came out of the machine on to whoever called into Go.
func rethrow(err error) {
	if err != nil {
		panic(err)
	}
}
