package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
)

// newLog makes the logger that everything writes to. format is auto, console or json: auto is console on a terminal.
func newLog(out io.Writer, format, level string) (zerolog.Logger, error) {
	parsed, err := zerolog.ParseLevel(level)
	if err != nil || level == "" {
		return zerolog.Nop(), usageError{fmt.Errorf("log level %q is not one of debug, info, warn, error, disabled", level)}
	}
	switch format {
	case "auto":
		if isTerminal(out) {
			out = console(out, os.Getenv("NO_COLOR") != "")
		}
	case "console":
		out = console(out, !isTerminal(out) || os.Getenv("NO_COLOR") != "")
	case "json":
	default:
		return zerolog.Nop(), usageError{fmt.Errorf("log format %q is not one of auto, console, json", format)}
	}
	// Lines come from many goroutines; ConsoleWriter and files want one at a time.
	return zerolog.New(zerolog.SyncWriter(out)).Level(parsed).With().Timestamp().Logger(), nil
}

func console(out io.Writer, plain bool) io.Writer {
	return zerolog.ConsoleWriter{
		Out: out, NoColor: plain, TimeFormat: time.TimeOnly,
		// What people look for comes first; what only machines tell apart stays in the JSON.
		FieldsOrder: []string{"plugin", "version"}, FieldsExclude: []string{"component", "registered", "caret"},
	}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
