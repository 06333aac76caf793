package intl

import (
	"strings"

	"github.com/dop251/goja"
	"golang.org/x/text/language"
)

// canonical returns the name of a language as it is written, or "": it is none.
func canonical(tag string) string {
	if tag == "" || strings.ContainsAny(tag, "_ ") || strings.HasPrefix(strings.ToLower(tag), "x-") {
		return ""
	}
	first, _, _ := strings.Cut(tag, "-")
	if len(first) < 2 || len(first) > 8 || len(first) == 4 {
		return ""
	}
	for word := range strings.SplitSeq(tag, "-") {
		if word == "" || len(word) > 8 || strings.ContainsFunc(word, func(c rune) bool {
			return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')
		}) {
			return ""
		}
	}
	parsed, err := language.Raw.Parse(tag)
	if err != nil {
		if _, isValue := err.(language.ValueError); !isValue { //nolint:errorlint // Parse returns it as it is
			return ""
		}
		return spelled(tag)
	}
	return parsed.String()
}

// spelled writes a well-formed name of an unknown language as names are written.
func spelled(tag string) string {
	words := strings.Split(strings.ToLower(tag), "-")
	for i, word := range words {
		switch {
		case i > 0 && len(words[i-1]) == 1:
			return strings.Join(words, "-")
		case i > 0 && len(word) == 2:
			words[i] = strings.ToUpper(word)
		case i > 0 && len(word) == 4 && word[0] > '9':
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "-")
}

// split parts a name from what follows -u- in it.
func split(tag string) (base, extension string) {
	base, extension, _ = strings.Cut(tag, "-u-")
	return base, extension
}

// names returns what a language calls others, as JSON: names(tag).
func (s *script) names(call goja.FunctionCall) goja.Value {
	base, _ := split(call.Argument(0).String())
	name, _ := s.Data.file().locale(base)
	return s.value(string(s.Data.names()[name]))
}
