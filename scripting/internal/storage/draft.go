package storage

import (
	"slices"
)

// Items is the localStorage of a script: that of its plugin, or a draft of it.
type Items interface {
	Get(key string) (value string, ok bool)
	Set(key, value string) error
	Remove(key string)
	Clear()
	Key(n int) (string, bool)
	Keys() []string
	Size() int
}

// Draft is the localStorage of a version that is not live yet. What the version changes is seen by itself alone,
// on top of what its plugin keeps, until it is published; a load that fails, or that is thrown away, leaves nothing
// behind. It belongs to the runtime's goroutine.
type Draft struct {
	kept *Storage
	// changes are by key; nil means that the item was removed. Nil altogether once the draft is published.
	changes map[string]*string
	added   []string // the keys of changes that are new, in order
	// grown is how many units the changes have added. What the version before writes to the same keys meanwhile makes it
	// an estimate; publish asks the storage itself.
	grown int
}

// NewDraft makes a draft of what is kept, without changes.
func NewDraft(kept *Storage) *Draft {
	return &Draft{kept: kept, changes: map[string]*string{}}
}

// Publish makes the changes those of the plugin, and from now on every change at once. The error says that not all of
// them have found room, because the version before has added items meanwhile.
func (d *Draft) Publish() error {
	changes, added := d.changes, d.added
	d.changes, d.added = nil, nil
	var replaced []string
	isNew := make(map[string]bool, len(added))
	for _, key := range added {
		isNew[key] = true
	}
	for key, value := range changes {
		switch {
		case value == nil:
			d.kept.Remove(key)
		case !isNew[key]:
			replaced = append(replaced, key)
		}
	}
	slices.Sort(replaced)
	var failed error
	var growing []string
	// What makes room goes first, so that what fits in the end fits all the time.
	for _, key := range slices.Concat(replaced, added) {
		if old, known := d.kept.Get(key); known && unitsOf(*changes[key]) <= unitsOf(old) {
			failed = firstError(failed, d.kept.Set(key, *changes[key]))
		} else {
			growing = append(growing, key)
		}
	}
	for _, key := range growing {
		failed = firstError(failed, d.kept.Set(key, *changes[key]))
	}
	return failed
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// Get returns an item as the version sees it; false: there is none.
func (d *Draft) Get(key string) (value string, ok bool) {
	if change, changed := d.changes[key]; changed {
		if change == nil {
			return "", false
		}
		return *change, true
	}
	return d.kept.Get(key)
}

// Set makes or changes an item. The error means that it does not fit.
func (d *Draft) Set(key, value string) error {
	if d.changes == nil {
		return d.kept.Set(key, value)
	}
	old, known := d.Get(key)
	units := unitsOf(value)
	if known {
		units -= unitsOf(old)
	} else {
		units += unitsOf(key)
	}
	if units > 0 && d.kept.Used()+d.grown+units > Quota {
		return errQuota
	}
	if !known {
		d.added = append(d.added, key)
	}
	d.grown += units
	d.changes[key] = &value // also when it is the same: the version before may change it meanwhile
	return nil
}

// Remove takes an item out.
func (d *Draft) Remove(key string) {
	if d.changes == nil {
		d.kept.Remove(key)
		return
	}
	if old, known := d.Get(key); known {
		d.grown -= unitsOf(key) + unitsOf(old)
		d.added = slices.DeleteFunc(d.added, func(other string) bool { return other == key })
		d.changes[key] = nil
	}
}

// Clear takes all items out.
func (d *Draft) Clear() {
	if d.changes == nil {
		d.kept.Clear()
		return
	}
	keys := d.Keys()
	d.added = nil // all at once: one by one takes long where there are many
	for _, key := range keys {
		d.Remove(key)
	}
}

// Key returns the key at a place, counted from 0; false: there is none.
func (d *Draft) Key(n int) (string, bool) {
	if len(d.changes) == 0 {
		return d.kept.Key(n)
	}
	keys := d.Keys()
	if n < 0 || n >= len(keys) {
		return "", false
	}
	return keys[n], true
}

// Keys returns all names: those that are kept, and then those that were added.
func (d *Draft) Keys() []string {
	keys := d.kept.Keys()
	if len(d.changes) == 0 {
		return keys
	}
	added := make(map[string]bool, len(d.added))
	for _, key := range d.added {
		added[key] = true
	}
	keys = slices.DeleteFunc(keys, func(key string) bool {
		change, changed := d.changes[key]
		return changed && (change == nil || added[key])
	})
	return append(keys, d.added...)
}

// Size counts the items.
func (d *Draft) Size() int {
	if len(d.changes) == 0 {
		return d.kept.Size()
	}
	return len(d.Keys())
}
