package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"trackhook/engine"
	"trackhook/engine/disk"
)

func cmdFill(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: fill DIR N")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	store, err := disk.Open(disk.Config{Dir: ts.MkAbs(args[0])})
	ts.Check(err)
	packages := make([]engine.Package, n)
	for i := range packages {
		packages[i] = engine.Package{
			ID: fmt.Sprintf("%032x", i), Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
			Device: fmt.Sprintf("external_device_id=%06d", i), Created: time.Now(),
		}
	}
	ts.Check(store.Append(context.Background(), packages...))
	ts.Check(store.Close())
}

// cmdSpoil makes the first values of a closed store whose keys have a prefix ones that cannot be understood, or removes them.
func cmdSpoil(ts *testscript.TestScript, gone bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] spoil DIR PREFIX N; ! removes them")
	}
	left, err := strconv.Atoi(args[2])
	ts.Check(err)
	db, err := pebble.Open(ts.MkAbs(args[0]), &pebble.Options{Logger: quiet{}, FormatMajorVersion: pebble.FormatTableFormatV6})
	ts.Check(err)
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte(args[1]), UpperBound: []byte(args[1] + "\xff")})
	ts.Check(err)
	for valid := it.First(); valid && left > 0; valid = it.Next() {
		left--
		if gone {
			ts.Check(db.Delete(it.Key(), pebble.Sync))
		} else {
			ts.Check(db.Set(it.Key(), []byte("x"), pebble.Sync))
		}
	}
	ts.Check(errors.Join(it.Close(), db.Close()))
	if left > 0 {
		ts.Fatalf("%d more keys were to be spoiled", left)
	}
}

// quiet keeps what Pebble says to itself.
type quiet struct{}

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}
func (quiet) Fatalf(string, ...any) {}

func cmdFlip(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: flip PATTERN")
	}
	names, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	var largest string
	var data []byte
	for _, name := range names {
		content, err := os.ReadFile(name)
		ts.Check(err)
		if len(content) > len(data) {
			largest, data = name, content
		}
	}
	if largest == "" {
		ts.Fatalf("there is no %s with anything in it", args[0])
	}
	data[len(data)/2] ^= 0x10
	ts.Check(os.WriteFile(largest, data, 0o600))
}

// cmdDeep writes a script that nests 400,000 deep.
func cmdDeep(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: deep FILE")
	}
	const depth = 400_000
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("x="+strings.Repeat("[", depth)+strings.Repeat("]", depth)), 0o600))
}
