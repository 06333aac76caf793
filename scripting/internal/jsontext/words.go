package jsontext

import "math/bits"

// The functions of this file look at eight bytes at a time. Answers are mostly plain strings; byte by byte,
// checking and printing them took a third longer.

const (
	eachByte = 0x0101010101010101
	eachHigh = 0x8080808080808080
)

// eightBytes loads s[i:i+8]; the compiler makes one instruction of it.
func eightBytes(s string, i int) uint64 {
	_ = s[i+7]
	return uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
		uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
}

// The masks below have the high bit of a byte set where it is what they look for. Bytes above the lowest such byte may
// be marked wrongly; the lowest never is.

func bytesBelow(w uint64, c byte) uint64 { return (w - eachByte*uint64(c)) & ^w & eachHigh }

func bytesEqual(w uint64, c byte) uint64 { return bytesBelow(w^eachByte*uint64(c), 1) }

// plainJSONEnd returns the first place from i on that is a quote, a backslash or a control character, or the end.
func plainJSONEnd(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		w := eightBytes(s, i)
		if mask := bytesBelow(w, ' ') | bytesEqual(w, '"') | bytesEqual(w, '\\'); mask != 0 {
			return i + bits.TrailingZeros64(mask)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return i
}

// plainTextEnd returns the first place from i on that is no plain text, see [IsPlainText], or a double quote, or the end.
func plainTextEnd(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		w := eightBytes(s, i)
		// What is not ASCII is marked by itself, so that the others may mark it as well.
		mask := (w | (w + eachByte) | (w - eachByte*' ') | ((w ^ eachByte*'"') - eachByte) |
			((w ^ eachByte*'\'') - eachByte) | ((w ^ eachByte*'\\') - eachByte)) & eachHigh
		if mask != 0 {
			return i + bits.TrailingZeros64(mask)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7F || c == '"' || c == '\'' || c == '\\' {
			return i
		}
	}
	return i
}

// IsPlainText tells whether text goes between single quotes as it is: printable ASCII without quote and backslash.
func IsPlainText(s string) bool {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := eightBytes(s, i)
		if bytesBelow(w, ' ')|bytesEqual(w, '\'')|bytesEqual(w, '\\')|bytesEqual(w, 0x7F)|w&eachHigh != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7F || c == '\'' || c == '\\' {
			return false
		}
	}
	return true
}

// IsIdentifier tells whether a key is an identifier of ASCII letters, digits and underscores.
func IsIdentifier(key string) bool {
	for i := range len(key) {
		c := key[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return key != ""
}

// UnitCount returns the length of UTF-8 text in the units that JavaScript counts.
func UnitCount(s string) (n int) {
	i := 0
	for ; i+8 <= len(s) && eightBytes(s, i)&eachHigh == 0; i += 8 {
		n += 8
	}
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0xF0:
			n += 2
		case c < 0x80 || c >= 0xC0:
			n++
		}
	}
	return n
}
