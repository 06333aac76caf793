// Package notify tells the service manager that started the process what it is doing: systemd, with Type=notify in the unit,
// or another one that speaks its protocol.
//
//	manager, err := notify.New(os.LookupEnv)
//	manager.Ready("listening at http://127.0.0.1:8787")
//	stop := manager.Watch(alive)
//
// A manager that is nil, because none asked, is told nothing.
//
// # Concurrency
//
// All methods may be called by many goroutines at once. [Manager.Watch] starts a goroutine, which the function that it
// returns ends and waits for.
package notify

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Manager is the service manager. Made by [New].
type Manager struct {
	socket *net.UnixAddr
	// patience is how long the manager waits for a sign of life; 0: it does not.
	patience time.Duration
}

// New finds the manager in the environment, by NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which lookup finds as
// [os.LookupEnv] does. It returns nil when none asked to be told.
func New(lookup func(string) (string, bool)) (*Manager, error) {
	path, _ := lookup("NOTIFY_SOCKET")
	if path == "" {
		return nil, nil //nolint:nilnil // nobody asked: no mistake
	}
	if path[0] != '/' && path[0] != '@' {
		return nil, fmt.Errorf("NOTIFY_SOCKET must be a path or begin with @, and is %q", path)
	}
	m := &Manager{socket: &net.UnixAddr{Name: path, Net: "unixgram"}}
	if pid, ok := lookup("WATCHDOG_PID"); ok && pid != strconv.Itoa(os.Getpid()) {
		return m, nil // it waits for another process
	}
	text, ok := lookup("WATCHDOG_USEC")
	if !ok || text == "" {
		return m, nil
	}
	micros, err := strconv.ParseInt(text, 10, 64)
	if err != nil || micros <= 0 || micros > int64(time.Duration(1<<62)/time.Microsecond) {
		return nil, fmt.Errorf("WATCHDOG_USEC must be a number of microseconds, and is %q", text)
	}
	m.patience = time.Duration(micros) * time.Microsecond
	return m, nil
}

// tell sends one message. That the manager does not hear it is for the manager to notice.
func (m *Manager) tell(lines ...string) {
	if m == nil {
		return
	}
	conn, err := net.DialUnix(m.socket.Net, nil, m.socket)
	if err != nil {
		return
	}
	// A manager that hangs must not hold up what tells it.
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = conn.Write([]byte(strings.Join(lines, "\n")))
	_ = conn.Close() // nothing is kept back in a datagram socket
}

// Ready says that the process has started up, or has read its configuration again, and in words what it does.
func (m *Manager) Ready(status string) { m.tell("READY=1", "STATUS="+oneLine(status)) }

// Reloading says that the process has begun to read its configuration again. Call [Manager.Ready] when that is over,
// whatever came of it: until then systemd holds the service to be reloading, and with Type=notify-reload waits.
func (m *Manager) Reloading() {
	lines := []string{"RELOADING=1", "STATUS=reading the configuration again"}
	if line, ok := now(); ok {
		lines = append(lines, line)
	}
	m.tell(lines...)
}

// Stopping says that the process has begun to end.
func (m *Manager) Stopping() { m.tell("STOPPING=1", "STATUS=finishing what is in flight") }

// Watch gives signs of life, twice as often as the manager asks for, while alive returns in that time: one that hangs ends
// them, and then the manager ends the process. What it returns does not matter. Call stop at the end.
func (m *Manager) Watch(alive func(context.Context)) (stop func()) {
	if m == nil || m.patience == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		often := time.NewTicker(m.patience / 2)
		defer often.Stop()
		for {
			alive(ctx)
			if ctx.Err() != nil {
				return
			}
			m.tell("WATCHDOG=1")
			select {
			case <-often.C:
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// oneLine keeps a text from being taken for more than one assignment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
