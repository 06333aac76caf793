package ingest

import (
	"errors"
	"strings"
	"unicode/utf8"

	"trackhook/engine"
)

// line is one parsed line of a batch.
type line struct {
	pkg engine.Package
	key string

	unix, iso       string
	hasUnix, hasISO bool

	scan scanner
	seen uint16 // one bit for each key
}

// The keys of a line.
const (
	keyKind = iota
	keyAppToken
	keyEnvironment
	keyDevice
	keyParams
	keyCallbackParams
	keyPartnerParams
	keyCallbackID
	keyCreatedAt
	keyCreatedAtUnix
	keyIdempotency
)

// keyOf returns the key of a name.
func keyOf(name string) (int, bool) {
	switch name {
	case "kind":
		return keyKind, true
	case "app_token":
		return keyAppToken, true
	case "environment":
		return keyEnvironment, true
	case "device":
		return keyDevice, true
	case "params":
		return keyParams, true
	case "callback_params":
		return keyCallbackParams, true
	case "partner_params":
		return keyPartnerParams, true
	case "callback_id":
		return keyCallbackID, true
	case "created_at":
		return keyCreatedAt, true
	case "created_at_unix":
		return keyCreatedAtUnix, true
	case "idempotency_key":
		return keyIdempotency, true
	default:
		return 0, false
	}
}

// fieldError is a mistake within one key.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.field + ": " + e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

var (
	errUnknownKey = errors.New("unknown key")
	errTwice      = errors.New("given twice")
)

// parseLine reads one line. It checks the shape; what the values mean is checked later, and by the engine.
func parseLine(text string) (*line, *refusal) {
	if !utf8.ValidString(text) {
		return nil, invalid("Invalid JSON", "", "the line is not UTF-8 text")
	}
	text = strings.TrimPrefix(text, mark) // of files that were joined
	l := &line{scan: scanner{text: text}}
	err := l.scan.object(l.member)
	if err == nil {
		err = l.scan.end()
	}
	if err != nil {
		return nil, refusedLine(text, err)
	}
	at, refused := created(l.unix, l.hasUnix, l.iso, l.hasISO)
	if refused != nil {
		return nil, refused
	}
	l.pkg.Created = at
	return l, nil
}

// member reads the value of one key.
func (l *line) member(name string) (err error) {
	key, ok := keyOf(name)
	if !ok {
		return &fieldError{name, errUnknownKey}
	}
	if l.seen&(1<<key) != 0 {
		return &fieldError{name, errTwice}
	}
	l.seen |= 1 << key
	text := ""
	switch key {
	case keyParams:
		l.pkg.Params, err = l.scan.flat(true)
	case keyCallbackParams:
		l.pkg.CallbackParams, err = l.scan.flat(false)
	case keyPartnerParams:
		l.pkg.PartnerParams, err = l.scan.flat(false)
	case keyCreatedAtUnix:
		l.hasUnix = true
		if c := l.scan.next(); c == '-' || c >= '0' && c <= '9' {
			l.unix, err = l.scan.number()
		} else {
			l.unix, err = l.scan.str()
		}
	default:
		text, err = l.scan.str()
	}
	if err != nil {
		return &fieldError{name, err}
	}
	switch key {
	case keyKind:
		l.pkg.Kind = engine.Kind(text)
	case keyAppToken:
		l.pkg.App.Token = text
	case keyEnvironment:
		l.pkg.App.Environment = engine.Environment(text)
	case keyDevice:
		l.pkg.Device = text
	case keyCallbackID:
		l.pkg.CallbackID = text
	case keyCreatedAt:
		l.iso, l.hasISO = text, true
	case keyIdempotency:
		l.key = text
	}
	return nil
}

// refusedLine words what is wrong with the shape of a line.
func refusedLine(text string, err error) *refusal {
	var field *fieldError
	if !errors.As(err, &field) {
		hint := ""
		if strings.HasPrefix(text, "[") {
			hint = "; send one object a line instead of an array"
		}
		return invalid("Invalid JSON", "", "%s%s", err, hint)
	}
	name := field.field
	var pair *pairError
	switch {
	case errors.Is(err, errUnknownKey):
		return invalid("Invalid parameters", name, "unknown key %s; S2S parameters belong into params", engine.Quote(name))
	case errors.Is(err, errTwice):
		return invalid("Invalid parameters", name, "key %s is given twice", engine.Quote(name))
	case name == "callback_params":
		return invalid("Invalid callback parameters", name, "%s must be a flat JSON object of strings: %s", name, field.err)
	case name == "partner_params":
		return invalid("Invalid partner parameters", name, "%s must be a flat JSON object of strings: %s", name, field.err)
	case errors.As(err, &pair):
		return invalid("Invalid parameters", pair.name, "%s: %s", name, pair)
	default:
		return invalid("Invalid JSON", name, "%s", err)
	}
}
