package license_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/cmd/trackhook/internal/license"
)

var write = flag.Bool("write", false, "write what is linked in, and do not compare")

// TestLicensesAreThoseOfWhatIsLinked collects the licenses of what is linked into the command, on each system that it is
// built for, with cgo and without, and compares them with what the binary holds.
func TestLicensesAreThoseOfWhatIsLinked(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the go command what is linked; leave out -short to compare")
	}
	found := collect(t)
	if *write {
		var packed bytes.Buffer
		packer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		encoder := json.NewEncoder(packer)
		encoder.SetEscapeHTML(false)
		if err := errors.Join(encoder.Encode(found), packer.Close(), os.WriteFile("licenses.json.gz", packed.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	held, err := license.Modules()
	if err != nil {
		t.Fatal(err)
	}
	if len(found[0].Files) == 0 {
		found[0] = held[0] // some systems have Go without its license beside it
	}
	if diff := cmp.Diff(found, held); diff != "" {
		t.Errorf("what is linked in has other licenses than the binary holds; do `go test ./cmd/trackhook/internal/license -write` (-linked +held):\n%.4000s", diff)
	}
}

// TestEveryLicenseIsKnown fails for a license that asks for more than its text in the binary: somebody must look at it then.
func TestEveryLicenseIsKnown(t *testing.T) {
	modules, err := license.Modules()
	if err != nil {
		t.Fatal(err)
	}
	if len(modules) < 30 || modules[0].Path != license.Go {
		t.Errorf("only %d modules, the first is %v", len(modules), modules[:1])
	}
	for _, m := range modules {
		for name := range strings.SplitSeq(m.License, ", ") {
			if !slices.Contains([]string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "CC0-1.0", "Unicode-3.0"}, name) {
				t.Errorf("%s has the license %q", m.Path, name)
			}
		}
	}
}

// collect finds the licenses of all modules that are linked on any system.
func collect(t *testing.T) []license.Module {
	t.Helper()
	folders := map[string]map[string]bool{} // of packages that are linked, by module
	roots := map[string]string{}
	for _, system := range []struct{ os, cgo string }{{"linux", "0"}, {"linux", "1"}, {"windows", "0"}, {"darwin", "0"}} {
		for line := range strings.Lines(list(t, system.os, system.cgo)) {
			path, root, dir := fields(strings.TrimRight(line, "\r\n"))
			if path == "" || path == "trackhook" {
				continue // Go's own, and ours
			}
			if root == "" {
				t.Fatalf("the sources of %s are not here; do `go mod download`", path)
			}
			if folders[path] == nil {
				folders[path], roots[path] = map[string]bool{}, root
			}
			for ; strings.HasPrefix(dir, root); dir = filepath.Dir(dir) {
				folders[path][dir] = true
			}
		}
	}
	modules := []license.Module{module(t, license.Go, goRoot(t), map[string]bool{goRoot(t): true})}
	paths := make([]string, 0, len(roots))
	for path := range roots {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		modules = append(modules, module(t, path, roots[path], folders[path]))
	}
	return append(modules, bundled(t)...)
}

// bundled are the packages of npm that modules for scripts and the page of the console are made of, and the data of Unicode that tables are made of.
func bundled(t *testing.T) []license.Module {
	t.Helper()
	var modules []license.Module
	var lists []string
	for _, pattern := range []string{"../../../../scripting/internal/*/dist/licenses.json", "../../../../engine/console/dist/licenses.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, found...)
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		var packages []license.Module
		if err := json.Unmarshal(text, &packages); err != nil {
			t.Fatal(err)
		}
		modules = append(modules, packages...)
	}
	slices.SortFunc(modules, func(a, b license.Module) int { return strings.Compare(a.Path, b.Path) })
	for i := range modules {
		for _, file := range modules[i].Files {
			modules[i].License = kindOf(file.Text)
		}
	}
	return modules
}

func fields(line string) (path, root, dir string) {
	path, rest, _ := strings.Cut(line, "\t")
	root, dir, _ = strings.Cut(rest, "\t")
	return path, root, dir
}

// list asks which packages are linked on a system.
func list(t *testing.T, system, cgo string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}\t{{.Dir}}", "trackhook/cmd/trackhook")
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED="+cgo)
	var problem bytes.Buffer
	cmd.Stderr = &problem
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list for %s: %v\n%s", system, err, &problem)
	}
	return string(text)
}

func goRoot(t *testing.T) string {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// module reads the licenses and notices in folders of a module.
func module(t *testing.T, path, root string, folders map[string]bool) license.Module {
	t.Helper()
	m := license.Module{Path: path}
	isLicense := regexp.MustCompile(`(?i)(^|[-_.])(licen[cs]es?|copying|notice|patents)([-_.]|$)`)
	var names []string
	for dir := range folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if entry.Type().IsRegular() && isLicense.MatchString(entry.Name()) && !strings.HasSuffix(entry.Name(), ".go") {
				rel, err := filepath.Rel(root, filepath.Join(dir, entry.Name()))
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, filepath.ToSlash(rel))
			}
		}
	}
	// That of the whole module comes first.
	slices.SortFunc(names, func(a, b string) int {
		if depth := strings.Count(a, "/") - strings.Count(b, "/"); depth != 0 {
			return depth
		}
		return strings.Compare(a, b)
	})
	var kinds []string
	for _, name := range names {
		text, err := fs.ReadFile(os.DirFS(root), name)
		if err != nil {
			t.Fatal(err)
		}
		whole := strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
		m.Files = append(m.Files, license.File{Name: name, Text: whole})
		if kind := kindOf(whole); kind != "" && !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	m.License = strings.Join(kinds, ", ")
	return m
}

// kindOf tells a license by what only its text says; "" for a notice and for what is not known.
func kindOf(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	for _, row := range []struct{ says, not, kind string }{
		{says: "UNICODE LICENSE V3", kind: "Unicode-3.0"},
		{says: "Apache License Version 2.0", kind: "Apache-2.0"},
		{says: "Permission to use, copy, modify, and/or distribute this software for any purpose", kind: "ISC"},
		{says: "Permission to use, copy, modify, and distribute this software for any purpose with or without fee", kind: "ISC"},
		{says: "is hereby granted, free of charge, to any person obtaining a copy", kind: "MIT"},
		{says: "Redistribution and use in source and binary forms", not: "be used to endorse or promote products", kind: "BSD-2-Clause"},
		{says: "Redistribution and use in source and binary forms", kind: "BSD-3-Clause"},
		{says: "CC0 1.0 Universal", kind: "CC0-1.0"},
		{says: "Mozilla Public License", kind: "MPL-2.0"},
		{says: "GNU", kind: "GPL"},
	} {
		if strings.Contains(words, row.says) && (row.not == "" || !strings.Contains(words, row.not)) {
			return row.kind
		}
	}
	return ""
}

// TestPackedIsSmall keeps what the licenses add to the binary in bounds.
func TestPackedIsSmall(t *testing.T) {
	file, err := os.Open("licenses.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if n, err := io.Copy(io.Discard, file); err != nil || n > 64<<10 {
		t.Errorf("%d bytes, %v", n, err)
	}
}
