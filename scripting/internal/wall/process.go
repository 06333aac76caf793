package wall

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"trackhook/scripting/internal/wire"
)

// process is one worker process.
type process struct {
	cmd    *exec.Cmd
	conn   *wire.Conn
	stdin  io.Closer
	stderr *head
	// frames get what it says that is no call and no line. Closed when it says nothing more.
	frames chan frame
	// gone is closed when it has ended.
	gone chan struct{}

	mu  sync.Mutex
	why string // guarded by mu: why the host has ended it; empty: it did not
	// state and ending are how it ended, once gone is closed.
	state  *os.ProcessState
	memory int64
	held   map[string]bool // the locks that it has; guarded by mu
	calls  sync.WaitGroup
	asked  int // calls in hand, and their bytes; guarded by mu
	bytes  int
	// unstored tells that what it has stored last could not be kept.
	unstored atomic.Bool
	waits    waits
	// talks ends when it says nothing more.
	talks  context.Context //nolint:containedctx // its life, which no single call owns
	silent context.CancelFunc
}

type frame struct {
	kind wire.Kind
	body []byte
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

// kept are the variables that a worker keeps of the host's environment: none is a secret.
func kept() []string {
	env := []string{"GOTRACEBACK=none"}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "ZONEINFO", "SYSTEMROOT", "GOCOVERDIR", "GORACE"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// memoryPause is how often the memory of a process is looked at.
const memoryPause = 200 * time.Millisecond

// spawn starts a process. hear is called with what it says, on one goroutine.
func spawn(command []string, memory int64, waits waits, hear func(*process, frame) bool) (*process, error) {
	p := &process{
		stderr: &head{}, frames: make(chan frame, 16), gone: make(chan struct{}), memory: memory, held: map[string]bool{}, waits: waits,
	}
	p.cmd = exec.Command(command[0], command[1:]...) //nolint:noctx // it ends with the version, which no context has
	p.cmd.Env, p.cmd.Dir, p.cmd.Stderr = kept(), os.TempDir(), p.stderr
	p.cmd.WaitDelay = time.Second
	bind(p.cmd)
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a worker process: %w", err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a worker process: %w", err)
	}
	p.stdin, p.conn = stdin, wire.NewConn(stdout, impatient{p, stdin})
	p.talks, p.silent = context.WithCancel(context.Background())
	started := make(chan error, 1)
	said := make(chan struct{})
	go p.attend(started, said)
	if err := <-started; err != nil {
		p.silent()
		return nil, fmt.Errorf("start a worker process: %w", err)
	}
	go func() {
		defer close(said)
		defer close(p.frames)
		defer p.silent()
		for {
			kind, body, err := p.conn.Receive()
			if err != nil {
				if errors.Is(err, wire.ErrFrame) {
					p.kill("it broke the protocol: " + err.Error())
				}
				return
			}
			if !hear(p, frame{kind, body}) {
				p.kill("it broke the protocol")
				return
			}
		}
	}()
	return p, nil
}

// attend starts the process and waits for its end, on one thread: the system ends the process with that.
func (p *process) attend(started chan<- error, said <-chan struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	watched := make(chan struct{})
	go p.watch(watched)
	<-said // all that it has said is read before its pipe is closed
	alarm := time.AfterFunc(p.waits.leave, func() { p.kill("it said nothing more, and did not end") })
	_ = p.stdin.Close()
	_ = p.cmd.Wait()
	alarm.Stop()
	close(watched)
	p.state = p.cmd.ProcessState
	p.calls.Wait()
	close(p.gone)
}

// impatient writes to a process, and ends it when it does not read.
type impatient struct {
	p  *process
	to io.Writer
}

func (i impatient) Write(text []byte) (int, error) {
	alarm := time.AfterFunc(i.p.waits.listen, func() { i.p.kill(fmt.Sprintf("it did not read what it was told within %s", i.p.waits.listen)) })
	defer alarm.Stop()
	return i.to.Write(text)
}

const (
	// maxCalls is how many calls of a process may be in hand, and maxAsked how many bytes they may have beside the first.
	maxCalls = 256
	maxAsked = wire.MaxFrame
)

// asks counts a call of so many bytes. False: there are too many.
func (p *process) asks(size int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked > 0 && (p.asked >= maxCalls || p.bytes+size > maxAsked) {
		return false
	}
	p.asked++
	p.bytes += size
	return true
}

// answered takes a call back.
func (p *process) answered(size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked--
	p.bytes -= size
}

// watch ends the process when it has more memory than it may have.
func (p *process) watch(over <-chan struct{}) {
	ticker := time.NewTicker(memoryPause)
	defer ticker.Stop()
	for p.memory > 0 {
		select {
		case <-over:
			return
		case <-ticker.C:
			if residentOf(p.cmd.Process.Pid) > p.memory {
				p.kill(fmt.Sprintf("it used more than %d MB of memory", p.memory>>20))
			}
		}
	}
}

// kill ends the process. The first reason counts; an empty one is for an end that is no death.
func (p *process) kill(why string) {
	p.mu.Lock()
	if p.why == "" {
		p.why = why
	}
	p.mu.Unlock()
	_ = p.cmd.Process.Kill() // it has ended already otherwise
}

// reason says what ended the process, for people; call it when it is gone.
func (p *process) reason() string {
	p.mu.Lock()
	why := p.why
	p.mu.Unlock()
	text := p.stderr.String()
	switch {
	case why != "":
		return why
	case strings.Contains(text, "stack overflow") || strings.Contains(text, "goroutine stack exceeds"):
		return "stack overflow: something nests too deep for it"
	case strings.Contains(text, "out of memory") || strings.Contains(text, "cannot allocate memory"):
		return fmt.Sprintf("out of memory: it may use %d MB", p.memory>>20)
	}
	if first, _, _ := strings.Cut(strings.TrimSpace(text), "\n"); first != "" {
		return p.state.String() + ": " + first
	}
	return p.state.String()
}
