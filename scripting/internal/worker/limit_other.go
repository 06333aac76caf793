//go:build !linux

package worker

import (
	"io"
	"os"
	"runtime/debug"
)

const (
	// maxStack is how large a goroutine's stack may become, in bytes.
	maxStack = 64 << 20
	// sharedSlack is how many times as much memory a process may have that is shared: nobody counts who is in it here.
	sharedSlack = 2
	// exitMemory is the exit code of a process that has ended because of its memory, and outOfMemory what it says then, as Go does.
	exitMemory  = 5
	outOfMemory = "out of memory"
)

// limit bounds what Go can bound, and has the process end itself when it has too much memory.
func limit(memory int64, shared bool) error {
	debug.SetMaxStack(maxStack)
	switch {
	case memory <= 0:
		return nil
	case shared:
		memory *= sharedSlack
	default:
		debug.SetMemoryLimit(memory)
	}
	go watchMemory(memory, func() {
		_, _ = io.WriteString(os.Stderr, outOfMemory+"\n")
		os.Exit(exitMemory)
	})
	return nil
}
