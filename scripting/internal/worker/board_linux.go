package worker

import (
	"os"

	"golang.org/x/sys/unix"

	"trackhook/scripting/internal/wire"
)

// board is where a process notes which versions run. What stands in its first part is written as memory: two system calls for
// each turn of a version were a fifth of what a process did that is handed small batches.
type board struct {
	file *os.File
	page []byte // nil: it cannot be had as memory
}

func openBoard(descriptor int64) *board {
	page, err := unix.Mmap(int(descriptor), 0, wire.BoardSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		page = nil
	}
	return &board{os.NewFile(uintptr(descriptor), "board"), page} //nolint:gosec // a descriptor
}

func (b *board) note(channel uint32, what byte) {
	if int64(channel) < int64(len(b.page)) {
		b.page[channel] = what
		return
	}
	_, _ = b.file.WriteAt([]byte{what}, int64(channel)) // the host knows less then
}
