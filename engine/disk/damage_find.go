package disk

import (
	"errors"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// maxIDScans bounds the damaged packages whose ID is looked for among all IDs, which takes a second for a million.
const maxIDScans = 8

// recordDamage keeps in memory that the next package of a lane cannot be read, and frees its place under the limit of its
// app. The lane stays leased, so that order is kept.
func (db *database) recordDamage(e *dueLane, why error) {
	m := &db.memory
	if errors.Is(why, errLane) {
		m.mu.Lock()
		m.leases.damaged[e.lane] = damage{lane: e.lane, number: e.Number, whole: true}
		m.leases.release(e.lane)
		m.mu.Unlock()
		db.cfg.Log.Error().Err(why).Uint64("package", e.Number).
			Msg("what is stored about a lane cannot be read; what is queued in it waits until the store is repaired, as with `trackhook store repair`")
		return
	}
	m.mu.Lock()
	known := len(m.leases.damaged)
	m.mu.Unlock()
	id, kind, err := db.findDamagedID(e.Number, known < maxIDScans)
	if err != nil {
		db.cfg.Log.Error().Err(err).Uint64("package", e.Number).Msg("cannot find out which package is damaged")
	}
	d := damage{lane: e.lane, number: e.Number, id: id, kind: kind}
	m.mu.Lock()
	m.leases.damaged[e.lane] = d
	m.leases.release(e.lane)
	m.mu.Unlock()
	db.cfg.Log.Error().Err(why).Uint64("package", e.Number).Str("id", d.id).
		Msg("the next package of a lane cannot be read; the packages behind it wait until it is dropped, as with `trackhook queue drop '" +
			d.name() + "'`")
}

// findDamagedID finds the ID of a damaged package, and its kind where that can still be read. What the value says is
// believed only when the ID leads back to the package. scanAll looks for the ID among all there are, if need be.
func (db *database) findDamagedID(number uint64, scanAll bool) (id string, kind engine.Kind, err error) {
	value, closer, err := db.pebble.Get(format.PackageKey(nil, number))
	if err == nil {
		id, kind = format.DecodeRemains(value)
		if err := closer.Close(); err != nil {
			return "", "", err
		}
		if leads, err := db.idLeadsTo(id, number); leads || err != nil {
			if !kind.Known() {
				kind = ""
			}
			return id, kind, err
		}
	} else if !errors.Is(err, pebble.ErrNotFound) && !read.Unreadable(err) {
		return "", "", err
	}
	if !scanAll {
		return "", "", nil
	}
	id = ""
	_, err = read.Scan(db.pebble, db.rot, read.AllOf(format.IDs), func(key, value []byte) error {
		record, err := format.DecodeIDRecord(value)
		if err == nil && record.State == format.IDQueued && record.Number == number {
			id = string(key[1:])
		}
		return nil // one that is damaged as well is not it
	})
	return id, "", err
}

// findDamagedIDs looks for the IDs of damaged packages that are about to be dropped by their numbers, because an ID that
// leads nowhere would be taken for a queued package for ever.
func (db *database) findDamagedIDs(ids []string) error {
	m := &db.memory
	for _, id := range ids {
		number, ok := read.ParseDamagedID(id)
		if !ok {
			continue
		}
		m.mu.Lock()
		d, known := m.leases.damagedNumber(number)
		m.mu.Unlock()
		if !known || d.id != "" {
			continue
		}
		var err error
		if d.id, d.kind, err = db.findDamagedID(number, true); err != nil {
			return err
		}
		m.mu.Lock()
		if _, known := m.leases.damaged[d.lane]; known {
			m.leases.damaged[d.lane] = d
		}
		m.mu.Unlock()
	}
	return nil
}

// idLeadsTo tells whether an ID is that of a queued package.
func (db *database) idLeadsTo(id string, number uint64) (bool, error) {
	value, closer, err := db.pebble.Get(format.IDKey(nil, id))
	if errors.Is(err, pebble.ErrNotFound) || read.Unreadable(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	record, err := format.DecodeIDRecord(value)
	return err == nil && record.State == format.IDQueued && record.Number == number, closer.Close()
}
