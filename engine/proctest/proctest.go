package proctest

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// CPU returns the time, of user and system, that a process has run on processors, in steps of 10 ms. It is named by its number, or
// "self". Zero where there is no such process, or the system, which is not Linux, does not tell.
func CPU(process string) time.Duration {
	text, err := os.ReadFile("/proc/" + process + "/stat")
	if err != nil {
		return 0
	}
	// The name, in brackets, may hold spaces and brackets. Behind it user and system time are the 12th and 13th, in hundredths.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseUint(fields[11], 10, 64)
	system, _ := strconv.ParseUint(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond //nolint:gosec // a process does not run that long
}
