package ingest

import (
	"net/url"
	"strings"

	"trackhook/engine"
)

// parseForm adds the pairs of a query or a form body to params. Unlike [url.ParseQuery] it keeps one value a name, takes
// a semicolon for what it is, and makes no copy of what needs no decoding.
func parseForm(text string, params map[string]string) *refusal {
	for text != "" {
		var pair string
		if pair, text, _ = strings.Cut(text, "&"); pair == "" {
			continue
		}
		name, value, cut := strings.Cut(pair, "=")
		name, err := unescape(name)
		if err != nil {
			return invalid("Invalid parameters", "params", "the name of parameter %s is not percent-encoded properly", engine.Quote(pair))
		}
		name = strings.TrimPrefix(name, mark) // percent-encoded, or of a text that others were joined to
		value, err = unescape(value)
		if err != nil {
			return invalid("Invalid parameters", name, "the value of parameter %s is not percent-encoded properly", engine.Quote(name))
		}
		if !cut {
			// The Web SDK encodes the sign between the two as well, in the settings of third party sharing.
			name, value, _ = strings.Cut(name, "=")
		}
		if first, twice := params[name]; twice && first != value {
			return invalid("Invalid parameters", name, "parameter %s is given twice with different values, %s and %s", engine.Quote(name), engine.Quote(first), engine.Quote(value))
		}
		params[name] = value
	}
	return nil
}

// unescape undoes percent-encoding. Most names and values have none, and looking for its two signs is faster than looking at each
// byte.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	return url.QueryUnescape(s)
}

// formType tells whether a Content-Type is that of a form. None is taken as one: many clients do not set it.
func formType(contentType string) bool {
	contentType, _, _ = strings.Cut(contentType, ";")
	contentType = strings.TrimSpace(contentType)
	return contentType == "" || strings.EqualFold(contentType, "application/x-www-form-urlencoded")
}
