package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"trackhook/engine/admin"
	"trackhook/engine/disk"
)

// backup copies the store to a folder of this machine, for operators.
func (h *Host) backup(ctx context.Context, dir string) (admin.Backup, error) {
	made, err := h.store.Backup(ctx, dir, h.settings.PluginsDir)
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
