package disk

import (
	"cmp"
	"errors"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

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
		b.key = format.IDKey(b.key, id)
		b.value = format.AppendIDRecord(b.value[:0], format.IDRecord{State: format.IDFinal, Number: number, Last: seq})
		err = errors.Join(err, b.batch.Set(b.key, b.value, nil))
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
