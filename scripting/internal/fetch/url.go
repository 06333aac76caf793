package fetch

import whatwg "github.com/nlnwa/whatwg-url/url"

// NewURLParser returns a parser that parses as the URL standard says. The library is of May 2023; the standard has since
// added "^" to what is encoded in a path. It may be used from many goroutines at once.
func NewURLParser() whatwg.Parser {
	return whatwg.NewParser(whatwg.WithPathPercentEncodeSet(whatwg.PathPercentEncodeSet.Set('^')))
}

// Unhex returns the value of a hexadecimal digit, -1 for every other byte.
func Unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
