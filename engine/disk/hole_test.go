package disk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
)

const (
	holeDevices = 600
	holeEach    = 3
)

// TestDamagedBlocks flips one bit in a block of a table that holds keys of one kind. What lies elsewhere is sent, heard and
// listed as if nothing had been, in order; what is missing is bounded by the block; and health says that something is.
func TestDamagedBlocks(t *testing.T) {
	t.Parallel()
	for kind, row := range map[format.Prefix]struct {
		// mostUnsent and mostUnheard bound what one block may take.
		mostUnsent, mostUnheard int
	}{
		format.Packages:    {150 * holeEach, 150}, // those behind a damaged one wait
		format.Behind:      {150 * holeEach, 0},
		format.Lanes:       {150 * holeEach, 0},
		format.Due:         {0, 0},
		format.Responses:   {0, 150},
		format.IDs:         {0, 0},
		format.DeadLetters: {0, 0},
		format.DeadInLane:  {0, 0},
	} {
		t.Run(kind.Holds(), func(t *testing.T) {
			t.Parallel()
			skipSlowDamage(t, kind)
			synctest.Test(t, func(t *testing.T) {
				cfg := disk.Config{Dir: "data", FS: vfs.NewMem()}
				heard := fillForHoles(t, cfg)
				key := damageBlock(t, cfg, kind)
				store, err := disk.Open(cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = store.Close() }()

				sent := sendAll(t, store)
				if missing := holeDevices*(holeEach-1) - sent; missing > row.mostUnsent || missing < 0 {
					t.Errorf("%d packages were not sent; want at most %d", missing, row.mostUnsent)
				}
				if missing := heard + sent - readAll(t, store); missing > row.mostUnheard || missing < 0 {
					t.Errorf("%d responses are not heard; want at most %d", missing, row.mostUnheard)
				}
				if kind == format.IDs {
					// Whether it is new is not known, so it must not be taken.
					err := store.Append(t.Context(), storePackage(string(key[1:]), "z"))
					if err == nil || !strings.Contains(err.Error(), "damaged") {
						t.Errorf("Append of an ID that cannot be read: %v", err)
					}
				}
				goesOn(t, store)
				listAll(t, store)
				stats, err := store.Stats(t.Context())
				if err != nil || !strings.Contains(stats.Damaged, "damaged") || !strings.Contains(stats.Damaged, "store repair") {
					t.Errorf("stats %+v, %v", stats, err)
				}
			})
		})
	}
}

// skipSlowDamage leaves most kinds of keys out of a run that TRACKHOOK_LONG does not make long: for each read of a damaged
// block, Pebble looks for the one bit that would make it right again, which takes long under the race detector.
func skipSlowDamage(t *testing.T, kind format.Prefix) {
	t.Helper()
	if os.Getenv("TRACKHOOK_LONG") == "" && kind != format.Packages && kind != format.Responses {
		t.Skip("packages and responses only: TRACKHOOK_LONG is not set")
	}
}

// fillForHoles makes a store with sessions and events of many devices, in small blocks. The first of each device is settled: one
// in two as sent, the others as dead. It returns how many responses there are.
func fillForHoles(t *testing.T, cfg disk.Config) int {
	t.Helper()
	store, err := disk.Open(disk.WithBlocks(cfg, 1<<10))
	if err != nil {
		t.Fatal(err)
	}
	for n := range holeEach {
		var all []engine.Package
		for d := range holeDevices {
			p := storePackage(fmt.Sprintf("%d-%04d", n, d), fmt.Sprintf("%04d", d))
			p.Params = map[string]string{"event_token": "abcdef"}
			all = append(all, p)
		}
		if err := store.Append(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
	}
	leases, err := store.Lease(t.Context(), holeDevices)
	if err != nil || len(leases) != holeDevices {
		t.Fatalf("leased %d, %v", len(leases), err)
	}
	if err := store.Settle(t.Context(), settlements(leases)...); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return holeDevices
}

// settlements are those of packages that were sent, or died when their device is an odd one.
func settlements(leases []engine.Lease) []engine.Settlement {
	var all []engine.Settlement
	for i, l := range leases {
		s := engine.Settlement{Lease: l, Verdict: engine.Remove, Response: engine.Response{
			Package: l.Package, Attempt: 1, Outcome: engine.Delivered, At: time.Now(),
		}}
		if i%2 == 1 {
			s.Verdict, s.Response.Outcome = engine.Bury, engine.Rejected
		}
		all = append(all, s)
	}
	return all
}

// sendAll leases and settles until nothing is due, and checks that the packages of each device come in order and once.
func sendAll(t *testing.T, store *disk.Store) (sent int) {
	t.Helper()
	newest := make(map[string]string)
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		leases, err := store.Lease(ctx, 100)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return sent
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range leases {
			if l.Package.ID <= newest[l.Package.Device] {
				t.Errorf("%s came after %s", l.Package.ID, newest[l.Package.Device])
			}
			newest[l.Package.Device] = l.Package.ID
		}
		if err := store.Settle(t.Context(), settlements(leases)...); err != nil {
			t.Fatal(err)
		}
		sent += len(leases)
	}
}

