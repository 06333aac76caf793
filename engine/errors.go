package engine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// What callers branch on. Everything that the engine and a store return wraps one of these where it applies.
var (
	// ErrClosed means that the engine or the store takes no more work.
	ErrClosed = errors.New("closed")
	// ErrFull means that the queue or the disk is over its high-water mark; nothing was stored, and later may work.
	ErrFull = errors.New("over the high-water mark")
	// ErrFullOfDead is the [ErrFull] of dead letters that somebody must retry or drop.
	ErrFullOfDead = fmt.Errorf("%w of the dead letters", ErrFull)
	// ErrDiskFull means that there is no room on the disk, or less than must stay free: then it is an [ErrFull], too. Nothing
	// was stored, and later may work.
	ErrDiskFull = errors.New("the disk is full")
	// ErrDamaged means that something is stored and cannot be read, because a file is damaged. Asking again does not help;
	// what else is stored can be read, and it can be written anew.
	ErrDamaged = errors.New("stored data is damaged")
	// ErrLost means that another host owns what this one wanted to change: it was silent for too long, and what it held is
	// theirs now. Nothing was changed, and trying again does not help.
	ErrLost = errors.New("lost to another host")
	// ErrUnavailable means that the store cannot be reached just now, such as a database that is away. What was to be stored
	// is stored or not; the same again, with the same IDs, is right, and later may work.
	ErrUnavailable = errors.New("the store cannot be reached")
	// ErrNotFound means that there is no such package, response or value.
	ErrNotFound = errors.New("not found")
)

// PartError says what of something that was asked for is stored and cannot be read, because a file is damaged. The rest is
// returned beside it.
type PartError struct {
	// Missing names each part in the words of people.
	Missing []string
	// Err is why.
	Err error
}

// Error names the parts.
func (e *PartError) Error() string {
	return "cannot be read, because what is stored is damaged: " + strings.Join(e.Missing, "; ")
}

// Unwrap returns why.
func (e *PartError) Unwrap() error { return e.Err }

// LostError tells which settlements of a call were not recorded, because their leases were lost to another host. It wraps
// [ErrLost].
type LostError struct {
	// Lost are the places of these settlements in the call, from 0, in order.
	Lost []int
}

// Error counts them.
func (e *LostError) Error() string {
	return fmt.Sprintf("%d leases: %v", len(e.Lost), ErrLost)
}

// Unwrap returns [ErrLost].
func (e *LostError) Unwrap() error { return ErrLost }

// RefusedError is a package that the engine does not take. Nothing of the call was stored.
type RefusedError struct {
	// Index is the place of the package in the call, from 0.
	Index int
	// Kind is the package's kind, as given.
	Kind Kind
	// Message is short and in the words of Adjust's server where it has words for it, such as "Invalid revenue".
	Message string
	// Field is the S2S parameter that is wrong.
	Field string
	// Detail says what is wrong and what would be right.
	Detail string
}

// Error returns message and detail.
func (e *RefusedError) Error() string { return e.Message + ": " + e.Detail }

func refuse(kind Kind, message, field, format string, args ...any) *RefusedError {
	return &RefusedError{Kind: kind, Message: message, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// Quote quotes a value that a sender chose, for an error message. What is longer than 80 bytes is cut.
func Quote(value string) string {
	const most = 80
	if len(value) > most {
		value = strings.ToValidUTF8(value[:most], "") + "..."
	}
	return strconv.Quote(value)
}
