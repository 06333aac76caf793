//go:build !linux

package worker

import "runtime/debug"

// maxStack is how large a goroutine's stack may become, in bytes.
const maxStack = 64 << 20

// limit bounds what Go can bound; the host watches the rest.
func limit(memory int64, _ bool) error {
	debug.SetMaxStack(maxStack)
	if memory > 0 {
		debug.SetMemoryLimit(memory)
	}
	return nil
}
