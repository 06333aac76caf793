package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"trackhook/cmd/trackhook/internal/terminal"
)

// Signals that come as close together as this are one: timeout(1) and some supervisors signal the process and its group.
const sameSignal = 250 * time.Millisecond

// untilSignal returns a context that ends with the first SIGINT or SIGTERM. The second one ends the process at once:
// what is in flight is then sent again by the next start. Call the function that it returns when the command is over.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		select {
		case <-signals:
			cancel()
		case <-over:
			return
		}
		first := time.Now()
		for {
			select {
			case <-signals:
				if time.Since(first) > sameSignal {
					say("trackhook: second signal, stopping at once; everything accepted is on disk")
					os.Exit(exitFailure)
				}
			case <-over:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}

// say writes a last line to stderr, and does not wait long for somebody to read it.
func say(line string) {
	queue := newLogQueue(os.Stderr)
	_, _ = queue.Write([]byte(terminal.Visible(line) + "\n"))
	queue.close()
}
