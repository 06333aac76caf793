package adjust

import (
	"fmt"
	"strconv"
	"strings"
)

// maxSteps bounds how many steps from outside a package may be that a script tracks: a listener that tracks an event
// whenever an event has succeeded would go round for ever otherwise, also after a restart. It must be one digit.
const maxSteps = 8

// The steps of a package stand at the end of its ID, as in k0123456789abcdef0123456789abcdef-step2. The ID goes with the
// package through the queue, the log, retries and restarts, and is never sent; a field of its own would be another format
// of the store for a number that few packages have.
const (
	stepsMark = "-step"
	scriptID  = 33 // the bytes of an ID that a script's package has without its steps
)

// withSteps adds the steps to an ID, if there are any.
func withSteps(id string, steps int) string {
	if steps == 0 {
		return id
	}
	return id + stepsMark + strconv.Itoa(steps)
}

// StepsAfter returns how many steps from outside a package is that is tracked because of the one with this ID: 1 for an
// ID that tells of no steps.
func StepsAfter(id string) int {
	if len(id) != scriptID+len(stepsMark)+1 {
		return 1 // nearly all, and every response comes by here
	}
	digit, found := strings.CutPrefix(id[scriptID:], stepsMark)
	if !found || digit < "1" || digit > "9" {
		return 1
	}
	return int(digit[0]-'0') + 1
}

// boundSteps throws when what is tracked now would be too many steps from outside.
func (a *API) boundSteps(method string) {
	if a.m.Steps() > maxSteps {
		panic(a.m.NewError(fmt.Sprintf("Adjust.%s: refused, or this would go round for ever: listeners have tracked this in answer to "+
			"what listeners have tracked, %d times in a row; look at the event before you track, such as its eventToken", method, maxSteps)))
	}
}
