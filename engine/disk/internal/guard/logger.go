package guard

import (
	"fmt"

	"github.com/rs/zerolog"
)

// Logger passes on what Pebble logs. It implements pebble.Logger.
type Logger struct{ log zerolog.Logger }

// NewLogger passes on to log, each message with "storage: " before it.
func NewLogger(log zerolog.Logger) Logger { return Logger{log: log} }

// Infof logs at debug level: what is news to Pebble is detail to us.
func (l Logger) Infof(format string, args ...any) {
	if e := l.log.Debug(); e.Enabled() {
		e.Msg("storage: " + fmt.Sprintf(format, args...))
	}
}

// Errorf logs an error.
func (l Logger) Errorf(format string, args ...any) {
	l.log.Error().Msg("storage: " + fmt.Sprintf(format, args...))
}

// Fatalf logs an error and returns, where Pebble's own logger ends the process. After a failed write that is safe,
// because [FS] has frozen the disk by then. What is left is a violation of Pebble's own invariants: it panics or returns
// an error soon after.
func (l Logger) Fatalf(format string, args ...any) {
	l.log.Error().Msg("storage: fatal: " + fmt.Sprintf(format, args...))
}