func readAll(t *testing.T, store *disk.Store) (read int) {
	t.Helper()
	last, err := store.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for after := uint64(0); after < last; {
		responses, err := store.Read(t.Context(), after, 100)
		if err != nil {
			t.Fatal(err)
		}
		read += len(responses)
		after = responses[len(responses)-1].Seq
	}
	return read
}

// goesOn takes in a package of a new device beside many whose own places may be damaged, and sends it.
func goesOn(t *testing.T, store *disk.Store) {
	t.Helper()
	answers := make(chan error)
	for d := range 50 {
		go func() {
			answers <- store.Append(t.Context(), storePackage(fmt.Sprint("new-", d), fmt.Sprintf("%04d", d*holeDevices/50)))
		}()
	}
	if err := store.Append(t.Context(), storePackage("z", "z")); err != nil {
		t.Error(err)
	}
	for range 50 {
		if err := <-answers; err != nil && !strings.Contains(err.Error(), "damaged") {
			t.Error(err)
		}
	}
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		leases, err := store.Lease(ctx, 100)
		cancel()
		if err != nil {
			t.Fatalf("the new device is not served: %v", err)
		}
		if slices.ContainsFunc(leases, func(l engine.Lease) bool { return l.Package.ID == "z" }) {
			return
		}
	}
}

func listAll(t *testing.T, store *disk.Store) {
	t.Helper()
	for page := ""; ; {
		_, next, err := store.Packages(t.Context(), engine.Filter{}, page, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if page = next; next == "" {
			break
		}
	}
	for page := ""; ; {
		_, next, err := store.Lanes(t.Context(), engine.Filter{}, page, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if page = next; next == "" {
			return
		}
	}
}

// damageBlock flips a bit in the block of a table that holds the middle one of the keys of a kind, which it returns.
func damageBlock(t *testing.T, cfg disk.Config, kind format.Prefix) []byte {
	t.Helper()
	names, err := cfg.FS.List(cfg.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.HasSuffix(name, ".sst") {
			continue
		}
		name = cfg.FS.PathJoin(cfg.Dir, name)
		data := readWhole(t, cfg.FS, name)
		key := middleKey(t, data, kind)
		if key == nil {
			continue
		}
		for _, at := range dataBlocks(t, data) {
			data[at] ^= 0x10
			if !has(data, key) {
				writeWhole(t, cfg.FS, name, data)
				return key
			}
			data[at] ^= 0x10
		}
	}
	t.Fatalf("no table has %s", kind.Holds())
	return nil
}

// middleKey returns the middle one of the keys of a kind in a table.
func middleKey(t *testing.T, data []byte, kind format.Prefix) []byte {
	t.Helper()
	reader, err := sstable.NewMemReader(data, sstable.ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	it, err := reader.NewIter(sstable.NoTransforms, nil, nil, sstable.AssertNoBlobHandles)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	var keys [][]byte
	for kv := it.First(); kv != nil; kv = it.Next() {
		if kv.K.UserKey[0] == byte(kind) {
			keys = append(keys, slices.Clone(kv.K.UserKey))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return keys[len(keys)/2]
}

// dataBlocks returns a place in the middle of each data block of a table.
func dataBlocks(t *testing.T, data []byte) (places []uint64) {
	t.Helper()
	reader, err := sstable.NewMemReader(data, sstable.ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	layout, err := reader.Layout()
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range layout.Data {
		places = append(places, block.Offset+block.Length/2)
	}
	return places
}

// has tells whether a key of a table can be read.
func has(data, key []byte) bool {
	reader, err := sstable.NewMemReader(data, sstable.ReaderOptions{})
	if err != nil {
		return false
	}
	defer reader.Close()
	it, err := reader.NewIter(sstable.NoTransforms, nil, nil, sstable.AssertNoBlobHandles)
	if err != nil {
		return false
	}
	defer it.Close()
	return it.SeekGE(key, 0) != nil
}

func readWhole(t *testing.T, files vfs.FS, name string) []byte {
	t.Helper()
	f, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

func writeWhole(t *testing.T, files vfs.FS, name string, data []byte) {
	t.Helper()
	f, err := files.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestCompactDamage lets Pebble tidy up each file of a store after a block of it was damaged: that fails, and does not
// end the process. Of a file with a SingleDelete it would.
func TestCompactDamage(t *testing.T) {
	t.Parallel()
	files := vfs.NewMem()
	synctest.Test(t, func(t *testing.T) { fillForHoles(t, disk.Config{Dir: "data", FS: files}) })
	names, err := files.List("data")
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, name := range names {
		if !strings.HasSuffix(name, ".sst") {
			continue
		}
		size := len(readWhole(t, files, files.PathJoin("data", name)))
		for part := range 8 {
			if part%4 > 0 && os.Getenv("TRACKHOOK_LONG") == "" {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				mem := vfs.NewMem()
				if _, err := vfs.Clone(files, mem, "data", "data"); err != nil {
					t.Fatal(err)
				}
				path := mem.PathJoin("data", name)
				data := readWhole(t, mem, path)
				data[size*part/8] ^= 1
				writeWhole(t, mem, path, data)
				store, err := disk.Open(disk.Config{Dir: "data", FS: mem})
				if err != nil {
					return // refused
				}
				sendAll(t, store)
				if disk.CompactAll(store) != nil {
					failed++
				}
				if err := store.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
	if failed == 0 {
		t.Error("no damage stopped a compaction")
	}
}
