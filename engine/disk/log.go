package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// Read implements [engine.Log].
func (s *Store) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	if limit < 1 {
		return nil, fmt.Errorf("read log: limit %d must be at least 1", limit)
	}
	l, err := s.enter()
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	defer l.calls.Done()
	responses, err := l.readLog(ctx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return responses, nil
}

func (l *life) readLog(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	for {
		if err := errors.Join(ctx.Err(), l.cause()); err != nil {
			return nil, err
		}
		l.mu.Lock()
		from, last := max(after+1, l.state.First), l.state.Last
		if l.logNews == nil {
			l.logNews = make(chan struct{})
		}
		news := l.logNews
		l.mu.Unlock()
		if from <= last && after < last {
			responses, err := l.responses(from, last, limit)
			if len(responses) > 0 || err != nil {
				return responses, err
			}
		}
		if err := l.wait(ctx, news, 0); err != nil {
			return nil, err
		}
	}
}

// responses reads from the log, from and last included.
func (l *life) responses(from, last uint64, limit int) ([]engine.Response, error) {
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: format.ResponseKey(nil, from),
		UpperBound: format.ResponseKey(nil, last+1),
	})
	if err != nil {
		return nil, err
	}
	responses := make([]engine.Response, 0, min(uint64(limit), last-from+1)) //nolint:gosec // limit is positive
	for valid := it.First(); valid && len(responses) < limit; valid = it.Next() {
		response, err := readResponse(it)
		if errors.Is(err, errDamaged) {
			// A listener that could not get past it would never see anything again.
			l.cfg.Log.Error().Err(err).Msg("a response in the log cannot be read; listeners miss it")
			continue
		}
		if err != nil {
			return nil, errors.Join(err, it.Close())
		}
		responses = append(responses, response)
	}
	return responses, errors.Join(it.Error(), it.Close())
}

func readResponse(it *pebble.Iterator) (engine.Response, error) {
	seq, err := format.CutResponseKey(it.Key())
	if err != nil {
		return engine.Response{}, err
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return engine.Response{}, err
	}
	_, response, err := format.DecodeResponse(seq, value)
	if err != nil {
		return engine.Response{}, fmt.Errorf("%w: response %d: %w", errDamaged, seq, err)
	}
	return response, nil
}

// Last implements [engine.Log].
func (s *Store) Last(ctx context.Context) (uint64, error) {
	stats, err := s.counts(ctx)
	if err != nil {
		return 0, fmt.Errorf("read end of log: %w", err)
	}
	return stats.Last, nil
}
