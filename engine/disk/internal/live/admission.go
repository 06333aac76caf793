package live

import (
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// admission decides what is taken in. What is over a mark stays full until it is a tenth below.
//
// [Memory] guards it.
type admission struct {
	pending    uint64 // packages that were admitted and not answered yet
	full       string // why nothing is taken in; "": it is
	fullOfDead bool   // full because of the dead letters
	fullOfDisk bool   // full because of what is used or free on the disk
}

// admit lets n packages in, or returns [engine.ErrFull]. The dead letters do not count for those that come from there.
// warning is what to tell about the reason when it is new.
func (a *admission) admit(high *Marks, counts *format.State, n uint64, dead bool) (warning string, err error) {
	waiting := counts.Queued + a.pending
	switch {
	case a.full != "" && !a.fullOfDead:
	case waiting+n > high.Queued:
		a.full, a.fullOfDead, a.fullOfDisk = high.tooManyQueued(waiting), false, false
		warning = "nothing is taken in until the queue is shorter"
	case a.full == "":
		if a.full = high.overDead(counts, false); a.full != "" {
			a.fullOfDead = true
			warning = "nothing is taken in until dead letters are retried or dropped"
		}
	}
	if a.full != "" && (!dead || !a.fullOfDead) {
		return warning, a.err()
	}
	a.pending += n
	return warning, nil
}

// err says why nothing is taken in.
func (a *admission) err() error {
	switch {
	case a.fullOfDisk:
		return fmt.Errorf("%w: %w: %s", engine.ErrFull, engine.ErrDiskFull, a.full)
	case a.fullOfDead:
		return fmt.Errorf("%w: %s", engine.ErrFullOfDead, a.full)
	default:
		return fmt.Errorf("%w: %s", engine.ErrFull, a.full)
	}
}

// check compares the store with its marks. used and free are bytes on the disk; knowsFree says whether free is known. It
// reports whether the store was full before.
func (a *admission) check(high *Marks, counts *format.State, used, free uint64, knowsFree bool) (was bool) {
	was = a.full != ""
	a.full, a.fullOfDead, a.fullOfDisk = "", false, false
	switch waiting := counts.Queued + a.pending; {
	case was && waiting > lower(high.Queued, was):
		a.full = high.tooManyQueued(waiting)
	case high.Bytes > 0 && used > lower(high.Bytes, was):
		a.full = fmt.Sprintf("the store has %d bytes on disk, and at most %d are allowed", used, high.Bytes)
		a.fullOfDisk = true
	case knowsFree && free < high.Free+(high.Free-lower(high.Free, was)):
		a.full = fmt.Sprintf("%d bytes are free on the disk, and %d must stay free", free, high.Free)
		a.fullOfDisk = true
	default:
		a.full = high.overDead(counts, was)
		a.fullOfDead = a.full != ""
	}
	return was
}

func (h *Marks) tooManyQueued(waiting uint64) string {
	return fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, h.Queued)
}

// overDead says why the dead letters are over a mark, "" when they are not. When the store was full they must be a tenth
// below it.
func (h *Marks) overDead(s *format.State, was bool) string {
	switch {
	case s.Dead >= lower(h.Dead, was):
		return fmt.Sprintf("there are %d dead letters, and at most %d may be; retry or drop some", s.Dead, h.Dead)
	case s.DeadBytes >= lower(h.DeadBytes, was):
		return fmt.Sprintf("the dead letters have %d bytes, and at most %d are allowed; retry or drop some", s.DeadBytes, h.DeadBytes)
	default:
		return ""
	}
}

// lower is how far a mark may be reached: a tenth less once the store is full.
func lower(mark uint64, was bool) uint64 {
	if was {
		return mark - mark/10
	}
	return mark
}

// Marks are those over which nothing more is taken in, as Config.HighWater of the store describes them.
type Marks struct {
	Queued          uint64
	Dead, DeadBytes uint64
	Bytes           uint64
	Free            uint64
}

// Admit lets n packages in, or returns [engine.ErrFull]. dead says that they were dead letters, which make room by coming
// back. Whoever was let in must say when there is an answer: [Memory.EndAdmission]. warning is what to tell about the reason when it
// is new.
func (m *Memory) Admit(n uint64, dead bool) (warning, reason string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	warning, err = m.admission.admit(&m.marks, &m.durable, n, dead)
	return warning, m.admission.full, err
}

// EndAdmission says that n packages which were let in have their answer.
func (m *Memory) EndAdmission(n uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.admission.pending -= n
}

// CheckMarks compares the store with its marks. used and free are bytes on the disk; knowsFree says whether free is known. It
// reports whether the store was full before, and why it is now.
func (m *Memory) CheckMarks(used, free uint64, knowsFree bool) (was bool, full string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was = m.admission.check(&m.marks, &m.durable, used, free, knowsFree)
	return was, m.admission.full
}
