//go:build unix

package adjust

import (
	"errors"
	"syscall"
)

// canPeek tells whether hasInput can look.
const canPeek = true

// hasInput tells whether a read would return at once: with bytes, with the end, or with an error. It takes nothing away.
func hasInput(fd uintptr) bool {
	var b [1]byte
	_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
	return !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
}
