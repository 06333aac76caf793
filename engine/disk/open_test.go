package disk_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"trackhook/engine/disk"

	"github.com/cockroachdb/pebble/v2"
)

func TestOpenTwice(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "when missing")
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	_, err = disk.Open(disk.Config{Dir: dir})
	if err == nil {
		t.Fatal("a second Open works")
	}
	for _, want := range []string{
		"open store: " + dir + " is in use by process ", strconv.Itoa(os.Getpid()), "(started ", "; stop it or choose another --data",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Open = %v, want it to say %q", err, want)
		}
	}
	closeStore(t, store)
	store, err = disk.Open(disk.Config{Dir: dir})
	if err != nil {
		t.Fatalf("Open after Close: %v", err)
	}
	closeStore(t, store)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	if _, err := disk.Open(disk.Config{}); err == nil || !strings.Contains(err.Error(), "a data directory (Dir) is required") {
		t.Errorf("Open without Dir = %v", err)
	}
	if _, err := disk.Open(disk.Config{Dir: t.TempDir(), Retain: -1}); err == nil {
		t.Error("Open with a negative Retain works")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(disk.Config{Dir: file}); err == nil || strings.Contains(err.Error(), "in use") {
		t.Errorf("Open of a file = %v", err)
	}
}

func TestOpenOtherFormat(t *testing.T) {
	t.Parallel()
	for version, want := range map[uint64]string{
		1: "the store has format 1, and this program knows only format 2; send what is queued with the program that wrote it, then start with an empty data directory",
		7: "the store has format 7, and this program knows format 2; use the program that wrote it, or a newer one",
	} {
		dir := t.TempDir()
		store, err := disk.Open(disk.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		closeStore(t, store)
		db, err := pebble.Open(dir, &pebble.Options{Logger: quiet{}})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Set([]byte("mformat"), binary.AppendUvarint(nil, version), pebble.Sync); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = disk.Open(disk.Config{Dir: dir})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("Open = %v, want it to say %q", err, want)
		}
	}
}

// quiet drops what Pebble logs.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(format string, args ...any) {
	panic(fmt.Sprintf(format, args...))
}
