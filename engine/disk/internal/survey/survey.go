package survey

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"
	"trackhook/engine/disk/internal/setup"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// Config says what is surveyed. All but MemTable is required.
type Config struct {
	Dir string         // the data folder
	FS  vfs.FS         // where it is
	Log zerolog.Logger // receives what people should know
	// MemTable is the size of a memtable of a store that is made, in bytes; 0 is the size of a host.
	MemTable uint64
}

// survey reads a store that nobody has open, and changes nothing in it.
type survey struct {
	ctx    context.Context //nolint:containedctx // a survey lives as long as the call that it is made for
	cfg    Config
	db     *pebble.DB
	folder *folder.Folder
	rot    *read.Rot
	report *Report
	state  format.State
	counts bool   // state could be read
	known  bool   // the format could be read, and is ours
	dir    string // what is read: the store, or a copy
	copied string // a copy that was made; "": none
}

// openPebble opens what is in a folder.
func (s *survey) openPebble(dir string, lock *pebble.Lock) (err error) {
	s.dir = dir
	s.db, err = setup.Open(dir, setup.Config{
		Files: s.cfg.FS, Lock: lock, Rot: s.rot, Log: s.cfg.Log, MemTable: s.cfg.MemTable, MustExist: true, ReadOnly: true,
	})
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	return nil
}

func (s *survey) close() (err error) {
	if s.db != nil {
		err = s.db.Close()
	}
	if s.copied != "" {
		err = errors.Join(err, s.cfg.FS.RemoveAll(s.copied))
	}
	return errors.Join(err, s.folder.Unlock())
}

func (s *survey) readState() error {
	value, found, err := s.get(format.VersionKey(nil))
	if err != nil {
		return err
	}
	if found {
		version, err := format.DecodeVersion(value)
		if err == nil && version != format.Version {
			return fmt.Errorf("the store has format %d, and this program knows format %d", version, format.Version)
		}
		s.known = err == nil
	}
	value, found, err = s.get(format.StateKey(nil))
	if err != nil {
		return err
	}
	if found {
		s.state, err = format.DecodeState(value)
	}
	if s.counts = found && err == nil; !s.counts {
		s.report.Uncounted = true
		s.report.wrong("what the store has counted is missing or cannot be understood")
	}
	return nil
}

// get reads one key. What cannot be read is not found, and is noted.
func (s *survey) get(key []byte) (value []byte, found bool, err error) {
	stored, closer, err := s.db.Get(key)
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return nil, false, nil
	case read.Unreadable(err):
		s.report.unreadable(format.Prefix(key[0]).Holds())
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("read store: %w", err)
	}
	value = append([]byte(nil), stored...)
	return value, true, closer.Close()
}

// each calls visit for each key of a kind that can be read.
func (s *survey) each(kind format.Prefix, visit func(key, value []byte) error) error {
	n := 0
	holes, err := read.Scan(s.db, s.rot, read.AllOf(kind), func(key, value []byte) error {
		if n++; n%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		return visit(key, value)
	})
	if holes > 0 {
		s.report.unreadable(kind.Holds())
	}
	return err
}

// checkFiles reads every block of every table.
func (s *survey) checkFiles() error {
	levels, err := s.db.SSTables()
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	seen := make(map[string]bool)
	for _, tables := range levels {
		for _, table := range tables {
			name := fmt.Sprintf("%s.sst", table.BackingSSTNum)
			if seen[name] {
				continue
			}
			seen[name] = true
			if err := s.ctx.Err(); err != nil {
				return err
			}
			if err := s.checkTable(name); err != nil {
				s.report.Files = append(s.report.Files, fmt.Sprintf("%s: %v", name, err))
			}
		}
	}
	return nil
}

func (s *survey) checkTable(name string) error {
	file, err := s.cfg.FS.Open(s.cfg.FS.PathJoin(s.dir, name))
	if err != nil {
		return err
	}
	readable, err := sstable.NewSimpleReadable(file)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	opts := (&pebble.Options{}).MakeReaderOptions()
	reader, err := sstable.NewReader(s.ctx, readable, opts)
	if err != nil {
		return err // it has closed the file
	}
	return errors.Join(reader.ValidateBlockChecksums(), reader.Close())
}

// lost compares what was read with what the store has counted.
func (s *survey) lost() {
	if !s.counts {
		return
	}
	r, state := s.report, &s.state
	less := func(counted, found uint64) uint64 { return max(counted, found) - found }
	r.LostPackages = less(state.Queued, r.Packages)
	r.LostDeadLetters = less(state.Dead, r.DeadLetters)
	r.LostResponses = less(state.Last+1-min(state.First, state.Last+1), r.Responses)
}
