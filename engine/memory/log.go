package memory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"trackhook/engine"
)

// Read implements [engine.Log].
func (s *Store) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	var responses []engine.Response
	err := s.wait(ctx, func() (bool, time.Time) {
		if after < uint64(len(s.log)) {
			rest := s.log[after:]
			responses = slices.Clone(rest[:min(limit, len(rest))])
		}
		return len(responses) > 0, time.Time{}
	})
	return responses, err
}

// Enroll implements [engine.Log].
func (s *Store) Enroll(ctx context.Context, listener string) (uint64, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	if _, known := s.cursors[listener]; !known {
		s.cursors[listener] = uint64(len(s.log))
	}
	return s.cursors[listener], nil
}

// Commit implements [engine.Log].
func (s *Store) Commit(ctx context.Context, listener string, seq uint64, runs engine.Runs) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	at, known := s.cursors[listener]
	if !known {
		return fmt.Errorf("commit cursor of %s: listener %w: it was never enrolled", listener, engine.ErrNotFound)
	}
	if seq > at {
		runs.Failed = maps.Clone(runs.Failed)
		s.commits = append(s.commits, commit{listener: listener, after: at, until: seq, runs: runs})
		s.cursors[listener] = seq
	}
	return nil
}

// Cursors implements [engine.Log].
func (s *Store) Cursors(ctx context.Context) (map[string]uint64, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return maps.Clone(s.cursors), nil
}

// Forget implements [engine.Log].
func (s *Store) Forget(ctx context.Context, listener string) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	if _, known := s.cursors[listener]; !known {
		return fmt.Errorf("forget listener %s: %w", listener, engine.ErrNotFound)
	}
	delete(s.cursors, listener)
	s.commits = slices.DeleteFunc(s.commits, func(c commit) bool { return c.listener == listener })
	return nil
}

// Last implements [engine.Log].
func (s *Store) Last(ctx context.Context) (uint64, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	return uint64(len(s.log)), nil
}
