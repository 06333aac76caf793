package disk

import (
	"context"
	"errors"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// WithMemTable makes Pebble write files of about this size, so that short tests reach flushes and compactions.
func WithMemTable(cfg Config, bytes uint64) Config {
	cfg.memTable = bytes
	return cfg
}

// WithBlocks makes Pebble write blocks of about this size, so that it takes less time to find out that one is damaged.
func WithBlocks(cfg Config, bytes int) Config {
	cfg.block = bytes
	return cfg
}

// Damage replaces the stored value of a queued package, which is not known from memory any more; nil removes it.
func Damage(s *Store, number uint64, value []byte) error {
	s.database.fresh.Take(number)
	key := format.PackageKey(nil, number)
	if value == nil {
		return s.database.pebble.Delete(key, nil)
	}
	return s.database.pebble.Set(key, value, nil)
}

// DamageKey replaces the stored value of a key; nil removes it.
func DamageKey(s *Store, key, value []byte) error {
	if value == nil {
		return s.database.pebble.Delete(key, nil)
	}
	return s.database.pebble.Set(key, value, nil)
}

// Stored returns the stored value of a queued package.
func Stored(s *Store, number uint64) ([]byte, error) {
	value, closer, err := s.database.pebble.Get(format.PackageKey(nil, number))
	if err != nil {
		return nil, err
	}
	return append([]byte(nil), value...), closer.Close()
}

// DamageLane makes the record of a lane one that cannot be read, until mend is called.
func DamageLane(s *Store, lane engine.Lane) (mend func() error, err error) {
	key := format.LaneKey(nil, string(format.AppendLane(nil, lane)))
	value, closer, err := s.database.pebble.Get(key)
	if err != nil {
		return nil, err
	}
	good := append([]byte(nil), value...)
	set := func(value []byte) error {
		// Files are damaged, not memtables.
		return errors.Join(s.database.pebble.Set(key, value, nil), s.database.pebble.Flush())
	}
	return func() error { return set(good) }, errors.Join(closer.Close(), set([]byte("x")))
}

// CompactAll lets Pebble tidy up all that it has, and returns what stopped it.
func CompactAll(s *Store) error {
	return s.database.pebble.Compact(context.Background(), []byte{0}, []byte{0xff}, false)
}
