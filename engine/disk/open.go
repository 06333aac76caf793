package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/read"
)

// Open opens the store in cfg.Dir, and makes it if there is none. It starts goroutines that [Store.Close] ends. When
// another process has the directory open, the error names that process.
func Open(cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := keepPrivate(cfg.FS, cfg.Dir, &cfg.Log); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	folder, err := lockDir(cfg.FS, cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db, err := openDatabase(cfg, folder, nil)
	if _, said := errors.AsType[*refusal](err); !said && read.Unreadable(err) {
		err = fmt.Errorf("%w; a file is damaged; %s", err, wayOn)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", cfg.Dir, err), folder.unlock())
	}
	s := &Store{cfg: cfg, folder: folder, database: db, limits: make(map[string]int), stop: make(chan struct{}), done: make(chan struct{})}
	go s.maintain()
	return s, nil
}
