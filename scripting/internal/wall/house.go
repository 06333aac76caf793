package wall

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"trackhook/scripting/internal/wire"
)

// house is a process of the system: of one version, or of many that share it.
type house struct {
	cmd    *exec.Cmd
	conn   *wire.Conn
	stdin  io.Closer
	stderr *head
	waits  waits
	// board is the file in which the process notes who runs, and descriptor what it has it by. Nil: it has none.
	board      *os.File
	descriptor int64
	cell       *cell
	use
	// calm: its memory is seldom looked at; stirred gets something when it is told something meanwhile.
	calm    atomic.Bool
	stirred chan struct{}
	// gone is closed when it has ended; from then on state is how, and final what the board said then, by channel.
	gone  chan struct{}
	state *os.ProcessState
	final []byte
	// over is closed when its memory needs no eye any more.
	over chan struct{}

	mu      sync.Mutex
	why     string   // guarded by mu, as all below: why the host has ended it; empty: it did not
	culprit *process // on whose account
	last    uint32
	rooms   map[uint32]*process // by channel
	closed  bool                // it takes nobody in any more
}

// use is what a process is for, which is said before anybody is let in.
type use struct {
	// shared tells that it is for many versions. Then it has a board.
	shared bool
	// memory is how many bytes it may use.
	memory int64
	// crowded is called when there are so many bytes that one is to move out, with who has run most. Nil: nobody moves.
	crowded func(*process)
}

// head keeps the beginning of what is written, where Go says what was fatal.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

const maxHead = 16 << 10

func (h *head) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if left := maxHead - h.text.Len(); left > 0 {
		h.text.Write(p[:min(left, len(p))])
	}
	return len(p), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// kept are the variables that a worker keeps of the host's environment: what connections need. None is a secret, save where
