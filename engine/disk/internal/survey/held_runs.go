package survey

import (
	"context"
	"time"

	"trackhook/engine/contents"
	"trackhook/engine/disk/internal/format"
)

// failuresOfRuns bounds the errors that one [contents.Runs] has.
const failuresOfRuns = 64

// Listeners implements [contents.Source].
func (h *Held) Listeners(ctx context.Context, visit func(l *contents.Listener) error) error {
	failed, err := h.lastFailures(ctx)
	if err != nil {
		return err
	}
	return h.walk(ctx, format.Cursors, "", func(key, value []byte) error {
		c, err := format.DecodeCursor(value)
		if err != nil {
			return err
		}
		name := string(key[1:])
		return visit(&contents.Listener{
			Name: name, Seq: c.Seq, Seen: time.Unix(0, c.Touched), Since: soundSince(&c, failed[name]), Version: c.Version,
		})
	})
}

// lastFailures returns the last response of which the run failed, by listener.
func (h *Held) lastFailures(ctx context.Context) (map[string]uint64, error) {
	last := map[string]uint64{}
	return last, h.walk(ctx, format.Failures, "", func(key, _ []byte) error {
		seq, listener, err := format.CutFailureKey(key)
		last[listener] = seq
		return err
	})
}

// soundSince returns behind which response the version of a cursor has handled all without an error.
func soundSince(c *format.Cursor, failed uint64) uint64 {
	since := min(max(c.Since, 1)-1, c.Seq)
	if failed > since && failed <= c.Seq {
		since = failed
	}
	return since
}

// runsOf makes the Runs of one listener out of its stretches and its errors, which come in their order.
type runsOf struct {
	visit     func(*contents.Runs) error
	listener  string
	stretches []format.Stretch // those that are not over yet; the newest is what its cursor says
	after     uint64           // of the first of them, so much is told
	failed    map[uint64]string
}

// Runs implements [contents.Source].
func (h *Held) Runs(ctx context.Context, visit func(r *contents.Runs) error) error {
	all := map[string]*runsOf{}
	var order []*runsOf
	of := func(listener string) *runsOf {
		r := all[listener]
		if r == nil {
			r = &runsOf{visit: visit, listener: listener}
			all[listener] = r
			order = append(order, r)
		}
		return r
	}
	err := h.walk(ctx, format.Stretches, "", func(key, value []byte) error {
		listener, since, err := format.CutStretchKey(key)
		if err != nil {
			return err
		}
		s, err := format.DecodeStretch(since, value)
		r := of(listener)
		r.stretches = append(r.stretches, s)
		return err
	})
	if err != nil {
		return err
	}
	sound := map[string]uint64{} // what is told by the cursor
	failures, err := h.lastFailures(ctx)
	if err != nil {
		return err
	}
	err = h.walk(ctx, format.Cursors, "", func(key, value []byte) error {
		c, err := format.DecodeCursor(value)
		if err != nil {
			return err
		}
		listener := string(key[1:])
		if sound[listener] = soundSince(&c, failures[listener]); sound[listener] >= max(c.Since, 1) {
			r := of(listener)
			r.stretches = append(r.stretches, format.Stretch{Since: c.Since, Until: sound[listener], Version: c.Version})
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = h.walk(ctx, format.Failures, "", func(key, value []byte) error {
		seq, listener, err := format.CutFailureKey(key)
		if err != nil {
			return err
		}
		text, err := format.DecodeFailure(value)
		if err != nil {
			return err
		}
		return of(listener).fail(seq, text)
	})
	for _, r := range order {
		if err == nil {
			err = r.upTo(^uint64(0))
		}
	}
	return err
}

// fail takes the next error.
func (r *runsOf) fail(seq uint64, text string) error {
	if err := r.upTo(seq); err != nil {
		return err
	}
	if len(r.stretches) == 0 || seq < r.stretches[0].Since {
		return nil // nobody knows which version that was
	}
	if r.failed == nil {
		r.failed = map[uint64]string{}
	}
	r.failed[seq] = text
	if len(r.failed) == failuresOfRuns {
		return r.tell(seq)
	}
	return nil
}

// upTo tells the stretches that end before a response.
func (r *runsOf) upTo(seq uint64) error {
	for len(r.stretches) > 0 && r.stretches[0].Until < seq {
		if err := r.tell(r.stretches[0].Until); err != nil {
			return err
		}
		r.stretches = r.stretches[1:]
	}
	return nil
}

// tell tells the first stretch up to a response.
func (r *runsOf) tell(until uint64) error {
	s := &r.stretches[0]
	after := max(r.after, max(s.Since, 1)-1)
	failed := r.failed
	r.failed, r.after = nil, until
	if after >= until {
		return nil
	}
	return r.visit(&contents.Runs{Listener: r.listener, After: after, Until: until, Version: s.Version, Failed: failed})
}
