package scripting

import (
	"slices"
)

// items is the localStorage of a script: that of its plugin, or a draft of it.
type items interface {
	get(key string) (value string, ok bool)
	set(key, value string) error
	remove(key string)
	clear()
	key(n int) (string, bool)
	keys() []string
	size() int
}

// storageDraft is the localStorage of a version that is not live yet. What the version changes is seen by itself alone,
// on top of what its plugin keeps, until it is published; a load that fails, or that is thrown away, leaves nothing
// behind. It belongs to the runtime's goroutine.
type storageDraft struct {
	kept *storage
	// changes are by key; nil means that the item was removed. Nil altogether once the draft is published.
	changes map[string]*string
	added   []string // the keys of changes that are new, in order
}

func newStorageDraft(kept *storage) *storageDraft {
	return &storageDraft{kept: kept, changes: map[string]*string{}}
}

// publish makes the changes those of the plugin, and from now on every change at once. The error says that not all of
// them have found room, because the version before has added items meanwhile.
func (d *storageDraft) publish() error {
	changes, added := d.changes, d.added
	d.changes, d.added = nil, nil
	var failed error
	for key, value := range changes {
		if value == nil {
			d.kept.remove(key)
		}
	}
	for key, value := range changes {
		if value != nil && !slices.Contains(added, key) {
			failed = firstError(failed, d.kept.set(key, *value))
		}
	}
	for _, key := range added {
		if value := changes[key]; value != nil {
			failed = firstError(failed, d.kept.set(key, *value))
		}
	}
	return failed
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (d *storageDraft) get(key string) (value string, ok bool) {
	if change, changed := d.changes[key]; changed {
		if change == nil {
			return "", false
		}
		return *change, true
	}
	return d.kept.get(key)
}

func (d *storageDraft) set(key, value string) error {
	if d.changes == nil {
		return d.kept.set(key, value)
	}
	old, known := d.get(key)
	if known && old == value {
		return nil
	}
	units := unitsOf(value)
	if known {
		units -= unitsOf(old)
	} else {
		units += unitsOf(key)
	}
	if units > 0 && d.units()+units > storageQuota {
		return errQuota
	}
	if !known {
		d.added = append(d.added, key)
	}
	d.changes[key] = &value
	return nil
}

// units is what counts toward the quota.
func (d *storageDraft) units() int {
	units := 0
	for _, key := range d.keys() {
		value, _ := d.get(key)
		units += unitsOf(key) + unitsOf(value)
	}
	return units
}

func (d *storageDraft) remove(key string) {
	if d.changes == nil {
		d.kept.remove(key)
		return
	}
	if _, known := d.get(key); known {
		d.added = slices.DeleteFunc(d.added, func(other string) bool { return other == key })
		d.changes[key] = nil
	}
}

func (d *storageDraft) clear() {
	if d.changes == nil {
		d.kept.clear()
		return
	}
	for _, key := range d.keys() {
		d.remove(key)
	}
}

func (d *storageDraft) key(n int) (string, bool) {
	if d.changes == nil {
		return d.kept.key(n)
	}
	keys := d.keys()
	if n < 0 || n >= len(keys) {
		return "", false
	}
	return keys[n], true
}

// keys returns all names: those that are kept, and then those that were added.
func (d *storageDraft) keys() []string {
	keys := d.kept.keys()
	if len(d.changes) == 0 {
		return keys
	}
	keys = slices.DeleteFunc(keys, func(key string) bool {
		change, changed := d.changes[key]
		return changed && (change == nil || slices.Contains(d.added, key))
	})
	return append(keys, d.added...)
}

func (d *storageDraft) size() int {
	if d.changes == nil {
		return d.kept.size()
	}
	return len(d.keys())
}
