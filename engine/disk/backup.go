package disk

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	report, err := db.backup(ctx, dir, append(slices.Clip(apart), db.cfg.Dir))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return report, nil
}

func (db *database) backup(ctx context.Context, dir string, apart []string) (*BackupReport, error) {
	goOn := func() error { return errors.Join(ctx.Err(), db.cause()) }
	b := newBackupFolder(db.cfg.FS, dir, goOn)
	report := &BackupReport{Dir: b.dir}
	// Whoever waits for its turn must not see what the one before has in the folder.
	ran, err := db.guard.CopyTo(b.way, func() (err error) {
		counts := db.counts()
		report.Queued, report.Dead = counts.Queued, counts.Dead
		mark := db.mark.Of(counts.Packages, counts.Last)
		report.Bytes, err = b.fill(apart, func() error {
			// A database that has failed meanwhile has read what it could not write.
			return errors.Join(db.checkpoint(b.new), goOn())
		}, &mark)
		return err
	})
	if !ran {
		return nil, noBackupf("another backup is at work; wait for its end")
	}
	if err != nil {
		return nil, err
	}
	report.Shared = b.way.Shared()
	return report, nil
}

// checkpoint makes Pebble's copy of the database.
func (db *database) checkpoint(dir string) (err error) {
	defer guard.Recover("copy database", &err)
	return db.pebble.Checkpoint(dir, pebble.WithFlushedWAL())
}

// Backup copies the store in cfg.Dir, which nobody may have open, to a new folder, as [Store.Backup] does. What is stored is
// not changed; of the files beside it, the name of the owner is while the copy is made, and LOGS, which says what logs there
// must be, is written where an older program has left none. A store that does not open is refused.
func Backup(ctx context.Context, cfg Config, dir string, apart ...string) (report *BackupReport, err error) {
	if cfg, err = cfg.withDefaults(); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	err = survey.Locked(ctx, cfg.survey(), func(counts format.State) error {
		b := newBackupFolder(cfg.FS, dir, ctx.Err)
		report = &BackupReport{Dir: b.dir, Queued: counts.Queued, Dead: counts.Dead}
		report.Bytes, err = b.fill(append(slices.Clip(apart), cfg.Dir), func() error {
			return copyFolder(cfg.FS, b.way, cfg.Dir, b.new)
		}, nil)
		report.Shared = b.way.Shared()
		return err
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
