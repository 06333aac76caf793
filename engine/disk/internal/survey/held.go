package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/contents"
	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// Held is what a store holds that nobody has open, all of which can be read. It is a [contents.Source].
type Held struct {
	s      *survey
	totals contents.Totals
}

var _ contents.Source = (*Held)(nil)

// Contents calls use with what a store holds, while its folder is locked and nobody changes it. First it reads all of it: a store
// that is damaged is an error, and use is not called.
func Contents(ctx context.Context, cfg Config, use func(*Held) error) error {
	s, err := openSurvey(ctx, cfg, "")
	if err != nil {
		return folder.Advise(err)
	}
	for _, check := range []func() error{
		s.checkFiles, s.checkPackages, s.checkIDs, s.checkLanes, s.checkBehind, s.checkDead, s.checkResponses, s.checkRest,
	} {
		if err == nil {
			err = check()
		}
	}
	s.lost()
	if err == nil && (!s.known || s.report.Damaged()) {
		err = errors.New("it is damaged; `trackhook store verify` says what is lost, and `trackhook store repair --to DIR` makes a new store of the rest")
	}
	h := &Held{s: s}
	if err == nil {
		err = h.count(ctx)
	}
	if err == nil {
		err = use(h)
	}
	return errors.Join(err, s.close())
}

// count counts what the checks have not.
func (h *Held) count(ctx context.Context) error {
	state, found := &h.s.state, h.s.report
	h.totals = contents.Totals{
		Queued: found.Packages, Dead: found.DeadLetters, Responses: found.Responses, Values: found.Values, Lanes: state.Lanes,
		Newest: state.Packages, First: state.First, Last: state.Last, Now: time.Unix(0, max(time.Now().UnixNano(), state.Clock)),
	}
	return errors.Join(
		h.Devices(ctx, "", func(string, *contents.Device) error { h.totals.Devices++; return nil }),
		h.walk(ctx, format.CountsOfDay, "", func(_, _ []byte) error { h.totals.Counts++; return nil }),
		h.walk(ctx, format.Cursors, "", func(_, _ []byte) error { h.totals.Listeners++; return nil }),
	)
}

// Move returns what is noted about the move of the folder.
func (h *Held) Move() (folder.Move, error) { return folder.ReadMove(h.s.cfg.FS, h.s.cfg.Dir) }

// SetMove notes that the folder is moved; one without an ID takes the note away.
func (h *Held) SetMove(m folder.Move) error {
	if m.ID == "" {
		return folder.RemoveMove(h.s.cfg.FS, h.s.cfg.Dir)
	}
	return folder.WriteMove(h.s.cfg.FS, h.s.cfg.Dir, m)
}

// Totals implements [contents.Source].
func (h *Held) Totals() contents.Totals { return h.totals }

// walk calls visit for each key of a kind behind one.
func (h *Held) walk(ctx context.Context, kind format.Prefix, after string, visit func(key, value []byte) error) error {
	bounds := read.AllOf(kind)
	if after != "" {
		bounds.LowerBound = append([]byte(after), 0)
	}
	holes, err := read.Scan(h.s.db, h.s.rot, bounds, func(key, value []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return visit(key, value)
	})
	if err == nil && holes > 0 {
		err = read.ErrDamaged
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", kind.Holds(), err)
	}
	return nil
}

// Responses implements [contents.Source].
func (h *Held) Responses(ctx context.Context, after string, visit func(at string, r *contents.Response) error) error {
	return h.walk(ctx, format.Responses, after, func(key, value []byte) error {
		seq, err := format.CutResponseKey(key)
		if err != nil {
			return err
		}
		header, response, err := format.DecodeResponse(seq, value)
		if err != nil {
			return err
		}
		return visit(string(key), &contents.Response{
			Response: response, Accepted: header.Accepted, Failures: header.Failures, Final: header.Verdict == engine.Remove,
		})
	})
}

// Packages implements [contents.Source].
func (h *Held) Packages(ctx context.Context, after string, visit func(at string, p *contents.Package) error) error {
	return h.walk(ctx, format.Packages, after, func(key, value []byte) error {
		_, number, err := format.CutNumber(key)
		if err != nil {
			return err
		}
		q, err := format.DecodePackage(value)
		if err != nil {
			return err
		}
		p := contents.Package{Package: q.Package, Number: number, Accepted: q.Accepted}
		lane, err := read.Lane(h.s.db, format.LaneName(q.Package.Lane()))
		if err != nil {
			return err
		}
		if slot := lane.Slot(number); slot != nil {
			p.Front, p.Waits = true, lane.Waiting && slot == &lane.Head
			p.Due, p.Attempts, p.Failures, p.Last = time.Unix(0, slot.Due), slot.Attempts, slot.Failures, slot.Last
			if p.Message, err = h.message(slot.Previous); err != nil {
				return err
			}
		}
		return visit(string(key), &p)
	})
}

