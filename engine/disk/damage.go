package disk

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trackhook/engine"
)

// damage is a queued package that is next in its lane and cannot be read. Its lane is held until somebody drops it.
type damage struct {
	lane string
	// id is empty where even that is not known.
	id string
	// kind is empty where it is not known.
	kind engine.Kind
}

// name is what a person calls the package: its ID, or else what [Store.Drop] takes instead.
func (d *damage) name(number uint64) string {
	if d.id != "" {
		return d.id
	}
	return damagedID(number)
}

// damagedID stands for the ID of a damaged package whose ID is not known.
func damagedID(number uint64) string { return "#" + strconv.FormatUint(number, 10) }

// parseDamagedID is the inverse of damagedID. ok is false for the ID of a package.
func parseDamagedID(id string) (number uint64, ok bool) {
	text, ok := strings.CutPrefix(id, "#")
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseUint(text, 10, 64)
	return number, err == nil
}

// damageNote says which packages are damaged, "" when none is known to be.
func damageNote(damaged map[uint64]damage) string {
	const most = 3
	if len(damaged) == 0 {
		return ""
	}
	numbers := slices.Sorted(maps.Keys(damaged))
	var names []string
	for _, number := range numbers[:min(len(numbers), most)] {
		d := damaged[number]
		names = append(names, d.name(number))
	}
	more := ""
	if n := len(numbers) - len(names); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("stored packages cannot be read, and what is behind them in their lanes waits: %s%s; drop them with `trackhook queue drop`",
		strings.Join(names, ", "), more)
}
