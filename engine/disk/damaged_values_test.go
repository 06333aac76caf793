package disk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A value in a damaged block is known to be damaged, and can be written anew; those in other blocks are read.
func TestDamagedValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
		store, err := disk.Open(cfg)
		if err != nil {
			t.Fatal(err)
		}
		const values = 30
		pairs := map[string][]byte{}
		for n := range values {
			text := fmt.Appendf(nil, "%d", n)
			for range 1000 {
				text = fmt.Appendf(text, "%x", len(text)*n) // so that they fill several blocks
			}
			pairs[fmt.Sprintf("%03d", n)] = text
		}
		if err := errors.Join(store.SetValues(t.Context(), "space", pairs), store.Close()); err != nil {
			t.Fatal(err)
		}
		key := string(damageBlock(t, cfg, format.Values))
		key = key[strings.LastIndex(key, "space")+len("space"):]
		key = key[len(key)-3:]
		if store, err = disk.Open(cfg); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = store.Close() }()
		if value, err := store.Value(t.Context(), "space", key); !errors.Is(err, engine.ErrDamaged) {
			t.Errorf("the value of %q is %d bytes, %v", key, len(value), err)
		}
		if _, err := store.Values(t.Context(), "space"); !errors.Is(err, engine.ErrDamaged) {
			t.Errorf("all values: %v", err)
		}
		if value, err := store.Value(t.Context(), "space", "000"); err != nil || string(value) != string(pairs["000"]) {
			t.Errorf("one of another block is %d bytes, %v", len(value), err)
		}
		if err := store.SetValues(t.Context(), "space", map[string][]byte{key: []byte("anew")}); err != nil {
			t.Fatal(err)
		}
		if value, err := store.Value(t.Context(), "space", key); err != nil || string(value) != "anew" {
			t.Errorf("written anew it is %q, %v", value, err)
		}
	})
}