// message returns the message of a response, as far as it is kept.
func (h *Held) message(seq uint64) (string, error) {
	if seq == 0 {
		return "", nil
	}
	value, found, err := h.s.get(format.ResponseKey(nil, seq))
	if err != nil || !found {
		return "", err
	}
	_, response, err := format.DecodeResponse(seq, value)
	return response.Message, err
}

// DeadLetters implements [contents.Source].
func (h *Held) DeadLetters(ctx context.Context, after string, visit func(at string, d *contents.DeadLetter) error) error {
	return h.walk(ctx, format.DeadLetters, after, func(key, value []byte) error {
		_, number, err := format.CutNumber(key)
		if err != nil {
			return err
		}
		d, err := format.DecodeDeadLetter(value)
		if err != nil {
			return err
		}
		return visit(string(key), &contents.DeadLetter{
			Package: d.Package, Number: number, Accepted: d.Accepted, Buried: time.Unix(0, d.Buried), Attempts: d.Attempts,
			Failures: d.Failures, Last: d.Outcome, Message: d.Message,
		})
	})
}

// Known implements [contents.Source].
func (h *Held) Known(ctx context.Context, after string, visit func(at, id string) error) error {
	return h.walk(ctx, format.IDs, after, func(key, value []byte) error {
		record, err := format.DecodeIDRecord(value)
		if err != nil || record.State != format.IDFinal {
			return err
		}
		stored, found, err := h.s.get(format.ResponseKey(nil, record.Last))
		if err != nil {
			return err
		}
		if found {
			header, id, err := format.DecodeResponseHeader(stored)
			if err != nil || header.Verdict == engine.Remove && id == string(key[1:]) {
				return err
			}
		}
		return visit(string(key), string(key[1:]))
	})
}

// Devices implements [contents.Source].
func (h *Held) Devices(ctx context.Context, after string, visit func(at string, d *contents.Device) error) error {
	return h.walk(ctx, format.Lanes, after, func(key, value []byte) error {
		record, err := format.DecodeLaneRecord(value)
		if err != nil || !record.Known() {
			return err
		}
		lane, err := format.CutLane(key[1:])
		if err != nil {
			return err
		}
		return visit(string(key), &contents.Device{Lane: lane, Device: record.Device})
	})
}

// Values implements [contents.Source].
func (h *Held) Values(ctx context.Context, after string, visit func(at string, v *contents.Value) error) error {
	return h.walk(ctx, format.Values, after, func(key, value []byte) error {
		space, name, err := format.CutValueKey(key)
		if err != nil {
			return err
		}
		return visit(string(key), &contents.Value{Space: space, Key: name, Value: append([]byte{}, value...)})
	})
}

// Value reads one value. [engine.ErrNotFound]: there is none.
func (h *Held) Value(_ context.Context, space, key string) ([]byte, error) {
	stored, closer, err := h.s.db.Get(format.ValueKey(nil, space, key))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, engine.ErrNotFound
	}
	if err != nil {
		return nil, read.Error("read value", err)
	}
	value := append([]byte{}, stored...)
	return value, closer.Close()
}

// Counts implements [contents.Source].
func (h *Held) Counts(ctx context.Context, after string, visit func(at string, c *engine.Count) error) error {
	return h.walk(ctx, format.CountsOfDay, after, func(key, value []byte) error {
		k, err := format.CutCountKey(key)
		if err != nil {
			return err
		}
		n, err := format.DecodeCounts(value)
		if err != nil {
			return err
		}
		c := engine.Count{
			Day: time.Unix(int64(k.Day)*24*60*60, 0).UTC(), App: engine.App{Token: k.Token, Environment: engine.Environment(k.Environment)},
			Kind: engine.Kind(k.Kind), EventToken: k.EventToken, Accepted: n.Accepted, Ambiguous: n.Ambiguous,
			Outcomes: make(map[engine.Outcome]uint64, len(n.Outcomes)),
		}
		for outcome, times := range n.Outcomes {
			if times > 0 {
				c.Outcomes[engine.Outcome(outcome)] = times //nolint:gosec // it was one
			}
		}
		return visit(string(key), &c)
	})
}
