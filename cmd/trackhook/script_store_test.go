package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

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
