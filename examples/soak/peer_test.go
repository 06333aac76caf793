package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine/proctest"
)

// asPeer makes the test binary the server of a benchmark instead of running tests.
const asPeer = "TRACKHOOK_SOAK_PEER"

func TestMain(m *testing.M) {
	var be func() error
	switch to := os.Getenv(keepAs); {
	case to != "":
		be = func() error { return keep(to) }
	case os.Getenv(asPeer) != "":
		be = servePeer
	default:
		os.Exit(m.Run())
	}
	if err := be(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// servePeer takes every request with net/http, says where on the standard output, and ends with the standard input.
func servePeer() error {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"status":"OK"}`)
	})}
	fmt.Println("http://" + listener.Addr().String())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	_ = server.Serve(listener) // it ends by Close
	return nil
}

// peer is a server in a process of its own, so that its processor time can be told from that of what is measured.
type peer struct {
	url string
	pid int
}

// startPeer starts one that ends with the benchmark.
func startPeer(b *testing.B) peer {
	b.Helper()
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	server := exec.CommandContext(b.Context(), program)
	server.Env, server.Stderr = append(os.Environ(), asPeer+"=1"), os.Stderr
	end, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	said, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = end.Close()
		_ = server.Wait() // the context of a benchmark is over by now, and may have killed it
	})
	url, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return peer{url: strings.TrimSpace(url), pid: server.Process.Pid}
}

// cpu is the processor time of its process.
func (p peer) cpu() time.Duration { return proctest.CPU(strconv.Itoa(p.pid)) }
