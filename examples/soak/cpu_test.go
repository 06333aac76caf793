package main

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// processCPU returns the time that this process has run on processors; 0 where the system does not tell.
func processCPU() time.Duration { return cpuOf("self") }

// cpuOf is the same for any process, by its number.
func cpuOf(process string) time.Duration {
	text, err := os.ReadFile("/proc/" + process + "/stat")
	if err != nil {
		return 0
	}
	// The name, in brackets, may hold spaces. Behind it user and system time are the 12th and 13th, in hundredths.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseUint(fields[11], 10, 64)
	system, _ := strconv.ParseUint(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond //nolint:gosec // a process does not run that long
}
