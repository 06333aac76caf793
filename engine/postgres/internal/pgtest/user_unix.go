//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// nobody is who a server runs as when the tests run as root, which PostgreSQL refuses.
func nobody() (uid, gid uint32, needed bool) {
	if os.Getuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err == nil {
			return uint32(uid), uint32(gid), true
		}
	}
	return 65534, 65534, true
}

// own gives a folder to the user that the server runs as.
func own(folder string) error {
	uid, gid, needed := nobody()
	if !needed {
		return nil
	}
	return os.Chown(folder, int(uid), int(gid))
}

// unprivileged lets a program run as that user, in a process group of its own.
func unprivileged(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if uid, gid, needed := nobody(); needed {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
}

// kill ends a program and all that it has started, which has groups of its own.
func kill(c *exec.Cmd) {
	started := children(c.Process.Pid)
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
	for _, pid := range started {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// children returns the processes that a process has started, where the system tells. Elsewhere they end by themselves, later.
func children(pid int) (all []int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil
	}
	for field := range strings.FieldsSeq(string(text)) {
		if child, err := strconv.Atoi(field); err == nil {
			all = append(all, child)
		}
	}
	return all
}
