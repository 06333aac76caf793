//go:build !linux && !windows

package wall

import (
	"os"
	"os/exec"
)

// newBoard makes the board of a process that is about to be started, and returns the descriptor that it has there. The file has no
// name any more: it goes with the two processes, however they end.
func newBoard(cmd *exec.Cmd) (*os.File, int64, error) {
	board, err := os.CreateTemp("", "trackhook-worker-")
	if err != nil {
		return nil, 0, err
	}
	if err := os.Remove(board.Name()); err != nil {
		_ = board.Close() // the first error counts
		return nil, 0, err
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, board)
	return board, int64(2 + len(cmd.ExtraFiles)), nil
}
