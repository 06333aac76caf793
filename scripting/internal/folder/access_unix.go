//go:build unix

package folder

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// mayWrite tells whether the system lets this process make files in a folder.
func mayWrite(dir string) bool { return unix.Access(dir, unix.W_OK) == nil }

// holdFolder keeps other hosts of the same folder from changing it until it is let go: between an exchange and the look at
// what has come out, the file is not what it will be. Editors do not ask for it. Where the file system has no locks, there
// are none.
func holdFolder(root *os.Root) (letGo func()) {
	file, err := root.Open(".")
	if err != nil {
		return func() {}
	}
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX) //nolint:gosec // descriptors are small
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	return func() { _ = file.Close() } // which gives the lock back
}
