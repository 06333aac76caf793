package disk

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// damage is a queued package that is next in its lane and cannot be read. Its lane is held until somebody drops it.
type damage struct {
	lane string
	// id is empty where even that is not known.
	id string
	// kind is empty where it is not known.
	kind engine.Kind
}

// maxIDScans bounds the damaged packages whose ID is looked for among all IDs, which takes a second for a million.
const maxIDScans = 8

// name is what a person calls the package: its ID, or else what [Store.Drop] takes instead.
func (d *damage) name(number uint64) string {
	if d.id != "" {
		return d.id
	}
	return damagedID(number)
}

// damagedID stands for the ID of a damaged package whose ID is not known.
func damagedID(number uint64) string { return "#" + strconv.FormatUint(number, 10) }

// recordDamage keeps in mind that the next package of a lane cannot be read, and frees its place under the limit of its app. The
// lane stays leased, so that order is kept.
func (db *database) recordDamage(e *dueLane, why error) {
	d := damage{lane: e.lane}
	db.mu.Lock()
	known := len(db.damaged)
	db.mu.Unlock()
	id, kind, err := db.findDamagedID(e.Number, known < maxIDScans)
	if err != nil {
		db.cfg.Log.Error().Err(err).Uint64("package", e.Number).Msg("cannot find out which package is damaged")
	}
	d.id, d.kind = id, kind
	db.mu.Lock()
	db.damaged[e.Number] = d
	db.releaseLocked(e.lane)
	db.mu.Unlock()
	db.cfg.Log.Error().Err(why).Uint64("package", e.Number).Str("id", d.id).
		Msg("the next package of a lane cannot be read; the packages behind it wait until it is dropped, as with `trackhook queue drop '" +
			d.name(e.Number) + "'`")
}

// findDamagedID finds the ID of a damaged package, and its kind where that can still be read. What the value says is believed
// only when the ID leads back to the package. scanAll looks for the ID among all there are, if need be.
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
	} else if !errors.Is(err, pebble.ErrNotFound) {
		return "", "", err
	}
	if !scanAll {
		return "", "", nil
	}
	id = ""
	err = scan(db.pebble, allOf(format.IDs), func(key, value []byte) error {
		if record, err := format.DecodeIDRecord(value); err == nil && record.State == format.IDQueued && record.Number == number {
			id = string(key[1:])
		}
		return nil // one that is damaged as well is not it
	})
	return id, "", err
}

// findDamagedIDs looks for the IDs of damaged packages that are about to be dropped by their numbers, because an ID that leads
// nowhere would be taken for a queued package for ever.
func (db *database) findDamagedIDs(ids []string) error {
	for _, id := range ids {
		number, ok := parseDamagedID(id)
		if !ok {
			continue
		}
		db.mu.Lock()
		d, known := db.damaged[number]
		db.mu.Unlock()
		if !known || d.id != "" {
			continue
		}
		var err error
		if d.id, d.kind, err = db.findDamagedID(number, true); err != nil {
			return err
		}
		db.mu.Lock()
		if _, known := db.damaged[number]; known {
			db.damaged[number] = d
		}
		db.mu.Unlock()
	}
	return nil
}

// idLeadsTo tells whether an ID is that of a queued package.
func (db *database) idLeadsTo(id string, number uint64) (bool, error) {
	value, closer, err := db.pebble.Get(format.IDKey(nil, id))
	if errors.Is(err, pebble.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	record, err := format.DecodeIDRecord(value)
	return err == nil && record.State == format.IDQueued && record.Number == number, closer.Close()
}

// damageNoteLocked says which packages are damaged, "" when none is known to be.
func (db *database) damageNoteLocked() string {
	const most = 3
	if len(db.damaged) == 0 {
		return ""
	}
	numbers := slices.Sorted(maps.Keys(db.damaged))
	var names []string
	for _, number := range numbers[:min(len(numbers), most)] {
		d := db.damaged[number]
		names = append(names, d.name(number))
	}
	more := ""
	if n := len(numbers) - len(names); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("stored packages cannot be read, and what is behind them in their lanes waits: %s%s; drop them with `trackhook queue drop`",
		strings.Join(names, ", "), more)
}

// parseDamagedID reads what stands for the ID of a damaged package.
func parseDamagedID(id string) (number uint64, ok bool) {
	text, ok := strings.CutPrefix(id, "#")
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseUint(text, 10, 64)
	return number, err == nil
}

// dropDamaged drops a damaged package, which nobody can have leased. It is not done when the package is not known to be
// damaged: then nothing holds its lane yet. id is its ID where that is known to lead to it, and else empty.
func (b *builder) dropDamaged(e *editRequest, number uint64, id string) (done bool, err error) {
	b.mu.Lock()
	d, known := b.damaged[number]
	b.mu.Unlock()
	if !known {
		return false, nil
	}
	d.id = cmp.Or(d.id, id)
	lane, err := format.CutLane([]byte(d.lane))
	if err != nil {
		return false, err
	}
	l, err := b.lane(d.lane)
	if err != nil || l.Slot(number) == nil {
		return false, err
	}
	front := *l.Slot(number)
	pkg := engine.Package{ID: d.id, Kind: d.kind, App: lane.App, Device: lane.Device}
	seq, err := b.logDamaged(e, &pkg, &front)
	if err != nil {
		return false, err
	}
	b.writer.state.Queued--
	b.key = format.PackageKey(b.key, number)
	// Not a SingleDelete: who knows what has become of the key.
	err = b.batch.Delete(b.key, nil)
	if d.id != "" {
		b.key = format.IDKey(b.key, d.id)
		b.value = format.AppendIDRecord(b.value[:0], format.IDRecord{State: format.IDFinal, Number: number, Last: seq})
		err = errors.Join(err, b.batch.Set(b.key, b.value, nil))
	}
	if err != nil {
		return false, err
	}
	was := l.Next().Place
	b.claimDamaged(l, number)
	return true, errors.Join(b.removeFromLane(l, number, false), b.saveLane(l, was))
}

// logDamaged leaves a response in the log, as every drop does. A package whose kind is not known is not counted: there is
// no row for it.
func (b *builder) logDamaged(e *editRequest, p *engine.Package, front *format.Slot) (seq uint64, err error) {
	damaged := *e
	damaged.rule, damaged.message = "damaged", e.message+"; what was stored of it could not be read"
	s := format.ResponseHeader{Previous: front.Previous, Accepted: b.clock.wall(b.now), Failures: front.Failures}
	if p.Kind != "" {
		p.Created = s.Accepted
		return b.logDrop(&damaged, p, front.Attempts, s)
	}
	s.Verdict, s.Logged = engine.Remove, b.now
	return b.put(format.AppendResponse(nil, b.dropResponse(&damaged, p, front.Attempts)), s)
}

// claimDamaged turns the lease that holds the lane of a damaged package into a claim of this group, in one step.
func (b *builder) claimDamaged(l *lane, number uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	why := b.claims[l.name]
	why.leased = false
	why.groups++
	b.claims[l.name] = why
	b.claimed = append(b.claimed, groupClaim{lane: l.name, number: number})
	delete(b.damaged, number)
}
