package postgres

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// Value implements [engine.Values].
func (s *Store) Value(ctx context.Context, space, key string) ([]byte, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("value: %w", err)
	}
	defer done()
	value := []byte{}
	err = s.look.QueryRow(ctx, s.sql["value"], []byte(space), []byte(key)).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("value %s of %s: %w", key, space, engine.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("value %s of %s: %w", key, space, failed(ctx, err))
	}
	return value, nil
}

// Values implements [engine.Values].
func (s *Store) Values(ctx context.Context, space string) (map[string][]byte, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("values: %w", err)
	}
	defer done()
	all := map[string][]byte{}
	_, err = rows(ctx, s.look, s.sql["values"], func(r pgx.Rows) (none struct{}, err error) {
		var key []byte
		value := []byte{}
		if err = r.Scan(&key, &value); err == nil {
			all[string(key)] = value
		}
		return none, err
	}, []byte(space))
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", space, failed(ctx, err))
	}
	return all, nil
}

// SetValues implements [engine.Values].
func (s *Store) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return fmt.Errorf("set values: %w", err)
	}
	defer done()
	if _, empty := pairs[""]; empty || space == "" {
		return errors.New("set values: neither space nor key may be empty")
	}
	var set, values, remove [][]byte
	for key, value := range pairs {
		if value == nil {
			remove = append(remove, []byte(key))
			continue
		}
		set, values = append(set, []byte(key)), append(values, value)
	}
	s.mu.Lock()
	host := s.host.number
	s.mu.Unlock()
	batch := &pgx.Batch{}
	batch.Queue(s.sql["hold space"], []byte(engine.OwnListener+space), host)
	if len(set) > 0 {
		batch.Queue(s.sql["set values"], []byte(space), set, values)
	}
	if len(remove) > 0 {
		batch.Queue(s.sql["remove values"], []byte(space), remove)
	}
	if len(pairs) == 0 {
		return nil
	}
	if err := s.work.send(ctx, batch); isCode(err, codeDivisionByZero) {
		return fmt.Errorf("set values of %s: %w", space, engine.ErrLost)
	} else if err != nil {
		return fmt.Errorf("set values of %s: %w", space, failed(ctx, err))
	}
	return nil
}
