package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// maxSourceBytes bounds a single source file; a bundle of a large library has a few megabytes.
const maxSourceBytes = 16 << 20

// errOutside means that a path leads out of the plugins folder.
var errOutside = errors.New("leads out of the plugins folder")

// Graph is what a version was loaded from: each path that was looked at, with its content, or missing. A path that
// was missing belongs to it as well: a file that appears there could change what the plugin does.
//
// It may be used from many goroutines at once. A file is read once: what is bundled is what is hashed, and what error
// messages quote.
type Graph struct {
	Root string // the plugins folder, absolute
	// Entry is the plugin's first file, absolute. It is set before the graph is used; the version needs it.
	Entry string
	// Reader reads in the place of the disk, where another process has it. It is set before the graph is used. Nil: the disk.
	Reader func(file string) (text string, missing bool, err error)

	mu     sync.Mutex
	files  map[string]*sourceFile // by absolute path; guarded by mu
	byName map[string]*sourceFile // by name in stack traces; guarded by mu
	frozen string                 // guarded by mu: the version, once it was fixed
}

// sourceFile is one path of a graph. It does not change once it was made.
type sourceFile struct {
	// name is what scripts and messages see, such as plugins/count.js: never a path of this machine.
	name    string
	path    string
	text    string
	sum     [sha256.Size]byte
	missing bool
	err     error // reading failed
}

// NewGraph makes a graph that has read nothing. root is the plugins folder, absolute.
func NewGraph(root string) *Graph {
	return &Graph{Root: root, files: map[string]*sourceFile{}, byName: map[string]*sourceFile{}}
}

// Name makes the name of a path below the plugins folder.
func (g *Graph) Name(file string) string {
	rel, err := filepath.Rel(g.Root, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return path.Base(filepath.ToSlash(file))
	}
	return path.Join(filepath.Base(g.Root), filepath.ToSlash(rel))
}

// look returns the file at an absolute path; it is missing when there is no regular file. Its err wraps errOutside for a
// path that leads out of the plugins folder, with links followed; other errors are those of reading.
func (g *Graph) look(file string) *sourceFile {
	file = filepath.Clean(file)
	g.mu.Lock()
	known := g.files[file]
	g.mu.Unlock()
	if known != nil {
		return known
	}
	f := &sourceFile{name: g.Name(file), path: file}
	if g.Reader != nil {
		f.text, f.missing, f.err = g.Reader(file)
	} else {
		f.text, f.missing, f.err = readSource(g.Root, file)
	}
	f.sum = sha256.Sum256([]byte(f.text))
	g.mu.Lock()
	defer g.mu.Unlock()
	if known := g.files[file]; known != nil {
		return known
	}
	g.files[file] = f
	if !f.missing && f.err == nil {
		g.byName[f.name] = f
	}
	return f
}

// Read is look in the words of the bundler.
func (g *Graph) Read(file string) (text string, missing bool, err error) {
	f := g.look(file)
	return f.text, f.missing, f.err
}

// readSource reads a regular file that lies in root once all links are followed.
func readSource(root, file string) (text string, missing bool, err error) {
	if !Contains(root, file) {
		return "", false, errOutside
	}
	target, err := filepath.EvalSymlinks(file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return "", true, nil
	}
	if err != nil {
		return "", false, plainPathError(err)
	}
	realRoot, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", false, plainPathError(err)
	}
	if !Contains(realRoot, target) {
		return "", false, fmt.Errorf("the link %w: copy the file into the folder instead", errOutside)
	}
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", true, nil
	case err != nil:
		return "", false, plainPathError(err)
	case !info.Mode().IsRegular():
		return "", true, nil // a folder, a socket: nothing that can be loaded
	}
	f, err := os.Open(target)
	if errors.Is(err, fs.ErrNotExist) {
		return "", true, nil
	}
	if err != nil {
		return "", false, plainPathError(err)
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxSourceBytes+1))
	if err != nil {
		return "", false, plainPathError(err)
	}
	if len(data) > maxSourceBytes {
		return "", false, fmt.Errorf("larger than %d MB", maxSourceBytes>>20)
	}
	return string(data), false, nil
}

