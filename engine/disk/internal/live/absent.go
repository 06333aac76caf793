package live

import (
	"fmt"
	"strings"
)

// Absent is what does not agree between the counts of the store and its keys when it is opened.
type Absent struct {
	// Queued, Dead and Due are packages, dead letters and places of devices in the order of sending that were counted and
	// are not there.
	Queued, Dead, Due uint64
	// Uncounted says that there is more than was counted.
	Uncounted bool
}

// note says what does not agree and what to do, "" when all does.
func (a *Absent) note() string {
	var missing []string
	add := func(n uint64, one, many string) {
		switch n {
		case 0:
		case 1:
			missing = append(missing, "1 "+one)
		default:
			missing = append(missing, fmt.Sprintf("%d %s", n, many))
		}
	}
	add(a.Queued, "queued package", "queued packages")
	add(a.Dead, "dead letter", "dead letters")
	add(a.Due, "place in the order of sending (its device waits)", "places in the order of sending (their devices wait)")
	text := ""
	if len(missing) > 0 {
		text = "missing of what the store has counted: " + strings.Join(missing, ", ")
	} else if a.Uncounted {
		text = "the store holds more than it has counted"
	}
	if text == "" {
		return ""
	}
	return text + "; stop trackhook, see what is lost with `trackhook store verify`, and save the rest with `trackhook store repair`"
}

// Miss says what does not agree, before anything is published, and returns what to tell about it: "" when all does.
func (m *Memory) Miss(a Absent) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.absent = a
	return m.absent.note()
}
