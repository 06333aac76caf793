package main

import (
	"io"
	"os"
)

// The colors of terminals.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
	bold   = "1"
)

// paint colors a text when on is true.
func paint(on bool, code, text string) string {
	if !on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// colored tells whether the output is a terminal of somebody who likes colors.
func colored(out io.Writer) bool { return isTerminal(out) && os.Getenv("NO_COLOR") == "" }

// isTerminal tells whether an input or output is a terminal. The null device is a character device as well, and no person.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
