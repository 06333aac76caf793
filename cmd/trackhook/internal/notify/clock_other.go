//go:build !linux

package notify

// now is a line that systemd wants, which runs on Linux only.
func now() (line string, ok bool) { return "", false }
