package worker

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/elastic/go-seccomp-bpf/arch"

	"trackhook/scripting/internal/wire"
)

// attempts are what a confined process tries, and how that ended; empty: it worked.
type attempts struct {
	Walls              []string
	Read, Write        string
	Run, Listen        string
	Name, Zone, Trust  string
	ReadOnOtherThreads []string
}

func text(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

// beConfined is what the process of the test does.
func beConfined(dir string) {
	var a attempts
	a.Walls = confine(readable())
	read := func() error {
		_, err := os.ReadFile(filepath.Join(dir, "secret"))
		return err
	}
	a.Read = text(read())
	a.Write = text(os.WriteFile(filepath.Join(dir, "written"), nil, 0o600))
	_, err := syscall.ForkExec("/usr/bin/env", []string{"env"}, nil)
	a.Run = text(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if a.Listen = text(err); err == nil {
		_ = l.Close()
	}
	_, err = net.LookupHost("localhost")
	a.Name = text(err)
	_, err = time.LoadLocation("Europe/Berlin")
	a.Zone = text(err)
	_, err = x509.SystemCertPool()
	a.Trust = text(err)
	var all sync.WaitGroup
	a.ReadOnOtherThreads = make([]string, 4)
	for i := range a.ReadOnOtherThreads {
		all.Go(func() {
			runtime.LockOSThread()
			a.ReadOnOtherThreads[i] = text(read())
		})
	}
	all.Wait()
	if err := json.NewEncoder(os.Stdout).Encode(&a); err != nil {
		panic(err)
	}
}

// A process that is confined reaches no files, runs nothing and listens nowhere, on any thread, and does what fetch and Date
// need all the same.
func TestConfined(t *testing.T) {
	if dir := os.Getenv("CONFINED_TO_NOTHING_OF"); dir != "" {
		beConfined(dir)
		os.Exit(0)
	}
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestConfined$")
	cmd.Env = append(os.Environ(), "CONFINED_TO_NOTHING_OF="+dir)
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("%v: %s", err, exit.Stderr)
	}
	var got attempts
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	t.Logf("%+v", got)
	if got.Name != "" || got.Zone != "" || got.Trust != "" {
		t.Errorf("it cannot do what scripts need: %+v", got)
	}
	if slices.Contains(got.Walls, wire.FilesWall) {
		for _, outcome := range append(got.ReadOnOtherThreads, got.Read, got.Write) {
			if outcome == "" {
				t.Error("it reached a file")
			}
		}
	}
	if slices.Contains(got.Walls, wire.SystemCallsWall) && (got.Run == "" || got.Listen == "") {
		t.Error("it ran a program, or listens")
	}
	if len(got.Walls) < 2 {
		t.Skipf("this kernel, or what runs this test, has %q only of files and system_calls", got.Walls)
	}
}

// A name that an architecture lacks would leave the whole filter out.
func TestForbiddenCallsExist(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"amd64", "arm64"} {
		info, err := arch.GetInfo(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range forbidden() {
			if _, ok := info.SyscallNames[call]; !ok {
				t.Errorf("%s has no %s", name, call)
			}
		}
	}
}
