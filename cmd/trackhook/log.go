package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
)

// setLogLevel changes the least level that is logged to one of the words of the settings; others, which these do not let
// through, change nothing. It is the level of the process: one of a logger is copied into each that is made of it, and
// could not be changed any more.
func setLogLevel(word string) {
	if level, err := zerolog.ParseLevel(word); err == nil {
		zerolog.SetGlobalLevel(level)
	}
}

// newLog makes the logger that everything writes to. format is auto, console or json: auto is console on a terminal. Call
// flush at the end of the command. Neither the logger nor flush waits long for somebody who
// reads the log slowly or not at all.
func newLog(out io.Writer, format, level string) (log zerolog.Logger, flush func(), err error) {
	if err := config.OneOf(level, config.LogLevels()); err != nil {
		return log, nil, command.Usage(fmt.Errorf("--log-level: %w", err))
	}
	if err := config.OneOf(format, config.LogFormats()); err != nil {
		return log, nil, command.Usage(fmt.Errorf("--log-format: %w", err))
	}
	setLogLevel(level)
	// When the reader of the log goes away, the host goes on without one.
	signal.Ignore(syscall.SIGPIPE)
	regular := isRegular(out)
	if file, ok := out.(*os.File); ok && regular {
		appendTo(file)
	}
	if format == "console" || format == "auto" && terminal.IsTerminal(out) {
		out = consoleLog(out)
	}
	if format == "json" && terminal.IsTerminal(out) {
		out = shownJSON{out}
	}
	flush = func() {}
	if !regular {
		queue := newLogQueue(out)
		out, flush = queue, queue.close
	}
	return zerolog.New(out).Level(zerolog.DebugLevel).With().Timestamp().Logger(), flush, nil
}

// isRegular reports whether out is a file without a reader who could be waited for.
func isRegular(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular()
}

// shownJSON is a terminal that JSON is written to, line by line.
type shownJSON struct{ to io.Writer }

func (s shownJSON) Write(line []byte) (int, error) {
	if _, err := s.to.Write(terminal.VisibleJSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// showControls makes visible what would steer a terminal in the message of a line, which may be what a script prints; the
// writer quotes the other fields. JSON has it escaped anyway.
func showControls(line map[string]any) error {
	if message, ok := line[zerolog.MessageFieldName].(string); ok {
		line[zerolog.MessageFieldName] = terminal.Visible(message)
	}
	return nil
}

func consoleLog(out io.Writer) io.Writer {
	return zerolog.ConsoleWriter{
		Out: out, NoColor: !terminal.Colored(out), TimeFormat: time.TimeOnly,
		// What people look for comes first; what only machines tell apart stays in the JSON.
		FormatPrepare: showControls,
		FieldsOrder:   []string{"plugin", "version"}, FieldsExclude: []string{"component", "registered", "caret"},
	}
}
