package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"trackhook/engine"
)

// Quota is how much a plugin may keep in localStorage: 5 Mi UTF-16 units, keys and values together, which is
// what browsers give an origin.
const Quota = 5 << 20

// errQuota says that an item does not fit into localStorage.
var errQuota = errors.New("localStorage quota exceeded")

// Storage is the localStorage of one plugin, kept in the space plugin/NAME of an [engine.Values], each item under the
// key item/KEY. All of it is in memory; what scripts change is written through by [Storage.Flush].
//
// There is one storage for each plugin, and all versions of the plugin share it. While an old version runs out its
// grace period beside the new one, each sees what the other has written, at once, and the last write of a key wins:
// this is how two windows of a browser share theirs. Had each version its own copy, the new one would begin with what
// was on disk, and the old one's last writes would be lost or would come back later.
//
// It may be used from many goroutines at once. Use [Open].
type Storage struct {
	values engine.Values
	space  string
	// flushing holds a token while nobody flushes. Flushes follow each other, so that an older value of a key never
	// overwrites a newer one.
	flushing chan struct{}
	// OnChange is told of each change that a script makes. It is set before any script runs, must not use the storage, and
	// may be nil.
	OnChange func(change Change)

	mu    sync.Mutex
	items map[string]string   // guarded by mu; keys and values are UTF-8, with lone surrogates as in WTF-8
	order []string            // guarded by mu; the keys in the order of key(n): as they were added
	units int                 // guarded by mu; what counts toward the quota
	dirty map[string]struct{} // guarded by mu; keys that the disk does not have as items has them
	busy  bool                // guarded by mu; a flush has taken dirty keys and is not over
}

// itemPrefix keeps the items apart from whatever else is kept for a plugin, and makes a key out of the empty one.
const itemPrefix = "item/"

// Space is the space of the store in which a host keeps the localStorage of a plugin.
func Space(plugin string) string { return "plugin/" + plugin }

// Open reads what the plugin has kept. Call it once for a plugin, before any version of it runs, and hand the
// same storage to every version.
func Open(ctx context.Context, values engine.Values, plugin string) (*Storage, error) {
	s := &Storage{
		values: values, space: Space(plugin), flushing: make(chan struct{}, 1),
		items: map[string]string{}, dirty: map[string]struct{}{},
	}
	s.flushing <- struct{}{}
	kept, err := values.Values(ctx, s.space)
	if err != nil {
		return nil, fmt.Errorf("read localStorage of plugin %s: %w", plugin, err)
	}
	for key, value := range kept {
		name, ok := strings.CutPrefix(key, itemPrefix)
		if !ok {
			continue
		}
		s.items[name] = string(value)
		s.units += unitsOf(name) + unitsOf(string(value))
	}
	s.order = slices.Sorted(maps.Keys(s.items))
	return s, nil
}

// Get returns an item.
func (s *Storage) Get(key string) (value string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok = s.items[key]
	return value, ok
}

// Set stores an item, or returns errQuota.
func (s *Storage) Set(key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, known := s.items[key]
	if known && old == value {
		return nil
	}
	units := s.units + unitsOf(value)
	if known {
		units -= unitsOf(old)
	} else {
		units += unitsOf(key)
	}
	// An item that shrinks is welcome even above the quota, where a smaller quota of a later version may have put us.
	if units > Quota && units > s.units {
		return errQuota
	}
	if !known {
		s.order = append(s.order, key)
	}
	s.items[key] = value
	s.units = units
	s.dirty[key] = struct{}{}
	s.changed(Change{Key: &key, Value: &value})
	return nil
}

// Remove takes an item away, if it is there.
func (s *Storage) Remove(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, known := s.items[key]
	if !known {
		return
	}
	delete(s.items, key)
	s.order = slices.DeleteFunc(s.order, func(k string) bool { return k == key })
	s.units -= unitsOf(key) + unitsOf(old)
	s.dirty[key] = struct{}{}
	s.changed(Change{Key: &key})
}

