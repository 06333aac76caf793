//go:build unix

package pgtest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
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

// kill ends a program and all that it has started in its group.
func kill(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
