package main

import (
	"net"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

func cmdManager(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: manager NAME")
	}
	dir, err := os.MkdirTemp("", "n") // paths of sockets are short
	ts.Check(err)
	path := dir + "/s"
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	ts.Check(err)
	p := &proc{log: ts.MkAbs(args[0] + ".log"), done: make(chan struct{})}
	log, err := os.Create(p.log)
	ts.Check(err)
	go func() {
		defer close(p.done)
		defer log.Close()
		for text := make([]byte, 4096); ; {
			n, err := socket.Read(text)
			if err != nil {
				return
			}
			_, _ = log.WriteString(strings.ReplaceAll(string(text[:n]), "\n", " ") + "\n")
		}
	}()
	ts.Defer(func() {
		_ = socket.Close()
		<-p.done
		_ = os.RemoveAll(dir)
	})
	procs(ts.Value("procs"))[args[0]] = p
	ts.Setenv("NOTIFY_SOCKET", path)
}
