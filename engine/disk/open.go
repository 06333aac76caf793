package disk

import (
	"errors"
	"fmt"
)

// Open opens the store in cfg.Dir, and makes it if there is none. It starts goroutines that [Store.Close] ends. When
// another process has the directory open, the error names that process.
func Open(cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	lock, err := lockDir(cfg.FS, cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db, err := openDatabase(cfg, lock, nil)
	if unreadable(err) {
		err = fmt.Errorf("%w; a file is damaged: `trackhook store verify` says which, and `trackhook store repair --to DIR` makes a new store of what can be read", err)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", cfg.Dir, err), unlockDir(cfg.FS, cfg.Dir, lock))
	}
	s := &Store{cfg: cfg, lock: lock, database: db, limits: make(map[string]int), stop: make(chan struct{}), done: make(chan struct{})}
	go s.maintain()
	return s, nil
}
