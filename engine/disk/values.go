package disk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// valuesRequest sets values of a space; nil removes one.
type valuesRequest struct {
	ticket
	space string
	pairs map[string][]byte
}

var errNoName = errors.New("space and key must not be empty")

// Value implements [engine.Values].
func (s *Store) Value(ctx context.Context, space, key string) ([]byte, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = ctx.Err()
	}
	if err == nil && (space == "" || key == "") {
		err = errNoName
	}
	var value []byte
	if err == nil {
		value, err = db.value(space, key)
	}
	if err != nil {
		return nil, fmt.Errorf("read value %q of %q: %w", key, space, err)
	}
	return value, nil
}

func (db *database) value(space, key string) ([]byte, error) {
	stored, closer, err := db.pebble.Get(format.ValueKey(nil, space, key))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, engine.ErrNotFound
	}
	if failure := db.failed(); err != nil && failure != nil {
		return nil, failure // a disk that is gone for now is no damage
	}
	if read.Unreadable(err) {
		return nil, fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	if err != nil {
		return nil, err
	}
	value := append([]byte{}, stored...)
	return value, closer.Close()
}

// Values implements [engine.Values].
func (s *Store) Values(ctx context.Context, space string) (map[string][]byte, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = ctx.Err()
	}
	if err == nil && space == "" {
		err = errNoName
	}
	values := make(map[string][]byte)
	if err == nil {
		prefix := format.ValueKey(nil, space, "")
		var holes int
		holes, err = read.Scan(db.pebble, db.rot, read.StartingWith(prefix), func(key, value []byte) error {
			values[string(key[len(prefix):])] = append([]byte{}, value...)
			return nil
		})
		if err == nil && holes > 0 {
			err = fmt.Errorf("%w: some values cannot be read", read.ErrDamaged) // whoever counts on all of them must know
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read values of %q: %w", space, err)
	}
	return values, nil
}

// SetValues implements [engine.Values].
func (s *Store) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = ctx.Err()
	}
	if _, empty := pairs[""]; err == nil && (space == "" || empty) {
		err = errNoName
	}
	if err == nil && len(pairs) > 0 {
		r := &valuesRequest{space: space, pairs: pairs}
		for key, value := range pairs {
			r.size += len(key) + len(value) + len(space)
		}
		err = db.submit(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("set values of %q: %w", space, err)
	}
	return nil
}

func (r *valuesRequest) write(b *builder) error {
	names := make([]string, 0, len(r.pairs))
	for name := range r.pairs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.key = format.ValueKey(b.key, r.space, name)
		var err error
		if value := r.pairs[name]; value != nil {
			err = b.batch.Set(b.key, value, nil)
		} else {
			err = b.batch.Delete(b.key, nil)
		}
		if err != nil {
			return fmt.Errorf("write value: %w", err)
		}
	}
	return nil
}
