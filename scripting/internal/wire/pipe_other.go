//go:build !linux

package wire

import "os"

// Pipe is an end of a pipe; elsewhere there is nothing to gain.
type Pipe struct {
	*os.File
	// Full is not called here.
	Full func() (gone func())
}

// NewPipe makes none here.
func NewPipe(*os.File) (*Pipe, bool) { return nil, false }

// OpenPipe makes none here.
func OpenPipe(*os.File) (*Pipe, bool) { return nil, false }
