package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// openDatabase opens the database and starts its goroutines. before is the one before, whose leases go on; nil at the first
// opening.
func openDatabase(cfg Config, lock *pebble.Lock, before *database) (*database, error) {
	db := newDatabase(cfg)
	compactions := &compactionScheduler{}
	var err error
	if db.pebble, err = pebble.Open(cfg.Dir, pebbleOptions(cfg, db.guard, lock, compactions, &db.rot)); err != nil {
		return nil, errors.Join(db.guard.Failure(), err)
	}
	compactions.open()
	if err := db.load(before); err != nil {
		return nil, errors.Join(db.guard.Failure(), err, db.closePebble())
	}
	// What failed while opening was not told to Pebble.
	if err := db.guard.Failure(); err != nil {
		return nil, errors.Join(err, db.closePebble())
	}
	db.checkMarks()
	startWriting(db)
	return db, nil
}

// load reads what is small, and nothing that grows with the queue: the format, the counts and the cursors.
func (db *database) load(before *database) error {
	if err := db.loadFormat(); err != nil {
		return err
	}
	value, closer, err := db.pebble.Get(format.StateKey(nil))
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	db.memory.durable, err = format.DecodeState(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	db.clock = newClock(db.memory.durable.Clock)
	if err := db.loadCursors(); err != nil {
		return err
	}
	if before != nil {
		if err := db.withdraw(before.counts().Packages); err != nil {
			return err
		}
	}
	if err := db.loadApps(); err != nil {
		return err
	}
	if before != nil {
		return db.inherit(before)
	}
	return nil
}

// loadFormat refuses a store that a newer program has written, and marks a new one.
func (db *database) loadFormat() error {
	value, closer, err := db.pebble.Get(format.VersionKey(nil))
	if errors.Is(err, pebble.ErrNotFound) {
		return db.writeFormat()
	}
	if err != nil {
		return fmt.Errorf("read format: %w", err)
	}
	version, err := format.DecodeVersion(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	switch {
	case version == format.Version:
		return nil
	case version < format.Version:
		return fmt.Errorf("the store has format %d, and this program knows only format %d; send what is queued with the program that wrote it, then start with an empty data directory", version, format.Version)
	default:
		return fmt.Errorf("the store has format %d, and this program knows format %d; use the program that wrote it, or a newer one", version, format.Version)
	}
}

// writeFormat makes an empty database a store.
func (db *database) writeFormat() error {
	batch := db.pebble.NewBatch()
	err := errors.Join(
		batch.Set(format.VersionKey(nil), format.AppendVersion(nil), nil),
		batch.Set(format.StateKey(nil), format.AppendState(nil, &format.State{First: 1}), nil),
		batch.Commit(pebble.Sync),
	)
	if err != nil {
		return fmt.Errorf("write format: %w", err)
	}
	return nil
}

func (db *database) loadCursors() error {
	last := db.memory.durable.Last
	_, err := scan(db.pebble, &db.rot, allOf(format.Cursors), func(key, value []byte) error {
		c, err := format.DecodeCursor(value)
		if err != nil {
			return fmt.Errorf("cursor of %q: %w", key[1:], err)
		}
		// After a crash a cursor could only be ahead of the log if the disk had lost a synced write. Then the listener
		// must not miss what will get those numbers.
		c.Seq = min(c.Seq, last)
		c.Since = min(c.Since, c.Seq+1)
		db.memory.listeners.byName[string(key[1:])] = &listener{Cursor: c}
		return nil
	})
	return err
}
