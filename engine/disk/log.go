package disk

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// Read implements [engine.Log].
func (s *Store) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	if limit < 1 {
		return nil, fmt.Errorf("read log: limit %d must be at least 1", limit)
	}
	db, err := s.enter()
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	defer db.calls.Done()
	responses, err := db.readLog(ctx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return responses, nil
}

func (db *database) readLog(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	for {
		if err := errors.Join(ctx.Err(), db.cause()); err != nil {
			return nil, err
		}
		durable, news := db.memory.WatchLog()
		from, last := max(after+1, durable.First), durable.Last
		if from <= last && after < last {
			responses, err := db.responses(from, last, limit)
			if len(responses) > 0 || err != nil {
				return responses, err
			}
		}
		if err := db.wait(ctx, news, 0); err != nil {
			return nil, err
		}
	}
}

// responses reads from the log, from and last included.
func (db *database) responses(from, last uint64, limit int) ([]engine.Response, error) {
	w, err := read.NewWalker(db.pebble, db.rot, &pebble.IterOptions{
		LowerBound: format.ResponseKey(nil, from),
		UpperBound: format.ResponseKey(nil, last+1),
	})
	if err != nil {
		return nil, err
	}
	responses := make([]engine.Response, 0, min(uint64(limit), last-from+1)) //nolint:gosec // limit is positive
	for valid := w.First(); valid && len(responses) < limit; valid = w.Next() {
		response, err := readResponse(w)
		if errors.Is(err, read.ErrDamaged) {
			// A listener that could not get past it would never see anything again.
			db.cfg.Log.Error().Err(err).Msg("a response in the log cannot be read; listeners miss it")
			continue
		}
		if err != nil {
			return nil, errors.Join(err, w.Close())
		}
		responses = append(responses, response)
	}
	holes := w.Holes()
	for i := range holes {
		db.cfg.Log.Error().Uint64("missed", missed(&holes[i], last)).Msg("responses in the log cannot be read; listeners miss them")
	}
	return responses, w.Close()
}

// missed returns how many responses a hole in the log takes at most, of those up to last.
func missed(h *read.Hole, last uint64) uint64 {
	number := func(key []byte, past uint64) uint64 {
		if key[0] != byte(format.Responses) {
			return past
		}
		return binary.BigEndian.Uint64(append(append([]byte(nil), key[1:]...), make([]byte, 8)...))
	}
	from, to := number(h.From, 0), min(number(h.To, last+1), last+1)
	if len(h.From) > 9 { // it is behind that key
		from++
	}
	return max(from, to) - from
}

func readResponse(it *read.Walker) (engine.Response, error) {
	seq, err := format.CutResponseKey(it.Key())
	if err != nil {
		return engine.Response{}, err
	}
	value, err := it.Value()
	if err != nil {
		return engine.Response{}, err
	}
	_, response, err := format.DecodeResponse(seq, value)
	if err != nil {
		return engine.Response{}, fmt.Errorf("%w: response %d: %w", read.ErrDamaged, seq, err)
	}
	return response, nil
}

// Last implements [engine.Log].
func (s *Store) Last(ctx context.Context) (uint64, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = ctx.Err()
	}
	if err != nil {
		return 0, fmt.Errorf("read end of log: %w", err)
	}
	return db.counts().Last, nil
}
