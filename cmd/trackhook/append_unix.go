//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// appendTo makes all writes to a file go to its end, wherever that is then: after `> log`, a program that cuts the log short
// while it is written, as logrotate does by copytruncate, would find the next line where it would have stood before,
// behind zeros. It changes the file for whoever shares it, such as the shell. Where it does not work, nothing changes.
func appendTo(file *os.File) {
	raw, err := file.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		if flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0); err == nil {
			_, _ = unix.FcntlInt(fd, unix.F_SETFL, flags|unix.O_APPEND)
		}
	})
}
