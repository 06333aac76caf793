//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestPages runs testdata/pages/*.txtar, which execute the blocks of the pages as they are written, in the shell. There are
// the commands of TestScripts, and:
//
//	page PATH               what follows is about this page
//	block NAME [&PROC]      execute a block of shell, or start it in the background as PROC
//	shows NAME [PROC [N]]   the text block is what was just printed, or what PROC prints next: all of it, or line N
//	save NAME [FILE]        write a block to a file of its name, or to FILE
//
// The environment sends what runs to ports of its own: trackhook reads variables, and curl its configuration file. `go run
// ./cmd/trackhook` runs the binary under test.
func TestPages(t *testing.T) {
	if testing.Short() {
		t.Skip("scripts start the binary; leave out -short to run them")
	}
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil && os.Getenv("TRACKHOOK_LONG") == "" {
			t.Skipf("the pages call %s, which is not on this machine", program)
		}
	}
	all := map[string]block{}
	for _, b := range blocks(t) {
		all[b.String()] = b
	}
	ofPage := func(ts *testscript.TestScript, name string) block {
		b, known := all[ts.Getenv("PAGE")+" "+name]
		if !known {
			ts.Fatalf("%s has no block %s", ts.Getenv("PAGE"), name)
		}
		return b
	}
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/pages",
		Setup: setupPage,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await": cmdAwait, "absent": cmdAbsent, "signal": cmdSignal, "ended": cmdEnded,
			"page": func(ts *testscript.TestScript, _ bool, args []string) { ts.Setenv("PAGE", args[0]) },
			"save": func(ts *testscript.TestScript, _ bool, args []string) {
				// A host that watches the folder never sees half of it.
				whole := ts.MkAbs(".saved")
				ts.Check(os.WriteFile(whole, []byte(ofPage(ts, args[0]).text), 0o600))
				ts.Check(os.Rename(whole, ts.MkAbs(args[len(args)-1])))
			},
			"block": func(ts *testscript.TestScript, neg bool, args []string) {
				text := "set -e\n" + ofPage(ts, args[0]).text
				if len(args) == 2 {
					startBlock(ts, strings.TrimPrefix(args[1], "&"), text)
				} else if err := ts.Exec("sh", "-c", text); (err != nil) != neg {
					ts.Fatalf("%s: %v", args[0], err)
				}
			},
			"shows": func(ts *testscript.TestScript, _ bool, args []string) {
				want := slices.Collect(strings.Lines(ofPage(ts, args[0]).text))
				switch len(args) {
				case 1:
					if got := ts.ReadFile("stdout"); got != strings.Join(want, "") {
						ts.Fatalf("%s shows\n%sand this was printed\n%s", args[0], strings.Join(want, ""), got)
					}
				case 2:
					awaitLines(ts, args[1], want)
				default:
					n, err := strconv.Atoi(args[2])
					ts.Check(err)
					awaitLines(ts, args[1], want[n-1:n])
				}
			},
		},
	})
}

// setupPage prepares what the commands of pages find.
func setupPage(env *testscript.Env) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	bin := filepath.Join(env.WorkDir, ".bin")
	command := filepath.Join(strings.Split(env.Getenv("PATH"), string(os.PathListSeparator))[0], "trackhook")
	for name, text := range map[string]string{
		// The process is to be known: the shell that started it passes no signal on.
		".bin/trackhook": "#!/bin/sh\necho $$ >\"$PID_FILE\"\nexec '" + command + "' \"$@\"\n",
		".bin/go":        "#!/bin/sh\n[ \"$1 $2\" = 'run ./cmd/trackhook' ] || { echo \"the tests of the pages know no go $*\" >&2; exit 1; }\nshift 2\nexec trackhook \"$@\"\n",
		".curlrc":        "connect-to = \"127.0.0.1:8787:127.0.0.1:" + port + "\"\nno-progress-meter\n",
	} {
		path := filepath.Join(env.WorkDir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil { //nolint:gosec // commands are to be executed
			return err
		}
	}
	for name, value := range map[string]string{
		"PATH": bin + string(os.PathListSeparator) + env.Getenv("PATH"), "HOME": env.WorkDir, "PID_FILE": os.DevNull,
		"TRACKHOOK_LISTEN": "127.0.0.1:" + port, "TRACKHOOK_HOST": "127.0.0.1:" + port, "TRACKHOOK_LOG_FORMAT": "console",
	} {
		env.Setenv(name, value)
	}
	return setup(env)
}

// startBlock starts a block that runs until it is stopped.
func startBlock(ts *testscript.TestScript, name, text string) {
	pidFile := ts.MkAbs(name + ".pid")
	cmd := exec.Command("sh", "-c", text) //nolint:gosec // the text of a page
	cmd.Env = append(environ(ts), "PID_FILE="+pidFile)
	p := background(ts, name, cmd)
	p.signal = func(signal os.Signal) error {
		text, err := os.ReadFile(pidFile)
		if err != nil {
			return err
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return err
		}
		number, ok := signal.(syscall.Signal)
		if !ok {
			return fmt.Errorf("%v is no signal of this system", signal)
		}
		return syscall.Kill(pid, number)
	}
}

// sameLine leaves out of a line what differs from run to run: times, ids, and where it ran.
func sameLine(line string) string {
	line = strings.TrimRight(line, "\r\n")
	for _, differs := range []struct{ pattern, same string }{
		{`^\d\d:\d\d:\d\d `, ""},
		{`took=\S+`, "took="},
		{`#code=\w+`, "#code="},
		{`path=\S+`, "path="},
		{`\b[0-9a-f]{32}\b`, "ID"},
		{`127\.0\.0\.1:\d+`, "127.0.0.1:PORT"},
	} {
		line = regexp.MustCompile(differs.pattern).ReplaceAllString(line, differs.same)
	}
	return line
}

// awaitLines waits until a process has printed the lines that a page shows, and nothing else between them. Lines of what goes
// on at the same time may come in another order.
func awaitLines(ts *testscript.TestScript, name string, shown []string) {
	p := find(ts, name)
	var wanted []string
	for _, line := range shown {
		wanted = append(wanted, sameLine(line))
	}
	deadline, tick := time.After(time.Minute), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(p.log)
		ts.Check(err)
		for line := range bytes.Lines(text[p.read : bytes.LastIndexByte(text, '\n')+1]) {
			p.read += len(line)
			i := slices.Index(wanted, sameLine(string(line)))
			if i < 0 {
				ts.Fatalf("%s printed %sand the page shows\n%s", name, line, strings.Join(shown, ""))
			}
			if wanted = slices.Delete(wanted, i, i+1); len(wanted) == 0 {
				return
			}
		}
		select {
		case <-p.done:
			ts.Fatalf("%s ended and has not printed %q; it said:\n%s", name, wanted, text)
		case <-deadline:
			ts.Fatalf("%s has not printed %q; it said:\n%s", name, wanted, text)
		case <-tick.C:
		}
	}
}
