package disk_test

import (
	"testing"

	"trackhook/engine/disk"
)

// The store tells how much room there is for as long as it is open.
func TestRoom(t *testing.T) {
	store, err := disk.Open(disk.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if used, free, known := store.Room(t.Context()); !known || free == 0 || used > 1<<40 {
		t.Errorf("used %d, free %d, known %t", used, free, known)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, known := store.Room(t.Context()); known {
		t.Error("a closed store tells about room")
	}
}
