package notify_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"trackhook/cmd/trackhook/internal/notify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// manager listens as a service manager does, and returns what it is told.
func manager(t *testing.T, environment map[string]string) (*notify.Manager, func() string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no datagram sockets with paths, and its managers speak otherwise")
	}
	dir, err := os.MkdirTemp("", "n") //nolint:usetesting // paths of sockets are short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "s"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	m, err := notify.New(func(name string) (string, bool) {
		if name == "NOTIFY_SOCKET" {
			return filepath.Join(dir, "s"), true
		}
		value, ok := environment[name]
		return value, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	return m, func() string {
		text := make([]byte, 1000)
		n, err := socket.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		return string(text[:n])
	}
}

func TestManagerIsTold(t *testing.T) {
	m, told := manager(t, nil)
	m.Ready("listening")
	if got := told(); got != "READY=1\nSTATUS=listening" {
		t.Errorf("told %q", got)
	}
	before := monotonic(t)
	m.Reloading()
	if got := told(); runtime.GOOS != "linux" {
		if got != "RELOADING=1\nSTATUS=reading the configuration again" {
			t.Errorf("told %q", got)
		}
	} else {
		at, ok := strings.CutPrefix(got, "RELOADING=1\nSTATUS=reading the configuration again\nMONOTONIC_USEC=")
		micros, err := strconv.ParseInt(at, 10, 64)
		if !ok || err != nil || micros < before || micros > monotonic(t) {
			t.Errorf("told %q after %d by the same clock (%v)", got, before, err)
		}
	}
	m.Ready("not reloaded:\nREADY=0")
	if got := told(); got != "READY=1\nSTATUS=not reloaded: READY=0" {
		t.Errorf("told %q", got)
	}
	m.Stopping()
	if got := told(); !strings.HasPrefix(got, "STOPPING=1\n") {
		t.Errorf("told %q", got)
	}
	m.Watch(func(context.Context) { t.Error("nobody asked for signs of life") })()
}

// TestWatch gives signs of life, twice in the time that the manager waits, until what it watches hangs.
func TestWatch(t *testing.T) {
	const patience = 30 * time.Second
	m, told := manager(t, map[string]string{
		"WATCHDOG_USEC": strconv.FormatInt(patience.Microseconds(), 10), "WATCHDOG_PID": strconv.Itoa(os.Getpid()),
	})
	synctest.Test(t, func(t *testing.T) {
		hangs := make(chan struct{})
		var calls []time.Time
		stop := m.Watch(func(ctx context.Context) {
			if calls = append(calls, time.Now()); len(calls) == 4 {
				close(hangs)
				<-ctx.Done()
			}
		})
		<-hangs
		stop()
		for i, at := range calls[1:] {
			if gap := at.Sub(calls[i]); gap != patience/2 {
				t.Errorf("sign of life %d comes after %v, want %v", i+1, gap, patience/2)
			}
		}
	})
	m.Stopping()
	for range 3 {
		if got := told(); got != "WATCHDOG=1" {
			t.Errorf("told %q", got)
		}
	}
	if got := told(); !strings.HasPrefix(got, "STOPPING=1") {
		t.Errorf("told %q after it hung", got)
	}
}

func TestManagerThatIsNotThere(t *testing.T) {
	none, err := notify.New(func(string) (string, bool) { return "", false })
	if none != nil || err != nil {
		t.Errorf("%v, %v", none, err)
	}
	none.Ready("nobody hears it")
	none.Reloading()
	none.Stopping()
	none.Watch(nil)()
	gone, err := notify.New(func(name string) (string, bool) {
		return filepath.Join(t.TempDir(), "gone"), name == "NOTIFY_SOCKET"
	})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	gone.Ready("nobody hears it")
	if took := time.Since(began); took > time.Minute {
		t.Errorf("telling nobody took %v", took)
	}
}

func TestStrangeEnvironment(t *testing.T) {
	for _, environment := range []map[string]string{
		{"NOTIFY_SOCKET": "vsock:1:2"},
		{"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "soon"},
		{"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "-1"},
		{"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "9223372036854775807"},
	} {
		_, err := notify.New(func(name string) (string, bool) {
			value, ok := environment[name]
			return value, ok
		})
		if err == nil {
			t.Errorf("%v is taken", environment)
		}
	}
}
