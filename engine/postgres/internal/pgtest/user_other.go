//go:build !unix

package pgtest

import "os/exec"

func own(string) error { return nil }

func unprivileged(*exec.Cmd) {}

func kill(c *exec.Cmd) { _ = c.Process.Kill() }
