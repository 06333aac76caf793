package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/folder"
)

// Open opens the store in cfg.Dir, and makes it if there is none. It starts goroutines that [Store.Close] ends. When
// another process has the directory open, the error names that process.
func Open(cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := folder.KeepPrivate(cfg.FS, cfg.Dir, &cfg.Log); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	locked, err := folder.Lock(cfg.FS, cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db, err := openDatabase(cfg, locked, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", cfg.Dir, folder.Advise(err)), locked.Unlock())
	}
	s := &Store{cfg: cfg, folder: locked, database: db, limits: make(map[string]int), stop: make(chan struct{}), done: make(chan struct{})}
	go s.maintain()
	return s, nil
}
