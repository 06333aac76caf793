package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine"
)

// maxLimit bounds the rows of a page of a list.
const maxLimit = 1000

// query are the parameters of a request, each at most once and none that is unknown.
type query map[string]string

// parseQuery reads the query of a request, which may use the allowed names.
func parseQuery(r *http.Request, allowed ...string) (query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("Invalid query", "the query is not encoded properly: %s", strings.TrimPrefix(err.Error(), "net/url: "))
	}
	q := make(query, len(values))
	for name, given := range values {
		if len(given) != 1 {
			return nil, badRequest("Invalid query", "parameter %s is given %d times; give it once", engine.Quote(name), len(given))
		}
		q[name] = given[0]
	}
	return q, q.check(allowed)
}

// check refuses names that are not allowed, the first by name, and empty values.
func (q query) check(allowed []string) error {
	unknown := ""
	for name, value := range q {
		switch {
		case !slices.Contains(allowed, name):
			if unknown == "" || name < unknown {
				unknown = name
			}
		case value == "":
			return invalid(name, "is empty; leave it out, or give it a value")
		}
	}
	switch _, found := q[unknown]; {
	case !found:
		return nil
	case len(allowed) == 0:
		return badRequest("Unknown parameter", "parameter %s is not known; this takes none", engine.Quote(unknown))
	default:
		return badRequest("Unknown parameter", "parameter %s is not known; this takes %s", engine.Quote(unknown), strings.Join(allowed, ", "))
	}
}

// invalid refuses the value of a parameter. why completes the sentence.
func invalid(name, why string) *refusal {
	return badRequest("Invalid "+name, "%s %s", name, why)
}

// number reads a whole number in a range. Absent: the default.
func (q query) number(name string, absent, least, most uint64) (uint64, error) {
	text, given := q[name]
	if !given {
		return absent, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, badRequest("Invalid "+name, "%s %s must be a whole number from %d to %d", name, engine.Quote(text), least, most)
	}
	return n, nil
}

// page reads where a list goes on, and how many rows to give.
func (q query) page() (page string, limit int, err error) {
	n, err := q.number("limit", DefaultLimit, 1, maxLimit)
	return q["page"], int(n), err //nolint:gosec // at most maxLimit
}

// flag reads true or false. Absent: false.
func (q query) flag(name string) (bool, error) {
	switch text, given := q[name]; {
	case !given || text == "false":
		return false, nil
	case text == "true":
		return true, nil
	default:
		return false, invalid(name, engine.Quote(text)+" must be true or false")
	}
}
