package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// stuckReader takes nothing until it is let go.
type stuckReader struct {
	letGo chan struct{}
	text  bytes.Buffer
}

func (r *stuckReader) Write(line []byte) (int, error) {
	<-r.letGo
	return r.text.Write(line)
}

// Nobody waits for the reader of the log; what did not fit is counted.
func TestLogQueueDropsAndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &stuckReader{letGo: make(chan struct{})}
		q := newLogQueue(out)
		line := []byte(strings.Repeat("x", 1023) + "\n")
		if n, err := q.Write(line); n != len(line) || err != nil {
			t.Fatal(n, err)
		}
		synctest.Wait() // the first line is with the reader
		for range maxLogQueue/len(line) + 7 {
			if _, err := q.Write(line); err != nil {
				t.Fatal(err)
			}
		}
		q.close() // returns although nothing was read
		close(out.letGo)
		<-q.done
		if got := strings.Count(out.text.String(), "x\n"); got != maxLogQueue/len(line)+1 {
			t.Errorf("%d lines came through", got)
		}
		if !strings.Contains(out.text.String(), `"dropped":7,`) {
			t.Errorf("the dropped lines are not counted: %.300s", out.text.String()[max(0, out.text.Len()-300):])
		}
	})
}

// readerWithCount counts the lines that it has.
type readerWithCount struct{ lines atomic.Int64 }

func (r *readerWithCount) Write(line []byte) (int, error) {
	r.lines.Add(int64(bytes.Count(line, []byte("\n"))))
	return len(line), nil
}

// A host that is killed has logged what it did before: a line is with its reader when Write returns.
func TestLogQueueWritesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // in which nothing takes long
		out := new(readerWithCount)
		q := newLogQueue(out)
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 1000 {
					_, _ = q.Write([]byte("line\n"))
				}
			})
		}
		for n := range int64(1000) {
			_, _ = q.Write([]byte("line\n"))
			if got := out.lines.Load(); got <= n {
				t.Fatalf("%d lines are out after %d were written", got, n+1)
			}
		}
		all.Wait()
		q.close()
		if got := out.lines.Load(); got != 5000 {
			t.Errorf("%d lines are out, want 5000", got)
		}
	})
}

// TestLogThatIsCutShort empties the file that the log goes to, as logrotate does by copytruncate.
func TestLogThatIsCutShort(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such mode of files")
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log, flush, err := newLog(file, "json", "info")
	if err != nil {
		t.Fatal(err)
	}
	log.Info().Msg("first")
	if err := os.Truncate(file.Name(), 0); err != nil {
		t.Fatal(err)
	}
	log.Info().Msg("second")
	flush()
	text, err := os.ReadFile(file.Name())
	if err != nil || !strings.HasPrefix(string(text), "{") || !strings.Contains(string(text), "second") {
		t.Errorf("the log is %q (%v)", text, err)
	}
}
