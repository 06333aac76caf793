package live

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"trackhook/engine"
	"trackhook/engine/disk/internal/read"
)

// Damage is what holds a lane: its next package cannot be read, and somebody must drop it; or the lane itself cannot be.
type Damage struct {
	Lane string
	// Number is that of the package that is next, as far as it is known.
	Number uint64
	// Whole says that what is stored about the lane cannot be read, so that nothing in it can be dropped.
	Whole bool
	// ID is empty where even that is not known.
	ID string
	// Kind is empty where it is not known.
	Kind engine.Kind
}

// Name is what a person calls the package: its ID, or else what a drop takes instead.
func (d *Damage) Name() string {
	if d.ID != "" {
		return d.ID
	}
	return read.DamagedID(d.Number)
}

// damageNote says which packages and lanes are damaged, "" when none is known to be.
func damageNote(damaged map[string]Damage) string {
	const most = 3
	var packages []Damage
	whole := 0
	for _, d := range damaged {
		if d.Whole {
			whole++
		} else {
			packages = append(packages, d)
		}
	}
	var notes []string
	if len(packages) > 0 {
		slices.SortFunc(packages, func(a, b Damage) int { return cmp.Compare(a.Number, b.Number) })
		var names []string
		for _, d := range packages[:min(len(packages), most)] {
			names = append(names, d.Name())
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