// the address of a proxy has one.
func kept() []string {
	env := []string{"GOTRACEBACK=none"}
	for _, name := range []string{
		"SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "ZONEINFO", "SYSTEMROOT", "GOCOVERDIR", "GORACE",
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "REQUEST_METHOD",
	} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// build starts a process, in which nobody is yet, and which has no use yet: see [house.take].
func build(command []string, waits waits, isNoted bool) (*house, error) {
	h := &house{
		stderr: &head{}, gone: make(chan struct{}), over: make(chan struct{}), waits: waits, rooms: map[uint32]*process{},
		stirred: make(chan struct{}, 1),
	}
	h.cmd = exec.Command(command[0], command[1:]...) //nolint:noctx // it ends with the version, which no context has
	h.cmd.Env, h.cmd.Dir, h.cmd.Stderr = kept(), os.TempDir(), h.stderr
	h.cmd.WaitDelay = time.Second
	bind(h.cmd)
	if err := h.start(isNoted); err != nil {
		if h.board != nil {
			_ = h.board.Close() // nothing was written
		}
		return nil, fmt.Errorf("start a worker process: %w", err)
	}
	return h, nil
}

func (h *house) start(isNoted bool) (err error) {
	if isNoted {
		if h.board, h.descriptor, err = newBoard(h.cmd); err != nil {
			return err
		}
	}
	stdin, err := h.cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := h.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	h.stdin = stdin
	h.conn = wire.NewConn(direct(stdout), h.patience(stdin))
	started := make(chan error, 1)
	said := make(chan struct{})
	go h.attend(started, said)
	if err := <-started; err != nil {
		return err
	}
	go func() {
		defer close(said)
		h.listen()
	}()
	return nil
}

// take puts the process to a use. It is called once, before anybody is let in.
func (h *house) take(u use) {
	h.mu.Lock()
	h.use = u
	h.mu.Unlock()
	h.cell.bound(u.memory, u.shared)
	go h.watch()
}

// open lets a version in; nil: it is too late for that. hear is called with what it says, on one goroutine.
func (h *house) open(plugin string, hear func(*process, frame) bool, move func(why string)) *process {
	p := &process{
		house: h, plugin: plugin, hear: hear, move: move, frames: make(chan frame, 16), gone: make(chan struct{}), held: map[string]bool{},
	}
	p.talks, p.silent = context.WithCancel(context.Background())
	h.mu.Lock()
	h.last++
	p.channel = h.last
	p.conn = h.conn.Channel(p.channel)
	late := h.closed
	if !late {
		h.rooms[p.channel] = p
	}
	h.mu.Unlock()
	if !late {
		return p
	}
	p.hush()
	if h.shared {
		return nil
	}
	go func() {
		<-h.gone
		close(p.gone)
	}()
	return p
}

// listen reads what the process says, until it says nothing more.
func (h *house) listen() {
	defer func() {
		h.mu.Lock()
		h.closed = true
		rooms := slices.Collect(maps.Values(h.rooms))
		h.mu.Unlock()
		for _, p := range rooms {
			p.hush()
		}
	}()
	for {
		channel, kind, body, err := h.conn.Receive()
		if err != nil {
			if errors.Is(err, wire.ErrFrame) {
				h.kill(nil, "it broke the protocol: "+err.Error())
			}
			return
		}
		if kind == wire.Ready {
			if len(body) != 1 || body[0] != wire.Version {
				h.kill(nil, "it broke the protocol: it has another version")
				return
			}
			continue
		}
		h.mu.Lock()
		p := h.rooms[channel]
		h.mu.Unlock()
		if p == nil {
			continue // it has left
		}
		if !p.hear(p, frame{kind, body}) {
			p.house.kill(p, "it broke the protocol")
			return
		}
		if kind == wire.Line || kind == wire.SaidLines {
			h.conn.Reuse(body)
		}
		if kind == wire.Retired {
			h.leave(p)
		}
	}
}

// leave lets a version out: the last one ends the process that it had for itself.
func (h *house) leave(p *process) {
	if !h.shared {
		_ = h.stdin.Close() // it ends by itself then
		return
	}
	h.mu.Lock()
	delete(h.rooms, p.channel)
	h.mu.Unlock()
	p.hush()
	go func() {
		p.calls.Wait()
		close(p.gone)
	}()
}

// attend starts the process and waits for its end, on one thread: the system ends the process with that.
func (h *house) attend(started chan<- error, said <-chan struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := h.cmd.Start()
	if err == nil {
		h.cell = enclose(h.cmd.Process)
		defer h.cell.open()
	}
	started <- err
	if err != nil {
		return
	}
	<-said // all that it has said is read before its pipe is closed
	alarm := time.AfterFunc(h.waits.leave, func() { h.kill(nil, "it said nothing more, and did not end") })
	_ = h.stdin.Close()
	_ = h.cmd.Wait()
	alarm.Stop()
	close(h.over)
	h.state = h.cmd.ProcessState
	h.mu.Lock()
	rooms, culprit, shared := slices.Collect(maps.Values(h.rooms)), h.culprit, h.shared
	h.mu.Unlock()
	if shared {
		h.final = h.readBoard()
	}
	if h.board != nil {
		_ = h.board.Close() // all was read
	}
	close(h.gone)
	for _, p := range rooms {
		switch {
		case !shared || culprit == p:
		case culprit == nil && h.lastOf(p.channel) == wire.Runs:
			p.fate = suspect
		default:
			p.fate = innocent
			p.unsettled = h.lastOf(p.channel) != wire.AtRest
		}
		go func() {
			p.calls.Wait()
			close(p.gone)
		}()
	}
}

// direct is the end of a pipe that costs least.
func direct(from io.Reader) io.Reader {
	if f, ok := from.(*os.File); ok {
		if p, ok := wire.NewPipe(f); ok {
			return p
		}
	}
	return from
}

// patience returns what writes to the process, and ends it when it does not read.
func (h *house) patience(to io.Writer) io.Writer {
	i := impatient{h, to}
	if f, ok := to.(*os.File); ok {
		if p, ok := wire.NewPipe(f); ok {
			p.Full = i.wait
			return stirring{h, p}
		}
	}
	return stirring{h, i}
}

// impatient writes to a process, and ends it when it does not read.
type impatient struct {
	h  *house
	to io.Writer
}

func (i impatient) Write(text []byte) (int, error) {
	defer i.wait()()
	return i.to.Write(text)
}

// wait begins to wait until the process reads, and returns how to end that.
func (i impatient) wait() (end func()) {
	alarm := time.AfterFunc(i.h.waits.listen, func() {
		i.h.kill(nil, fmt.Sprintf("it did not read what it was told within %s", i.h.waits.listen))
	})
	return func() { alarm.Stop() }
}

// stirring writes to a process, and lets its memory be looked at more often meanwhile.
type stirring struct {
	h  *house
	to io.Writer
}

func (s stirring) Write(text []byte) (int, error) {
	if s.h.calm.Load() && s.h.calm.CompareAndSwap(true, false) {
		select {
		case s.h.stirred <- struct{}{}:
		default: // it has not been taken yet
		}
	}
	return s.to.Write(text)
}

// wasShot tells whether somebody else has killed the process, such as a system that is short of memory; call it when it is gone.
func (h *house) wasShot() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	status, ok := h.state.Sys().(syscall.WaitStatus)
	return ok && h.why == "" && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// reason says what ended the process, for people; call it when it is gone.
func (h *house) reason() string {
	h.mu.Lock()
	why := h.why
	h.mu.Unlock()
	text := h.stderr.String()
	switch {
	case why != "":
		return why
	case strings.Contains(text, "stack overflow") || strings.Contains(text, "goroutine stack exceeds"):
		return "stack overflow: something nests too deep for it"
	case strings.Contains(text, "out of memory") || strings.Contains(text, "cannot allocate memory"):
		return fmt.Sprintf("out of memory: it may use %d MB", h.memory>>20)
	}
	if first, _, _ := strings.Cut(strings.TrimSpace(text), "\n"); first != "" {
		return h.state.String() + ": " + first
	}
	return h.state.String()
}
