package disk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trackhook/engine"
	"trackhook/engine/disk/internal/read"
)

// errLane means that it is the lane itself that is damaged.
var errLane = errors.New("the lane cannot be read")

// damage is what holds a lane: its next package cannot be read, and somebody must drop it; or the lane itself cannot be.
type damage struct {
	lane string
	// number is that of the package that is next, as far as it is known.
	number uint64
	// whole says that what is stored about the lane cannot be read, so that nothing in it can be dropped.
	whole bool
	// id is empty where even that is not known.
	id string
	// kind is empty where it is not known.
	kind engine.Kind
}

// name is what a person calls the package: its ID, or else what [Store.Drop] takes instead.
func (d *damage) name() string {
	if d.id != "" {
		return d.id
	}
	return read.DamagedID(d.number)
}

// damageNote says which packages and lanes are damaged, "" when none is known to be.
func damageNote(damaged map[string]damage) string {
	const most = 3
	var packages []damage
	whole := 0
	for _, d := range damaged {
		if d.whole {
			whole++
		} else {
			packages = append(packages, d)
		}
	}
	var notes []string
	if len(packages) > 0 {
		slices.SortFunc(packages, func(a, b damage) int { return cmp.Compare(a.number, b.number) })
		var names []string
		for _, d := range packages[:min(len(packages), most)] {
			names = append(names, d.name())
		}
		more := ""
		if n := len(packages) - len(names); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		notes = append(notes, fmt.Sprintf("stored packages cannot be read, and what is behind them in their lanes waits: %s%s; drop them with `trackhook queue drop`",
			strings.Join(names, ", "), more))
	}
	if whole > 0 {
		notes = append(notes, fmt.Sprintf("of %d devices the place in the queue cannot be read, and what they have queued waits; stop trackhook and run `trackhook store repair`", whole))
	}
	return strings.Join(notes, "; ")
}
