package tester

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/source"
)

// Watch calls changed whenever something in the folder dir or below it may have changed and has come to rest, and from
// time to time as a net for file systems without events, until ctx ends. Whether anything did change is for changed to
// find out.
func Watch(ctx context.Context, dir string, log zerolog.Logger, changed func()) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	w := source.NewWatcher(log, false)
	defer w.Close()
	poll, quiet := time.NewTicker(source.DefaultPoll), time.NewTimer(time.Hour)
	defer poll.Stop()
	defer quiet.Stop()
	look := func() {
		for range source.Rescans {
			found, err := source.Scan(dir)
			if added := w.Set(found.Watch); !added || err != nil {
				return
			}
		}
	}
	look()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.Dirty:
			quiet.Reset(source.DefaultDebounce)
		case <-quiet.C:
			look()
			changed()
		case <-poll.C:
			look()
			changed()
		}
	}
}

// TestFiles lists the files of tests in a plugins folder: beside plugins, and inside of folders of plugins, but not in
// packages. They are sorted.
func TestFiles(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != dir && source.Ignored(entry.Name()):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && source.IsTest(entry.Name()):
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				files = append(files, path)
			}
		}
		return nil
	})
	slices.Sort(files)
	return files, err
}
