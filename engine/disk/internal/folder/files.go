package folder

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func readFile(files vfs.FS, path string) (string, error) {
	f, err := files.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(f)
	return string(text), err
}

// WriteFile writes a whole file, which is not synced.
func WriteFile(files vfs.FS, name, text string) error {
	f, err := files.Create(name, vfs.WriteCategoryUnspecified)
	if err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	_, err = f.Write([]byte(text))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// makeDir makes dir with its parents and syncs the directories that they are entered in, so that a crash cannot take
// away a directory whose files were synced.
func makeDir(files vfs.FS, dir string) error {
	var entered []string
	for at := dir; ; {
		if _, err := files.Stat(at); err == nil {
			break
		}
		parent := files.PathDir(at)
		entered = append(entered, parent)
		if parent == at {
			break
		}
		at = parent
	}
	if err := files.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make directory %s: %w", dir, err)
	}
	for _, parent := range entered {
		if err := syncDir(files, parent); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(files vfs.FS, dir string) error {
	f, err := files.OpenDir(dir)
	if err != nil {
		return fmt.Errorf("open directory %s: %w", dir, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	return nil
}

// Copy copies the files of a store to a folder that nobody owns yet, without its options, which are made anew.
func Copy(files vfs.FS, from, to string) error {
	skip := vfs.CloneSkip(func(name string) bool {
		base := files.PathBase(name)
		return base == ownerFile || base == lockFile || strings.HasPrefix(base, "OPTIONS-")
	})
	if _, err := vfs.Clone(files, files, from, to, skip); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return nil
}
