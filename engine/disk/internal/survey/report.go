package survey

import (
	"fmt"
	"slices"
)

// Report says what a survey or a repair has found in a store.
type Report struct {
	// Files are the damaged files, each with what is wrong, sorted.
	Files []string
	// Unreadable says what kinds of things cannot be read, each once.
	Unreadable []string
	// Wrong is what does not fit together, the first hundred of WrongCount. Repair puts it right.
	Wrong      []string
	WrongCount int

	// Packages are queued. They, the dead letters, the responses and the values could be read.
	Packages, DeadLetters, Responses, Values uint64
	// LostPackages, LostDeadLetters and LostResponses are missing from what the store has counted.
	LostPackages, LostDeadLetters, LostResponses uint64
	// Uncounted says that the counts themselves cannot be read: then more may be lost than is known.
	Uncounted bool
}

// Damaged tells whether anything is not as it should be.
func (r *Report) Damaged() bool {
	return len(r.Files)+len(r.Unreadable)+r.WrongCount > 0 || r.LostPackages+r.LostDeadLetters+r.LostResponses > 0
}

// wrong notes what does not fit together.
func (r *Report) wrong(text string, args ...any) {
	const most = 100
	if r.WrongCount++; len(r.Wrong) < most {
		r.Wrong = append(r.Wrong, fmt.Sprintf(text, args...))
	}
}

// unreadable notes what cannot be read.
func (r *Report) unreadable(what string) {
	if !slices.Contains(r.Unreadable, what) {
		r.Unreadable = append(r.Unreadable, what)
	}
}
