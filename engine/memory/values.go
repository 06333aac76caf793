package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine"
)

// Value implements [engine.Values].
func (s *Store) Value(ctx context.Context, space, key string) ([]byte, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	value, ok := s.values[space][key]
	if !ok {
		return nil, fmt.Errorf("value %s of %s: %w", key, space, engine.ErrNotFound)
	}
	return slices.Clone(value), nil
}

// Values implements [engine.Values].
func (s *Store) Values(ctx context.Context, space string) (map[string][]byte, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	all := make(map[string][]byte, len(s.values[space]))
	for key, value := range s.values[space] {
		all[key] = slices.Clone(value)
	}
	return all, nil
}

// SetValues implements [engine.Values].
func (s *Store) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	if _, ok := pairs[""]; ok || space == "" {
		return errors.New("set values: neither space nor key may be empty")
	}
	if s.values[space] == nil {
		s.values[space] = map[string][]byte{}
	}
	for key, value := range pairs {
		if value == nil {
			delete(s.values[space], key)
		} else {
			s.values[space][key] = slices.Clone(value)
		}
	}
	return nil
}
