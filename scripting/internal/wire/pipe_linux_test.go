package wire_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"
	"testing"

	"trackhook/scripting/internal/wire"
)

// pipe is a pipe of which the ends wait past the scheduler.
func pipe(t *testing.T) (in, out *wire.Pipe, from, to *os.File) {
	t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = from.Close(), to.Close() })
	in, ok := wire.NewPipe(from)
	if !ok {
		t.Fatal("no pipe")
	}
	out, ok = wire.NewPipe(to)
	if !ok {
		t.Fatal("no pipe")
	}
	return in, out, from, to
}

// What is written comes out, however much it is, and whoever wants to know is told that the other side takes its time.
func TestPipes(t *testing.T) {
	t.Parallel()
	in, out, _, to := pipe(t)
	full, gone := make(chan bool, 100), make(chan bool, 100)
	out.Full = func() func() {
		full <- true
		return func() { gone <- true }
	}
	if _, err := out.Write([]byte("a")); err != nil || len(full) > 0 {
		t.Error("it waits where there is room", err)
	}
	much := bytes.Repeat([]byte("0123456789"), 1<<17)
	written := make(chan error, 1)
	go func() {
		_, err := out.Write(much)
		_ = to.Close()
		written <- err
	}()
	<-full
	got, err := io.ReadAll(in)
	if err != nil || !bytes.Equal(got, append([]byte("a"), much...)) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if err := <-written; err != nil || len(gone) != 1 || len(full) != 0 {
		t.Errorf("%v; it was full %d times and had room again %d times", err, len(full), len(gone))
	}
}

func TestPipesThatClose(t *testing.T) {
	t.Parallel()
	in, out, from, to := pipe(t)
	read := make(chan error, 1)
	go func() {
		_, err := in.Read(make([]byte, 1))
		read <- err
	}()
	_ = from.Close()
	if err := <-read; err == nil {
		t.Error("what was closed is read")
	}
	if _, err := out.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("nobody reads, and that is %v", err)
	}
	_ = to.Close()
	if _, err := out.Write([]byte("x")); err == nil {
		t.Error("what was closed is written")
	}
}

// What is no pipe is left as it is.
func TestFilesAreNoPipes(t *testing.T) {
	t.Parallel()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, ok := wire.OpenPipe(f); ok {
		t.Error("it was taken for one")
	}
}
