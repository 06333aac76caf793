package notify

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// now is a line that says when a message was made, by CLOCK_MONOTONIC, which [time.Time] has and does not tell: without it
// systemd cannot know which reload is meant, and waits for another answer.
func now() (line string, ok bool) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return "", false
	}
	return "MONOTONIC_USEC=" + strconv.FormatInt(t.Nano()/1000, 10), true
}
