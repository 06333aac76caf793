package worker

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"trackhook/scripting/internal/wire"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/landlock-lsm/go-landlock/landlock"
)

// forbidden are system calls that no script has a use for, and that whoever has broken out of one would look for first:
// running programs, listening, and reaching into other processes or the system.
func forbidden() []string {
	return []string{
		"execve", "execveat", "bind", "listen", "accept", "accept4",
		"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp",
		"mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsmount", "setns", "unshare",
		"bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "io_uring_setup",
		"init_module", "finit_module", "delete_module", "kexec_load", "reboot", "swapon", "swapoff", "quotactl", "acct",
	}
}

// confine takes from the process, for good, what scripts have no use for, as far as the kernel can: system calls, and files
// beside those in readable. It returns what holds now.
func confine(readable []string) (walls []string) {
	files := make([]landlock.Rule, 0, len(readable)+1)
	for _, path := range readable {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			files = append(files, landlock.RODirs(path).IgnoreIfMissing())
		} else {
			files = append(files, landlock.ROFiles(path).IgnoreIfMissing())
		}
	}
	if covered := os.Getenv("GOCOVERDIR"); covered != "" {
		files = append(files, landlock.RWDirs(covered).IgnoreIfMissing())
	}
	for _, kernel := range []landlock.Config{landlock.V5, landlock.V3, landlock.V1} { // the newest that this one knows
		if kernel.RestrictPaths(files...) == nil {
			walls = append(walls, wire.FilesWall)
			break
		}
	}
	if seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true, Flag: seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{{Action: seccomp.ActionErrno, Names: forbidden()}}},
	}) == nil {
		walls = append(walls, wire.SystemCallsWall)
	}
	return walls
}

// readable are the files that Go reads by itself while a script runs: how names are found, which authorities are trusted, and
// the time zones. All else comes from the host, or lies in the folders of an errand.
func readable() []string {
	paths := []string{
		"/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates",
		"/usr/local/share/certs", "/var/lib/ca-certificates", "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
		"/etc/zoneinfo", "/usr/lib/locale/TZ",
		"/etc/localtime", "/etc/hosts", "/etc/nsswitch.conf", "/etc/services", "/etc/protocols", "/etc/gai.conf", "/etc/host.conf",
		"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", // where the C library finds names
		os.Getenv("SSL_CERT_FILE"), os.Getenv("ZONEINFO"),
	}
	paths = append(paths, filepath.SplitList(os.Getenv("SSL_CERT_DIR"))...)
	kept := paths[:0]
	for _, path := range append(paths, resolver()) {
		if filepath.IsAbs(path) {
			kept = append(kept, path)
		}
	}
	return kept
}

// resolver is what must be readable for names to be found, also after the network has changed: then the file is replaced by
// another one of its name. Where it is mounted, as in containers, it never is.
func resolver() string {
	const file = "/etc/resolv.conf"
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		return file
	}
	dir := filepath.Dir(target)
	if strings.HasPrefix(target, "/etc/") && isMounted(target, dir) {
		return file
	}
	return dir
}

// isMounted tells whether a file lies on another file system than its folder.
func isMounted(file, dir string) bool {
	var f, d syscall.Stat_t
	return syscall.Stat(file, &f) == nil && syscall.Stat(dir, &d) == nil && f.Dev != d.Dev
}
