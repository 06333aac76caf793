package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"trackhook/engine/admin"
	"trackhook/engine/disk"
)

// onDisk is what a store in a data folder can do, and one in a database cannot.
type onDisk interface {
	Backup(ctx context.Context, dir string, apart ...string) (*disk.BackupReport, error)
	Room(ctx context.Context) (used, free uint64, known bool)
}

// noBackup is why a store in a database is not copied to a folder.
type noBackup struct{}

func (noBackup) Error() string {
	return "the queue and the log of this host are in a PostgreSQL database: back that up with the tools of PostgreSQL, such as pg_dump, or " +
		"pg_basebackup with an archive of the WAL"
}

func (noBackup) Is(target error) bool { return target == admin.ErrBackupRefused }

// backup copies the store to a folder of this machine, for operators.
func (h *Host) backup(ctx context.Context, dir string) (admin.Backup, error) {
	store, ok := h.store.(onDisk)
	if !ok {
		return admin.Backup{}, noBackup{}
	}
	made, err := store.Backup(ctx, dir, h.settings.PluginsDir)
	if errors.Is(err, disk.ErrBackupFolder) {
		return admin.Backup{}, fmt.Errorf("%w: %w", admin.ErrBackupRefused, err)
	}
	if err != nil {
		return admin.Backup{}, err
	}
	data, err := filepath.Abs(h.settings.Data)
	if err != nil {
		data = h.settings.Data
	}
	return admin.Backup{Dir: made.Dir, Data: data, Queued: made.Queued, Dead: made.Dead, Bytes: made.Bytes, Shared: made.Shared}, nil
}

// room tells how much the data folder has, and how much is free beside it. A database tells neither.
func (h *Host) room(ctx context.Context) (used, free uint64, known bool) {
	if store, ok := h.store.(onDisk); ok {
		return store.Room(ctx)
	}
	return 0, 0, false
}
