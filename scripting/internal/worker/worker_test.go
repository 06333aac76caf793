package worker

import (
	"bytes"
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
