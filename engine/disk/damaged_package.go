package disk

import (
	"cmp"
	"errors"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// maxIDScans bounds the damaged packages whose ID is looked for among all IDs, which takes a second for a million.
const maxIDScans = 8

// errLane means that it is the lane itself that is damaged.
var errLane = errors.New("the lane cannot be read")

// recordDamage keeps in memory that the next package of a lane cannot be read, and frees its place under the limit of its
// app. The lane stays leased, so that order is kept.
func (db *database) recordDamage(e *live.DueLane, why error) {
	if errors.Is(why, errLane) {
		db.memory.HoldDamaged(live.Damage{Lane: e.Lane, Number: e.Number, Whole: true})
		db.cfg.Log.Error().Err(why).Uint64("package", e.Number).
			Msg("what is stored about a lane cannot be read; what is queued in it waits until the store is repaired, as with `trackhook store repair`")
		return
	}
	id, kind, err := db.findDamagedID(e.Number, db.memory.CountDamaged() < maxIDScans)
	if err != nil {
		db.cfg.Log.Error().Err(err).Uint64("package", e.Number).Msg("cannot find out which package is damaged")
	}
	d := live.Damage{Lane: e.Lane, Number: e.Number, ID: id, Kind: kind}
	db.memory.HoldDamaged(d)
	db.cfg.Log.Error().Err(why).Uint64("package", e.Number).Str("id", d.ID).
		Msg("the next package of a lane cannot be read; the packages behind it wait until it is dropped, as with `trackhook queue drop '" +
			d.Name() + "'`")
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
	for _, id := range ids {
		number, ok := read.ParseDamagedID(id)
		if !ok {
			continue
		}
		d, known := db.memory.Damaged(number)
		if !known || d.ID != "" {
			continue
		}
		var err error
		if d.ID, d.Kind, err = db.findDamagedID(number, true); err != nil {
			return err
		}
		db.memory.KnowDamaged(d)
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

// dropDamaged drops a damaged package, which nobody can have leased. It is not done when the package is not known to be
// damaged: then nothing holds its lane yet. id is its ID where that is known to lead to it, and else empty.
func (b *builder) dropDamaged(why dropReason, number uint64, id string) (done bool, err error) {
	d, known := b.memory.Damaged(number)
	if !known || d.Whole {
		return false, nil
	}
	d.ID = cmp.Or(d.ID, id)
	lane, err := format.CutLane([]byte(d.Lane))
	if err != nil {
		return false, err
	}
	l, err := b.lane(d.Lane)
	if err != nil || l.Slot(number) == nil {
		return false, err
	}
	front := *l.Slot(number)
	pkg := engine.Package{ID: d.ID, Kind: d.Kind, App: lane.App, Device: lane.Device}
	seq, err := b.writeDamagedDrop(why, &pkg, &front)
	if err != nil {
		return false, err
	}
	if err := b.dequeueDamaged(number, d.ID, seq); err != nil {
		return false, err
	}
	if _, err := read.Package(b.reader, number); errors.Is(err, pebble.ErrNotFound) || read.Unreadable(err) {
		b.changes.Absent++
	}
	was := l.Next().Place
	b.memory.ClaimDamaged(l.name, number, &b.changes)
	return true, errors.Join(b.removeFromLane(l, number, false), b.saveLane(l, was))
}

// dequeueDamaged removes a damaged package from the queue, and notes what became of its ID, where that is known.
func (b *builder) dequeueDamaged(number uint64, id string, seq uint64) error {
	b.state.Queued--
	b.key = format.PackageKey(b.key, number)
	err := b.batch.Delete(b.key, nil)
	if id != "" {
		err = errors.Join(err, b.setID(id, format.IDRecord{State: format.IDFinal, Number: number, Last: seq}))
	}
	return err
}

// writeDamagedDrop leaves a response in the log, as every drop does. A package whose kind is not known is not counted:
// there is no row for it.
func (b *builder) writeDamagedDrop(why dropReason, p *engine.Package, front *format.Slot) (seq uint64, err error) {
	damaged := dropReason{rule: "damaged", message: why.message + "; what was stored of it could not be read"}
	h := format.ResponseHeader{Previous: front.Previous, Accepted: b.clock.wall(b.now), Failures: front.Failures}
	if p.Kind != "" {
		p.Created = h.Accepted
		return b.writeDrop(damaged, p, front.Attempts, h)
	}
	h.Verdict, h.Logged = engine.Remove, b.now
	return b.writeUncounted(encodeDrop(damaged, p, front.Attempts), h)
}
