//go:build !linux

package notify_test

import "testing"

// monotonic is asked on Linux only.
func monotonic(*testing.T) int64 { return 0 }
