package guard

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// LogsFile names, in the directory of a database, the logs that it must have. Pebble replays the logs that it finds and
// misses none: without this file, what a lost log held would be gone in silence.
const LogsFile = "LOGS"

// logEnding ends the names of Pebble's logs.
const logEnding = ".log"

// logs keeps LogsFile true at every moment: a log is named after its entry in the directory is durable and before
// anything in it is, and is not named any more before it is removed or becomes another.
type logs struct {
	mu    sync.Mutex      // held while the file is written, so that it is written by one at a time
	dir   string          // "": nothing is kept; set before the files are used
	names map[string]bool // guarded by mu: what the file names
}

// KeepLogs keeps, from now on, [LogsFile] for the database in dir, and returns which of the logs that it names are
// missing. A database that has no such file yet must have the logs that it has. It is called before the files are used.
func (g *FS) KeepLogs(dir string) (missing []string, err error) {
	found, err := g.List(dir)
	if err != nil {
		return nil, fmt.Errorf("list logs: %w", err)
	}
	slices.Sort(found)
	g.logs.mu.Lock()
	defer g.logs.mu.Unlock()
	g.logs.dir, g.logs.names = dir, map[string]bool{}
	names, err := readLogs(g.FS, dir)
	if errors.Is(err, fs.ErrNotExist) {
		for _, name := range found {
			if strings.HasSuffix(name, logEnding) {
				g.logs.names[name] = true
			}
		}
		if len(g.logs.names) == 0 {
			return nil, nil
		}
		return nil, g.logs.write(g.FS)
	}
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		g.logs.names[name] = true
		if _, ok := slices.BinarySearch(found, name); !ok {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// WriteLogs writes [LogsFile] for a copy of a database, in dir: it must have the logs that it has.
func WriteLogs(files vfs.FS, dir string) error {
	found, err := files.List(dir)
	if err != nil {
		return fmt.Errorf("list logs: %w", err)
	}
	l := logs{dir: dir, names: map[string]bool{}}
	for _, name := range found {
		if strings.HasSuffix(name, logEnding) {
			l.names[name] = true
		}
	}
	return l.write(files)
}

// add names a log.
func (l *logs) add(files vfs.FS, path string) error { return l.set(files, path, true) }

// remove names a log no more.
func (l *logs) remove(files vfs.FS, path string) error { return l.set(files, path, false) }

func (l *logs) set(files vfs.FS, path string, named bool) error {
	if !strings.HasSuffix(path, logEnding) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	name := files.PathBase(path)
	if l.dir == "" || l.names[name] == named {
		return nil
	}
	before := maps.Clone(l.names)
	if l.names[name] = named; !named {
		delete(l.names, name)
	}
	if err := l.write(files); err != nil {
		l.names = before
		return fmt.Errorf("note logs: %w", err)
	}
	return nil
}

// write replaces the file in one step.
func (l *logs) write(files vfs.FS) error {
	path := files.PathJoin(l.dir, LogsFile)
	f, err := files.Create(path+".new", vfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	_, err = f.Write(appendLogs(slices.Sorted(maps.Keys(l.names))))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := files.Rename(path+".new", path); err != nil {
		return err
	}
	dir, err := files.OpenDir(l.dir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// appendLogs returns what the file holds: a name a line, and a checksum.
func appendLogs(names []string) []byte {
	var text []byte
	for _, name := range names {
		text = append(append(text, name...), '\n')
	}
	return fmt.Appendf(text, "checksum %08x\n", crc32.ChecksumIEEE(text))
}

// readLogs returns the names in the file.
func readLogs(files vfs.FS, dir string) ([]string, error) {
	f, err := files.Open(files.PathJoin(dir, LogsFile))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", LogsFile, err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	names := lines[:len(lines)-1]
	if string(appendLogs(names)) != string(text) {
		return nil, fmt.Errorf("the file %s, which names the logs that must be there, is damaged; when no *.log file is missing, remove it", LogsFile)
	}
	return names, nil
}
