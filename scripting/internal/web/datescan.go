package web

import (
	"strings"
	"unicode"
)

// dateToken is a part of a text that may be a date.
type dateToken struct {
	kind   dateKind
	n      int // a number, or the value of a word
	length int
	symbol rune
	word   dateMeaning
}

type dateKind uint8

const (
	dateEnd dateKind = iota
	dateNumber
	dateWord
	dateSymbol
	dateBlank
	dateOther
)

// dateMeaning is what a word means.
type dateMeaning uint8

const (
	dateGarbage dateMeaning = iota
	dateMonth
	dateHalf // AM or PM
	dateZone
	dateSeparator // T
)

func (t dateToken) is(symbol rune) bool   { return t.kind == dateSymbol && t.symbol == symbol }
func (t dateToken) isSign() bool          { return t.is('+') || t.is('-') }
func (t dateToken) digits(count int) bool { return t.kind == dateNumber && t.length == count }
func (t dateToken) isZ() bool             { return t.kind == dateWord && t.word == dateZone && t.length == 1 }

func (t dateToken) sign() int {
	if t.symbol == '-' {
		return -1
	}
	return 1
}

// milliseconds are what the digits behind a point mean.
func (t dateToken) milliseconds() int {
	n := t.n
	for length := t.length; length < 3; length++ {
		n *= 10
	}
	for length := min(t.length, maxDateDigits); length > 3; length-- {
		n /= 10
	}
	return n
}

// maxDateDigits is how many digits of a number count.
const maxDateDigits = 9

// dateWords are the meanings of words by their first three letters. Longer words are months only.
func dateWords(prefix string, length int) (meaning dateMeaning, value int) {
	const months, zones = "jan feb mar apr may jun jul aug sep oct nov dec", "edt-4 est-5 cdt-5 cst-6 mdt-6 mst-7 pdt-7 pst-8"
	if at := strings.Index(months, prefix); length >= 3 && at >= 0 && at%4 == 0 {
		return dateMonth, at/4 + 1
	}
	switch {
	case length > 3:
		return dateGarbage, 0
	case prefix == "am":
		return dateHalf, 0
	case prefix == "pm":
		return dateHalf, 12
	case prefix == "t":
		return dateSeparator, 0
	case prefix == "z" || prefix == "ut" || prefix == "utc" || prefix == "gmt":
		return dateZone, 0
	}
	if at := strings.Index(zones, prefix+"-"); length == 3 && at >= 0 {
		return dateZone, -int(zones[at+4] - '0')
	}
	return dateGarbage, 0
}

// dateScanner takes a text apart.
type dateScanner struct {
	text  []rune
	at    int
	ahead dateToken
}

// take returns the token ahead.
func (s *dateScanner) take() dateToken {
	token := s.ahead
	s.next()
	return token
}

// skip takes a symbol, if that is ahead.
func (s *dateScanner) skip(symbol rune) bool {
	if !s.ahead.is(symbol) {
		return false
	}
	s.next()
	return true
}

func (s *dateScanner) next() {
	if s.at >= len(s.text) {
		s.ahead = dateToken{kind: dateEnd}
		return
	}
	start := s.at
	switch c := s.text[s.at]; {
	case isDigit(c):
		s.ahead = s.number()
	case strings.ContainsRune(":-+.)", c):
		s.at++
		s.ahead = dateToken{kind: dateSymbol, symbol: c, length: 1}
	case c >= 'A' && !isDateBlank(c):
		s.ahead = s.letters()
	case isDateBlank(c):
		s.at++
		s.ahead = dateToken{kind: dateBlank, length: 1}
	case c == '(':
		s.comment()
		s.ahead = dateToken{kind: dateOther, length: s.at - start}
	default:
		s.at++
		s.ahead = dateToken{kind: dateOther, length: 1}
	}
}

func isDigit(c rune) bool { return '0' <= c && c <= '9' }

func isDateBlank(c rune) bool { return unicode.IsSpace(c) && c != 0x85 || c == 0xfeff }

func (s *dateScanner) number() dateToken {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] == '0' {
		s.at++
	}
	n := 0
	for count := 0; s.at < len(s.text) && isDigit(s.text[s.at]); s.at++ {
		if count < maxDateDigits {
			n = n*10 + int(s.text[s.at]-'0')
		}
		count++
	}
	return dateToken{kind: dateNumber, n: n, length: s.at - start}
}

func (s *dateScanner) letters() dateToken {
	start := s.at
	var prefix strings.Builder
	for ; s.at < len(s.text) && s.text[s.at] >= 'A' && !isDateBlank(s.text[s.at]); s.at++ {
		if c := s.text[s.at]; s.at < start+3 {
			if c <= 'Z' {
				c += 'a' - 'A'
			}
			prefix.WriteRune(c)
		}
	}
	meaning, value := dateWords(prefix.String(), s.at-start)
	return dateToken{kind: dateWord, word: meaning, n: value, length: s.at - start}
}

// comment skips what stands in parentheses, to the end where they are not closed.
func (s *dateScanner) comment() {
	for depth := 0; s.at < len(s.text); {
		switch s.text[s.at] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if s.at++; depth == 0 {
			return
		}
	}
}
