package jsontext

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// ValidText returns text that came from outside as UTF-8, each broken byte as U+FFFD, which is also how goja reads it.
func ValidText(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}

// IsArrayIndex tells whether the key is one of "0" to "4294967294", which objects list before all other keys.
func IsArrayIndex(key string) bool {
	if len(key) == 0 || len(key) > 10 || key[0] < '0' || key[0] > '9' || SkipDigits(key, 0) != len(key) {
		return false
	}
	if key[0] == '0' {
		return len(key) == 1
	}
	return len(key) < 10 || key <= "4294967294"
}

// Number returns an int64 where that holds the number exactly as JavaScript would have it, else a float64.
func Number(text string) any {
	if IsShortInteger(text) {
		n, _ := strconv.ParseInt(text, 10, 64) // 15 digits always fit
		return n
	}
	f, _ := strconv.ParseFloat(text, 64) // out of range is infinite, as in JSON.parse
	if f == 0 && math.Signbit(f) {
		return math.Copysign(0, -1)
	}
	return f
}

// IsShortInteger tells whether the number's text is also how JavaScript prints it: up to 15 digits, no more.
func IsShortInteger(text string) bool {
	digits := text
	if digits[0] == '-' {
		digits = digits[1:]
	}
	return len(digits) <= 15 && SkipDigits(digits, 0) == len(digits) && text != "-0"
}
