package main

import (
	"fmt"
	"io"
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
			out = console(out)
		}
	case "console":
		out = console(out)
	case "json":
	default:
		return zerolog.Nop(), usageError{fmt.Errorf("log format %q is not one of auto, console, json", format)}
	}
	// Lines come from many goroutines; ConsoleWriter and files want one at a time.
	return zerolog.New(zerolog.SyncWriter(out)).Level(parsed).With().Timestamp().Logger(), nil
}

// showControls makes visible what would steer a terminal in the message of a line, which may be what a script prints; the
// writer quotes the other fields. JSON has it escaped anyway.
func showControls(line map[string]any) error {
	if message, ok := line[zerolog.MessageFieldName].(string); ok {
		line[zerolog.MessageFieldName] = visible(message)
	}
	return nil
}

func console(out io.Writer) io.Writer {
	return zerolog.ConsoleWriter{
		Out: out, NoColor: !colored(out), TimeFormat: time.TimeOnly,
		// What people look for comes first; what only machines tell apart stays in the JSON.
		FormatPrepare: showControls,
		FieldsOrder:   []string{"plugin", "version"}, FieldsExclude: []string{"component", "registered", "caret"},
	}
}
