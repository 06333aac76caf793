package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
)

// Package implements [engine.Inspector].
func (s *Store) Package(ctx context.Context, id string) (state engine.PackageState, err error) {
	err = s.view(ctx, func(v *view) error {
		record, err := v.idRecord(id)
		if err != nil {
			return err
		}
		state, err = v.packageState(record)
		return err
	})
	if err != nil {
		return engine.PackageState{}, fmt.Errorf("read package %q: %w", id, err)
	}
	return state, nil
}

// History implements [engine.Inspector].
func (s *Store) History(ctx context.Context, id string) (history []engine.Response, err error) {
	err = s.view(ctx, func(v *view) error {
		record, err := v.idRecord(id)
		if errors.Is(err, engine.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		history, err = v.history(record)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read history of package %q: %w", id, err)
	}
	return history, nil
}
