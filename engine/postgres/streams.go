package postgres

import "slices"

// streamKey names what one host has accepted of one app and partition.
type streamKey struct {
	partition int16
	app       int32
	stream    int64
}

// position says how far a stream was read.
type position struct {
	number int64
	behind bool // there may be more
	missed bool // there is more than the read in hand sees
}

// stale returns the apps whose index of what is due must be read on, and those of which streams must be.
func (b *book) stale(now int64) (refill, scan []*appLanes) {
	for _, a := range b.apps {
		if len(a.ready)+a.busy >= b.window/2 {
			continue
		}
		if !a.complete && a.horizon.due <= now {
			refill = append(refill, a)
		}
		if a.scan {
			scan = append(scan, a)
		}
	}
	return refill, scan
}

// at returns how far a stream was read.
func (b *book) at(key streamKey) *position {
	p := b.read[key]
	if p == nil {
		p = &position{behind: true}
		b.read[key] = p
	}
	return p
}

// accepted takes note of a package that this host has stored itself.
func (b *book) accepted(key laneKey, number, now int64, session bool) {
	if _, owned := b.owned[key.partition]; !owned {
		return
	}
	p := b.at(streamKey{key.partition, key.app, b.mine})
	if p.behind {
		p.missed = true
		b.app(key.app).scan = true
		b.news()
		return
	}
	if !b.hint(key, now, number, session) {
		p.behind = true
		b.app(key.app).scan = true
		return
	}
	p.number = number
}

// behind says that other hosts may have accepted something in a partition; nil: in any.
func (b *book) behind(partitions []int16) {
	for key, p := range b.read {
		if key.stream != b.mine && (partitions == nil || slices.Contains(partitions, key.partition)) {
			p.behind, p.missed = true, true
		}
	}
	for _, a := range b.apps {
		a.scan = true
	}
	b.strange = b.strange || partitions == nil
	b.news()
}

// behindMine says that this host may have accepted something that it has not told the book.
func (b *book) behindMine() {
	for key, p := range b.read {
		if key.stream == b.mine {
			p.behind, p.missed = true, true
		}
	}
	for _, a := range b.apps {
		a.scan = true
	}
	b.news()
}
