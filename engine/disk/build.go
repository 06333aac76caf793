package disk

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// builder builds the batch of one group.
type builder struct {
	*writer
	*group
	now int64
	// reader is the database as it was before this group, or, for an edit, with what the group has changed so far.
	reader pebble.Reader
	// These read what is behind the front of lanes, the sessions among that, and single keys. Nil until needed.
	packages, sessions, points *pebble.Iterator
	// counted are the rows of counts that this group has changed.
	changedRows []*countRow
	// ids are the IDs that this group adds.
	ids map[string]struct{}
}

// request writes everything of a request save its settlements.
func (b *builder) request(r *request) error {
	for i := range r.packages {
		if err := b.append(&r.packages[i]); err != nil {
			return err
		}
	}
	switch {
	case r.values != nil:
		return b.setValues(r.values)
	case r.enroll != nil:
		return b.enroll(r.enroll)
	case r.unenroll != nil:
		return b.unenroll(r.unenroll)
	case r.trim != nil:
		return b.trim(r.trim)
	case r.edit != nil:
		return b.edit(r.edit)
	case r.offer != "":
		return b.offerAgain(r.offer)
	case r.forget > 0:
		return b.forgetCounts(r.forget)
	default:
		return nil
	}
}

// close closes the iterators. Those that are needed afterwards are made anew, and see what the reader sees then.
func (b *builder) close() error {
	var err error
	for _, it := range []**pebble.Iterator{&b.packages, &b.sessions, &b.points} {
		if *it != nil {
			err = errors.Join(err, (*it).Close())
			*it = nil
		}
	}
	if err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	return nil
}

// get reads one key as the reader sees it. The value is valid until the next call.
//
// One iterator for all keys of a group replaces DB.Get, which makes one each time and, worse, does not ask the filters
// of the last level. Nearly all IDs that are looked up are new, so each of them cost a block read there: with DB.Get,
// half of the CPU of an Append went into reading and unpacking blocks.
func (b *builder) get(key []byte) (value []byte, found bool, err error) {
	if b.points == nil {
		b.points, err = b.reader.NewIter(&pebble.IterOptions{UseL6Filters: true})
		if err != nil {
			return nil, false, fmt.Errorf("read store: %w", err)
		}
	}
	if !b.points.SeekPrefixGE(key) {
		if err := b.points.Error(); err != nil {
			return nil, false, fmt.Errorf("read store: %w", err)
		}
		return nil, false, nil
	}
	value, err = b.points.ValueAndErr()
	if err != nil {
		return nil, false, fmt.Errorf("read store: %w", err)
	}
	return value, true, nil
}
