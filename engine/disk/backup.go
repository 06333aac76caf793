package disk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/guard"
	"trackhook/engine/disk/internal/survey"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// BackupReport says what a backup holds.
type BackupReport struct {
	// Dir is the folder.
	Dir string
	// Queued and Dead count the packages and the dead letters that were on disk when the backup began; what came while it
	// was made may be in it too.
	Queued, Dead uint64
	// Bytes is its size. Of these, Shared are in files that it shares with the store, by hard links: they take no room as
	// long as the store has them too, and they are lost together with those of the store when the disk is.
	Bytes, Shared uint64
}

// Backup copies the store to a new folder while it goes on. All that was acknowledged before the call is in the copy, which
// [Open] opens as it does the store after a crash at this moment. dir is absolute; it must be missing or empty, lie in a
// folder that exists, and neither in the store's own nor in one of apart: the error is [ErrBackupFolder] else, and when
// another backup is at work.
//
// When ctx ends, or the store is closed, the copy is given up and removed. A failure of the copy, such as a full disk, is
// none of the store.
func (s *Store) Backup(ctx context.Context, dir string, apart ...string) (*BackupReport, error) {
	db, err := s.enter()
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	defer db.calls.Done()
	report, err := db.backup(ctx, dir, append(apart, db.cfg.Dir))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return report, nil
}

func (db *database) backup(ctx context.Context, dir string, apart []string) (*BackupReport, error) {
	b, err := newBackupFolder(db.cfg.FS, dir, apart...)
	if err != nil {
		return nil, err
	}
	beside := guard.NewBeside(db.cfg.FS, b.new, func() error { return errors.Join(ctx.Err(), db.cause()) })
	counts := db.counts()
	report := &BackupReport{Dir: b.dir, Queued: counts.Queued, Dead: counts.Dead}
	ran, err := db.guard.CopyTo(beside, func() (err error) {
		defer guard.Recover("copy database", &err)
		return db.pebble.Checkpoint(b.new, pebble.WithFlushedWAL())
	})
	if !ran {
		return nil, noBackupf("another backup is at work; wait for its end")
	}
	// A database that has failed meanwhile has read what it could not write.
	if err = errors.Join(err, ctx.Err(), db.cause()); err == nil {
		m := db.mark.Of(counts.Packages, counts.Last)
		report.Bytes, err = b.finish(&m)
	}
	if err != nil {
		return nil, errors.Join(err, b.discard())
	}
	report.Shared = beside.Shared()
	return report, nil
}

// Backup copies the store in cfg.Dir, which nobody may have open, to a new folder, as [Store.Backup] does, and changes
// nothing in it. One that does not open is refused.
func Backup(ctx context.Context, cfg Config, dir string, apart ...string) (report *BackupReport, err error) {
	if cfg, err = cfg.withDefaults(); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	err = survey.Locked(ctx, cfg.survey(), func(counts format.State) error {
		b, err := newBackupFolder(cfg.FS, dir, append(apart, cfg.Dir)...)
		if err != nil {
			return err
		}
		beside := guard.NewBeside(cfg.FS, b.new, ctx.Err)
		report = &BackupReport{Dir: b.dir, Queued: counts.Queued, Dead: counts.Dead}
		if err = copyFolder(cfg.FS, beside, cfg.Dir, b.new); err == nil {
			report.Bytes, err = b.finish(nil)
		}
		if err != nil {
			return errors.Join(err, b.discard())
		}
		report.Shared = beside.Shared()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return report, nil
}

// copyFolder copies the files of a store that nobody changes. Tables are never changed once they are written, so a link is
// as good as a copy.
func copyFolder(files vfs.FS, to *guard.Beside, from, into string) error {
	if err := to.MkdirAll(into, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", into, err)
	}
	names, err := files.List(from)
	if err != nil {
		return fmt.Errorf("list %s: %w", from, err)
	}
	for _, name := range names {
		path := files.PathJoin(from, name)
		info, err := files.Stat(path)
		if err != nil {
			return fmt.Errorf("look at %s: %w", path, err)
		}
		if info.IsDir() || folder.IsLock(name) {
			continue
		}
		copyFile := func() error { return vfs.CopyAcrossFS(files, path, to, files.PathJoin(into, name)) }
		if strings.HasSuffix(name, ".sst") || strings.HasSuffix(name, ".blob") {
			copyFile = func() error { return vfs.LinkOrCopy(to, path, files.PathJoin(into, name)) }
		}
		if err := copyFile(); err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
	}
	return nil
}
