package worker

import (
	"fmt"
	"runtime/debug"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// maxStack is how large a goroutine's stack may become, in bytes: what deserves to be called deep fits many times.
	maxStack = 64 << 20
	// slack is what a process needs beside what its scripts use: its own code, tables of the collector, stacks.
	slack = 192 << 20
	// sharedSlack is how many times as much a process may have that is shared until the system ends it: the host ends it before,
	// save in the moment between two looks.
	sharedSlack = 4
	// maxFiles bounds open files and connections of a process, and maxSharedFiles those of one that plugins share.
	maxFiles       = 256
	maxSharedFiles = 4096
)

// limit takes from the process what a script has no use for. It cannot be taken back.
func limit(memory int64, shared bool) error {
	debug.SetMaxStack(maxStack)
	files := uint64(maxFiles)
	if shared {
		files = maxSharedFiles
		tendGarbage()
	} else {
		debug.SetGCPercent(garbage)
	}
	// With cgo not all threads can be reached, and nothing here runs programs anyway.
	_, _, _ = syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0)
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &now); err == nil {
		files = min(files, now.Max)
	}
	limits := map[int]uint64{unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: files}
	switch {
	case memory > 0 && shared: // the host knows how many there are, and what that makes
		limits[unix.RLIMIT_DATA] = uint64(memory)*sharedSlack + slack
	case memory > 0:
		debug.SetMemoryLimit(memory)
		limits[unix.RLIMIT_DATA] = uint64(memory) + slack
	}
	for resource, most := range limits {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("bound what the process may use: %w", err)
		}
	}
	return nil
}
