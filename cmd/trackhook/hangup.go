package main

import (
	"os"
	"os/signal"
	"syscall"
)

// hangups is where `trackhook run` hears of SIGHUP. Use [catchHangups].
type hangups struct {
	signals chan os.Signal
	// reload receives when the configuration is to be read again.
	reload chan os.Signal
	// attended tells that there was a terminal at the start, and nobody has said with nohup that it may go.
	attended bool
	// terminal tells whether there is one now.
	terminal func() bool
}

// catchHangups keeps SIGHUP from ending the process from now on. Those that come before follow is called are not lost.
// Call signal.Stop on its channel at the end of the command.
func catchHangups() *hangups {
	ignored := signal.Ignored(syscall.SIGHUP)
	h := &hangups{signals: make(chan os.Signal, 1), reload: make(chan os.Signal, 1), terminal: hasTerminal}
	h.attended = !ignored && hasTerminal()
	signal.Notify(h.signals, syscall.SIGHUP)
	return h
}

// follow passes signals on until over is closed. SIGHUP is also what a process is sent when its terminal is closed: nobody
// would see it any more, nor find out why its port is taken, so then gone is called instead.
func (h *hangups) follow(over <-chan struct{}, gone func()) {
	for {
		select {
		case <-over:
			return
		case s := <-h.signals:
			if h.attended && !h.terminal() {
				gone()
				continue
			}
			select {
			case h.reload <- s:
			default: // one is waiting already
			}
		}
	}
}

// hasTerminal tells whether the process has a terminal that it is controlled from.
func hasTerminal() bool {
	terminal, err := os.Open("/dev/tty") // there is none on Windows, and no SIGHUP either
	if err != nil {
		return false
	}
	_ = terminal.Close()
	return true
}
