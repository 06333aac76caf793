package wall

import (
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// bind does nothing: see enclose.
func bind(*exec.Cmd) {}

// residentOf is not known here: the process sees to that itself.
func residentOf(int) int64 { return 0 }

// cell is a job object that holds one process: the system ends the process with the last handle of it, which is the host's, and lets
// it start no others. Nil holds nothing.
type cell struct{ job windows.Handle }

const (
	// slack is what a process needs beside what its scripts use, and sharedSlack how many times as much one may have that is shared:
	// it ends itself before.
	slack       = 192 << 20
	sharedSlack = 4
)

// enclose holds a process, which has not been told anything yet. Nil: the system does not allow it, and the process ends when its
// pipe is closed.
func enclose(process *os.Process) *cell {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil
	}
	c := &cell{job}
	assigned := false
	err = process.WithHandle(func(handle uintptr) {
		assigned = c.set(0) == nil && windows.AssignProcessToJobObject(job, windows.Handle(handle)) == nil
	})
	if err != nil || !assigned {
		c.open()
		return nil
	}
	return c
}

// bound bounds how many bytes the process may use, as its use is.
func (c *cell) bound(memory int64, shared bool) {
	if c == nil || memory <= 0 {
		return
	}
	if shared {
		memory *= sharedSlack
	}
	_ = c.set(uintptr(memory + slack)) // what bounds it otherwise is the process itself
}

func (c *cell) set(memory uintptr) error {
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS |
		windows.JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
	info.BasicLimitInformation.ActiveProcessLimit = 1
	if memory > 0 {
		info.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
		info.ProcessMemoryLimit = memory
	}
	_, err := windows.SetInformationJobObject(
		c.job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err
}

// open lets go of the process, which ends it.
func (c *cell) open() {
	if c != nil {
		_ = windows.CloseHandle(c.job)
	}
}
