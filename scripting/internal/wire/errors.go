package wire

import (
	"context"
	"errors"
	"iter"

	"trackhook/engine"
)

// ErrorCode says what an error is, beside its text.
type ErrorCode uint64

// The codes: none, one that nobody asks about, and those that callers tell apart.
const (
	NoError ErrorCode = iota
	OtherError
	notFound
	closed
	damaged
	deadline
)

// KnownErrors are the errors that callers tell apart, by their codes.
func KnownErrors() iter.Seq2[ErrorCode, error] {
	return func(yield func(ErrorCode, error) bool) {
		for n, err := range []error{engine.ErrNotFound, engine.ErrClosed, engine.ErrDamaged, context.DeadlineExceeded} {
			if !yield(notFound+ErrorCode(n), err) { //nolint:gosec // a handful
				return
			}
		}
	}
}

// AppendError appends an error, or that there is none.
func AppendError(b []byte, err error) []byte {
	code, text := NoError, ""
	if err != nil {
		code, text = OtherError, err.Error()
		for known, is := range KnownErrors() {
			if errors.Is(err, is) {
				code = known
			}
		}
	}
	return AppendString(AppendNumber(b, uint64(code)), text)
}
