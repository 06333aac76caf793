package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"
	"trackhook/engine/disk/internal/setup"

	"github.com/cockroachdb/pebble/v2"
)

// openDatabase opens the database and starts its goroutines. before is the one before, whose leases go on; nil at the first
// opening.
func openDatabase(cfg Config, locked *folder.Folder, before *database) (*database, error) {
	db := newDatabase(cfg, locked)
	err := folder.Check(cfg.FS, db.guard, cfg.Dir, &cfg.Log)
	if err != nil {
		return nil, err
	}
	db.pebble, err = setup.Open(cfg.Dir, setup.Config{
		Files: db.guard, Lock: locked.PebbleLock(), Rot: db.rot, Log: cfg.Log, MemTable: cfg.memTable, Block: cfg.block, MustExist: before != nil,
	})
	if err != nil {
		return nil, errors.Join(db.guard.Failure(), folder.Explain(cfg.FS, cfg.Dir, db.guard.Log(), err))
	}
	if err := db.load(before); err != nil {
		return nil, errors.Join(db.guard.Failure(), folder.Explain(cfg.FS, cfg.Dir, "", err), db.closePebble())
	}
	// What failed while opening was not told to Pebble.
	if err := db.guard.Failure(); err != nil {
		return nil, errors.Join(err, db.closePebble())
	}
	db.checkMarks()
	startWriting(db)
	return db, nil
}

// load reads what is small, and nothing that grows with the queue: the format, the counts, the first of what they count, and
// the cursors.
func (db *database) load(before *database) error {
	if err := db.loadFormat(); err != nil {
		return err
	}
	value, closer, err := db.pebble.Get(format.StateKey(nil))
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	state, err := format.DecodeState(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	db.memory.Begin(state)
	if err := db.loadMark(&state); err != nil {
		return err
	}
	if err := db.loadAbsent(&state); err != nil {
		return err
	}
	db.clock = newClock(state.Clock)
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
		return db.makeFormat()
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

// makeFormat makes an empty database a store. One that holds something without a format has lost its beginning.
func (db *database) makeFormat() error {
	it, err := db.pebble.NewIter(nil)
	if err != nil {
		return fmt.Errorf("look for a format: %w", err)
	}
	found := it.First()
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return fmt.Errorf("look for a format: %w", err)
	}
	if found {
		return errors.New("the store holds packages or answers and not its first entries, so its first log is missing; " + folder.WayOn)
	}
	return db.writeFormat()
}

// writeFormat makes an empty database a store. The log of a new database was begun before Pebble raised its format: its
// chunks do not say up to where they were synced, so that a flipped bit would end the replay in silence, like a crash.
// A flush begins another log before anything is taken in.
func (db *database) writeFormat() error {
	batch := db.pebble.NewBatch()
	err := errors.Join(
		batch.Set(format.VersionKey(nil), format.AppendVersion(nil), nil),
		batch.Set(format.StateKey(nil), format.AppendState(nil, &format.State{First: 1}), nil),
		batch.Commit(pebble.Sync),
		db.pebble.Flush(),
	)
	if err != nil {
		return fmt.Errorf("write format: %w", err)
	}
	return nil
}

// loadMark tells when something that was on disk is missing.
func (db *database) loadMark(found *format.State) (err error) {
	if db.mark, err = folder.ReadMark(db.cfg.FS, db.cfg.Dir); err != nil {
		return err
	}
	packages, responses := db.mark.Miss(found)
	db.missed = db.mark.Note(db.cfg.Dir)
	if packages == 0 && responses == 0 {
		return nil
	}
	db.cfg.Log.Error().Uint64("packages", packages).Uint64("responses", responses).
		Uint64("newest_package", found.Packages).Msg(db.missed)
	if err := db.mark.Write(db.cfg.FS, db.cfg.Dir); err != nil {
		return fmt.Errorf("write mark: %w", err)
	}
	return nil
}

// countMost bounds the keys that an opening counts of each kind, which takes some milliseconds. What was removed and is not
// compacted away yet is stepped over on the way, and that is not bounded: after 300,000 packages were sent, 0.1 s, once.
const countMost = 1 << 12

// loadAbsent compares what the store has counted with the keys that are there, as far as it can be told from the first of
// them, and tells when something is missing. A file that went away together with the note of it leaves no other trace.
func (db *database) loadAbsent(counted *format.State) error {
	absent := live.Absent{}
	for _, row := range []struct {
		kind    format.Prefix
		counted uint64
		missing *uint64
	}{
		{format.Packages, counted.Queued, &absent.Queued},
		{format.DeadLetters, counted.Dead, &absent.Dead},
		{format.Due, counted.Lanes, &absent.Due},
	} {
		found, more, err := db.countKeys(row.kind, min(row.counted, countMost))
		if err != nil {
			return fmt.Errorf("count what is stored: %w", err)
		}
		absent.Uncounted = absent.Uncounted || more && found == row.counted
		if !more && found < row.counted {
			*row.missing = row.counted - found
		}
	}
	if note := db.memory.Miss(absent); note != "" {
		db.cfg.Log.Error().Uint64("queued", absent.Queued).Uint64("dead", absent.Dead).Uint64("due", absent.Due).Msg(note)
	}
	return nil
}

// countKeys counts the keys of a kind that can be read, up to most, and tells whether there are more.
func (db *database) countKeys(kind format.Prefix, most uint64) (found uint64, more bool, err error) {
	w, err := read.NewWalker(db.pebble, db.rot, read.AllOf(kind))
	if err != nil {
		return 0, false, err
	}
	valid := w.First()
	for ; valid && found < most; valid = w.Next() {
		found++
	}
	return found, valid, w.Close()
}

func (db *database) loadCursors() error {
	last := db.counts().Last
	_, err := read.Scan(db.pebble, db.rot, read.AllOf(format.Cursors), func(key, value []byte) error {
		name := string(key[1:])
		c, err := format.DecodeCursor(value)
		if err != nil {
			c = read.LostCursor(db.pebble, name, db.clock.now())
			db.memory.LoseCursor(name)
			db.cfg.Log.Error().Err(err).Str("listener", name).Uint64("after", c.Seq).Msg(lostCursorText)
		}
		// After a crash a cursor could only be ahead of the log if the disk had lost a synced write. Then the listener
		// must not miss what will get those numbers.
		c.Seq = min(c.Seq, last)
		c.Since = min(c.Since, c.Seq+1)
		db.memory.Enroll(name, c)
		return nil
	})
	return err
}
