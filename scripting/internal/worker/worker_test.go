package worker

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/engine/memory"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/wire"
)

// How far a batch has come is told of that batch, whatever was told of the one before.
func TestProgressIsThatOfItsBatch(t *testing.T) {
	t.Parallel()
	kept, err := storage.Open(t.Context(), memory.New(), "a")
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{conn: wire.NewConn(strings.NewReader(""), &bytes.Buffer{}).Channel(1), own: &instance.Resources{Storage: kept}}
	told := func(want uint64) {
		t.Helper()
		_, body, ok := w.further()
		switch {
		case !ok && want == 0:
		case !ok, wire.NewFields(body).Number() != want:
			t.Errorf("it tells %v, want %d", body, want)
		}
	}
	for _, value := range []string{"one", "two"} {
		told(0)
		w.begun()
		told(0)
		w.handled()
		w.handled()
		told(2)
		told(0)
		if err := kept.Set("a", value); err != nil {
			t.Fatal(err)
		}
		w.handled()
		told(0) // what it has stored is not kept yet
		if err := kept.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.handled()
		if done := w.over(); done != 4 {
			t.Errorf("%d are done", done)
		}
		told(0)
	}
}

// What runs when a batch arrives may go on with it without entering again, and is unsettled until what came of it was told.
func TestBatchArrivesInARun(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "board"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	g := &gate{p: &process{slots: make(chan struct{}, 1), board: &board{file: file}}, channel: 3}
	noted := func(want byte) {
		t.Helper()
		what := []byte{wire.AtRest}
		if _, err := file.ReadAt(what, 3); err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		if what[0] != want {
			t.Errorf("noted is %d, want %d", what[0], want)
		}
	}
	g.Enter()
	noted(wire.Runs)
	g.hold()
	noted(wire.Runs)
	g.Leave()
	noted(wire.Unsettled)
	g.settle()
	noted(wire.AtRest)
	g.hold() // and none of it has run
	noted(wire.AtRest)
}
