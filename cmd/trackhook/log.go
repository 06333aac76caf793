package main

import (
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
)

// newLog makes the logger that everything writes to. format is auto, console or json: auto is console on a terminal.
func newLog(out io.Writer, format, level string) (zerolog.Logger, error) {
	if err := config.OneOf(level, config.LogLevels()); err != nil {
		return zerolog.Nop(), usageError{fmt.Errorf("--log-level: %w", err)}
	}
	if err := config.OneOf(format, config.LogFormats()); err != nil {
		return zerolog.Nop(), usageError{fmt.Errorf("--log-format: %w", err)}
	}
	parsed, err := zerolog.ParseLevel(level)
	if err != nil {
		return zerolog.Nop(), err
	}
	switch format {
	case "auto":
		if isTerminal(out) {
			out = console(out)
		}
	case "console":
		out = console(out)
	}
	// Lines come from many goroutines; ConsoleWriter and files want one at a time.
	return zerolog.New(zerolog.SyncWriter(out)).Level(parsed).With().Timestamp().Logger(), nil
}

func console(out io.Writer) io.Writer {
	return zerolog.ConsoleWriter{
		Out: out, NoColor: !colored(out), TimeFormat: time.TimeOnly,
		// What people look for comes first; what only machines tell apart stays in the JSON.
		FieldsOrder: []string{"plugin", "version"}, FieldsExclude: []string{"component", "registered", "caret"},
	}
}