// plainPathError drops the path of an error, which is this machine's and not the script's.
func plainPathError(err error) error {
	if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

// Contains tells whether a file lies in the folder root or is it. Both are absolute and clean.
func Contains(root, file string) bool {
	rel, err := filepath.Rel(root, file)
	return err == nil && filepath.IsLocal(rel)
}

// Version is the short hash of everything in the graph: 8 hex digits over the names and contents of its files. It is
// fixed when the version has loaded.
//
// It tells what the plugin is, and nothing of the machine: names are relative to the folder of the first file, with
// slashes, and that file is known by its extension alone. So the same plugin has the same version on every host and
// system, in whichever folder and under whichever name. What was looked for in vain is left out: where the search goes
// depends on how deep the plugin lies, and a file that appears is in the hash of the next version.
func (g *Graph) Version() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.versionLocked()
}

// Freeze fixes the version, and returns it.
func (g *Graph) Freeze() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.frozen = g.versionLocked()
	return g.frozen
}

func (g *Graph) versionLocked() string {
	if g.frozen != "" {
		return g.frozen
	}
	lines := make([]string, 0, len(g.files))
	for file, f := range g.files {
		switch {
		case f.missing || f.err != nil:
		case file == g.Entry:
			lines = append(lines, fmt.Sprintf("first:%s,%x\n", filepath.Ext(file), f.sum))
		default:
			name := g.inside(file)
			lines = append(lines, fmt.Sprintf("%d:%s,%x\n", len(name), name, f.sum))
		}
	}
	slices.Sort(lines) // by the names inside of the plugin, which are the same everywhere
	h := sha256.New()
	for _, line := range lines {
		_, _ = io.WriteString(h, line) // a hash's Write never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// inside is the name of a file as the plugin sees it: relative to the folder of its first file.
func (g *Graph) inside(file string) string {
	rel, err := filepath.Rel(filepath.Dir(g.Entry), file)
	if g.Entry == "" || err != nil {
		return g.relative(file)
	}
	return filepath.ToSlash(rel)
}

// Changed tells whether any file of the graph has another content on disk now, has gone, or has appeared.
func (g *Graph) Changed() bool {
	seen := g.Seen()
	return seen.Changed()
}

// IsMissing tells whether the file at a path was empty, or was not there, when it was read.
func (g *Graph) IsMissing(file string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := g.files[file]
	return f != nil && f.err == nil && f.text == ""
}

// IsEmptied tells whether a file was empty when it was read, and had text when it was read for the graph before.
func (g *Graph) IsEmptied(before *Graph) bool {
	g.mu.Lock()
	var empty []string
	for file, f := range g.files {
		if f.err == nil && !f.missing && f.text == "" {
			empty = append(empty, file)
		}
	}
	g.mu.Unlock()
	before.mu.Lock()
	defer before.mu.Unlock()
	return slices.ContainsFunc(empty, func(file string) bool {
		f := before.files[file]
		return f != nil && f.text != ""
	})
}

// IsHidden tells whether a path lies in a folder that the scan of the plugins folder leaves out, such as node_modules.
func (g *Graph) IsHidden(file string) bool {
	rel, err := filepath.Rel(g.Root, file)
	return err == nil && slices.ContainsFunc(strings.Split(filepath.ToSlash(rel), "/"), Ignored)
}

// Paths returns every path that was looked at, sorted.
func (g *Graph) Paths() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Sorted(maps.Keys(g.files))
}

// Line returns a line of a file by the file's name, counted from 1, without its end. Empty when there is none.
func (g *Graph) Line(name string, number int) string {
	g.mu.Lock()
	f := g.byName[name]
	g.mu.Unlock()
	if f == nil || number < 1 {
		return ""
	}
	rest := f.text
	for ; number > 1; number-- {
		_, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return ""
		}
		rest = after
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSuffix(line, "\r")
}
