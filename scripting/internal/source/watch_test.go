package source

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/rs/zerolog"
)

// Errors of the system cannot be made to order; these tests reach behind fsnotify for them.

func TestLostEventsCauseALook(t *testing.T) {
	t.Parallel()
	for _, err := range []error{fsnotify.ErrEventOverflow, errors.New("anything else")} {
		w := NewWatcher(zerolog.Nop(), false)
		w.events.Errors <- err
		select {
		case <-w.Dirty:
		case <-time.After(time.Minute):
			t.Errorf("%v: no look", err)
		}
		w.Close()
	}
}

func TestFolderThatCannotBeWatchedIsSaidOnce(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	w := NewWatcher(zerolog.New(&log), false)
	defer w.Close()
	good := t.TempDir()
	bad := filepath.Join(good, strings.Repeat("x", 5000)) // longer than any system takes
	for range 3 {
		w.Set(map[string]interest{good: {all: true}, bad: {all: true}})
	}
	if n := strings.Count(log.String(), "cannot watch every folder"); n != 1 {
		t.Errorf("said %d times: %s", n, &log)
	}
	if list := w.events.WatchList(); len(list) != 1 || list[0] != good {
		t.Errorf("watched: %q", list)
	}
	// It is said again when it has been well meanwhile, and folders that are not wanted any more are dropped.
	w.Set(map[string]interest{})
	if list := w.events.WatchList(); len(list) != 0 {
		t.Errorf("watched: %q", list)
	}
	w.Set(map[string]interest{bad: {all: true}})
	if n := strings.Count(log.String(), "cannot watch every folder"); n != 2 {
		t.Errorf("said %d times: %s", n, &log)
	}
}

func TestResolveNotesEveryLink(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := &Folder{Watch: map[string]interest{}}
	if got := f.resolve(filepath.Join(dir, "missing", "deeper")); got != filepath.Join(dir, "missing", "deeper") {
		t.Errorf("resolved to %s", got)
	}
	if !f.Watch[dir].in("missing") || f.Watch[dir].in("other") || len(f.Watch) != 1 {
		t.Errorf("watch: %v", f.Watch)
	}
}