// Change is a change of localStorage. Without a value, the key was removed; without a key, all were.
type Change struct {
	Key   *string `json:"key,omitempty"`
	Value *string `json:"value,omitempty"`
}

func (s *Storage) changed(c Change) {
	if s.OnChange != nil {
		s.OnChange(c)
	}
}

// Clear takes every item away.
func (s *Storage) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.items) > 0 {
		s.changed(Change{})
	}
	for key := range s.items {
		s.dirty[key] = struct{}{}
	}
	clear(s.items)
	s.order, s.units = nil, 0
}

// Key returns the name of the n-th item.
func (s *Storage) Key(n int) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || n >= len(s.order) {
		return "", false
	}
	return s.order[n], true
}

// Keys returns all names, in the order of key.
func (s *Storage) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.order)
}

// All returns a copy of the items.
func (s *Storage) All() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.items)
}

// Size is the number of items.
func (s *Storage) Size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items)
}

// Used is how many units count toward the quota.
func (s *Storage) Used() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.units
}

// Flush writes what has changed since the last flush, in one durable step. Nil means that everything that was written
// before the call is on disk. After an error the changes are kept for the next flush. A flush with nothing to write
// costs one lock. It may be called from any goroutine.
func (s *Storage) Flush(ctx context.Context) error {
	if s.Clean() {
		return nil
	}
	select {
	case <-s.flushing:
	case <-ctx.Done():
		return fmt.Errorf("write localStorage: %w", ctx.Err())
	}
	defer func() { s.flushing <- struct{}{} }()
	pairs := s.take()
	if len(pairs) == 0 {
		return nil
	}
	err := s.values.SetValues(ctx, s.space, pairs)
	s.settle(pairs, err != nil)
	if err != nil {
		return fmt.Errorf("write localStorage: %w", err)
	}
	return nil
}

// Apply takes over what another version of the plugin has written, in another process. What was changed here and is not on
// disk yet stays: the last write of a key wins.
func (s *Storage) Apply(pairs map[string][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, value := range pairs {
		name, ok := strings.CutPrefix(key, itemPrefix)
		if _, mine := s.dirty[name]; !ok || mine {
			continue
		}
		old, known := s.items[name]
		if known {
			s.units -= unitsOf(name) + unitsOf(old)
		}
		switch {
		case value == nil && known:
			delete(s.items, name)
			s.order = slices.DeleteFunc(s.order, func(k string) bool { return k == name })
		case value != nil:
			s.items[name] = string(value)
			s.units += unitsOf(name) + unitsOf(string(value))
			if !known {
				s.order = append(s.order, name)
			}
		}
	}
}

// Forsake drops what was not written: another host owns the plugin, and what it writes holds.
func (s *Storage) Forsake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.dirty)
}

// Clean is true when everything is on disk.
func (s *Storage) Clean() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.dirty) == 0 && !s.busy
}

// take returns what has changed, as pairs for the store.
func (s *Storage) take() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	pairs := make(map[string][]byte, len(s.dirty))
	for key := range s.dirty {
		var stored []byte // nil removes
		if value, ok := s.items[key]; ok {
			stored = append([]byte{}, value...)
		}
		pairs[itemPrefix+key] = stored
	}
	clear(s.dirty)
	s.busy = len(pairs) > 0
	return pairs
}

// settle ends a flush; what failed is dirty again.
func (s *Storage) settle(pairs map[string][]byte, failed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = false
	if !failed {
		return
	}
	for key := range pairs {
		s.dirty[strings.TrimPrefix(key, itemPrefix)] = struct{}{}
	}
}

// unitsOf counts UTF-16 units.
func unitsOf(s string) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			n++
			i++
			continue
		}
		r, size := DecodeRune(s[i:])
		n += max(utf16.RuneLen(r), 1)
		i += size
	}
	return n
}

// DecodeRune decodes a character, or a surrogate that is encoded like one.
func DecodeRune(s string) (r rune, size int) {
	if len(s) >= 3 && s[0] == 0xED && s[1] >= 0xA0 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s)
}
