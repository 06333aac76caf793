package wall

import (
	"os"
	"os/exec"

	"golang.org/x/sys/unix"

	"trackhook/scripting/internal/wire"
)

// newBoard makes the board of a process that is about to be started, and returns the descriptor that it has there. It is memory,
// which both sides see and no disk: a process that notes something waits for none. It goes with the two, however they end.
func newBoard(cmd *exec.Cmd) (*os.File, int64, error) {
	descriptor, err := unix.MemfdCreate("trackhook-worker", unix.MFD_CLOEXEC|unix.MFD_NOEXEC_SEAL)
	if err == unix.EINVAL { // older systems do not know the second flag
		descriptor, err = unix.MemfdCreate("trackhook-worker", unix.MFD_CLOEXEC)
	}
	if err != nil {
		return nil, 0, os.NewSyscallError("memfd_create", err)
	}
	board := os.NewFile(uintptr(descriptor), "board")
	if err := board.Truncate(wire.BoardSize); err != nil {
		_ = board.Close() // the first error counts
		return nil, 0, err
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, board)
	return board, int64(2 + len(cmd.ExtraFiles)), nil
}
