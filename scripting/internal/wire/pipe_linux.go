package wire

import (
	"io"
	"os"
	"syscall"
	"unsafe"
)

// Pipe is an end of a pipe that reads and writes what the pipe holds at the moment without telling the scheduler, which takes such a
// call for one that may last: it wakes the thread that looks after those, and that was as much as the call itself many times over.
// Where the pipe has nothing, or no room, the goroutine waits as with any file.
//
// One goroutine may read and one may write.
type Pipe struct {
	raw syscall.RawConn
	// Full is called when a write has to wait, and what it returns when it has waited. Nil: nobody wants to know.
	Full func() (gone func())

	in, out         []byte
	took, gave      int
	inErr, outErr   error
	doRead, doWrite func(fd uintptr) bool // made once: a call makes no garbage
	gone            func()
}

// NewPipe makes an end of what a file is. False: it is no pipe, or one that this cannot be done with.
func NewPipe(f *os.File) (*Pipe, bool) {
	raw, err := f.SyscallConn()
	if err != nil {
		return nil, false
	}
	p := &Pipe{raw: raw}
	p.doRead, p.doWrite = p.readNow, p.writeNow
	return p, true
}

// OpenPipe makes an end of what a file is that waits for its pipe. Nothing else uses the file from then on. False: as for [NewPipe].
func OpenPipe(f *os.File) (*Pipe, bool) {
	fd := int(f.Fd())
	var is syscall.Stat_t
	if syscall.Fstat(fd, &is) != nil || is.Mode&syscall.S_IFMT != syscall.S_IFIFO || syscall.SetNonblock(fd, true) != nil {
		return nil, false
	}
	return NewPipe(os.NewFile(uintptr(fd), f.Name()))
}

// Read is that of a reader.
func (p *Pipe) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	p.in, p.took, p.inErr = b, 0, nil
	if err := p.raw.Read(p.doRead); err != nil {
		return 0, err
	}
	return p.took, p.inErr
}

func (p *Pipe) readNow(fd uintptr) bool {
	for {
		n, _, errno := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(unsafe.SliceData(p.in))), uintptr(len(p.in)))
		switch {
		case errno == syscall.EINTR:
		case errno == syscall.EAGAIN:
			return false
		case errno != 0:
			p.inErr = errno
			return true
		case n == 0:
			p.inErr = io.EOF
			return true
		default:
			p.took = int(n)
			return true
		}
	}
}

// maxWrite is how much is written at once, in bytes.
const maxWrite = 64 << 10

// Write is that of a writer.
func (p *Pipe) Write(b []byte) (int, error) {
	p.out, p.gave, p.outErr = b, 0, nil
	err := p.raw.Write(p.doWrite)
	if p.gone != nil {
		p.gone()
		p.gone = nil
	}
	if err == nil {
		err = p.outErr
	}
	p.out = nil
	return p.gave, err
}

func (p *Pipe) writeNow(fd uintptr) bool {
	for p.gave < len(p.out) {
		part := p.out[p.gave:min(len(p.out), p.gave+maxWrite)]
		n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(unsafe.SliceData(part))), uintptr(len(part)))
		switch {
		case errno == syscall.EINTR:
		case errno == syscall.EAGAIN:
			if p.gone == nil && p.Full != nil {
				p.gone = p.Full()
			}
			return false
		case errno != 0:
			p.outErr = errno
			return true
		default:
			p.gave += int(n)
		}
	}
	return true
}
