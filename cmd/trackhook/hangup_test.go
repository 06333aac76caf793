package main

import (
	"os"
	"syscall"
	"testing"
)

// A hangup reloads, unless it comes because the terminal has gone.
func TestHangups(t *testing.T) {
	for _, row := range []struct{ attended, terminal, reloads bool }{
		{false, false, true}, // a service, or nohup
		{true, true, true},
		{true, false, false},
	} {
		h := &hangups{
			signals: make(chan os.Signal), reload: make(chan os.Signal, 1), attended: row.attended,
			terminal: func() bool { return row.terminal },
		}
		over, ended, gone := make(chan struct{}), make(chan struct{}), 0
		go func() {
			defer close(ended)
			h.follow(over, func() { gone++ })
		}()
		for range 3 {
			h.signals <- syscall.SIGHUP
		}
		close(over)
		<-ended
		if got := len(h.reload) > 0; got != row.reloads || (gone > 0) == row.reloads {
			t.Errorf("%+v: reloads %t, gone %d times", row, got, gone)
		}
	}
}
