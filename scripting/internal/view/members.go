package view

import (
	"cmp"
	"iter"
	"slices"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/jsontext"
)

// Member is one property of a view. Its value is the JSON text in raw until somebody asks for it or sets it.
// A member with neither is a deleted one. Its place is kept, so that deleting one by one does not move the others.
type Member struct {
	Key   string
	Raw   string
	Value goja.Value
}

func (m *Member) gone() bool { return m.Raw == "" && m.Value == nil }

// Members are the properties of a view in the order in which they were made. The zero value is empty.
type Members struct {
	list []Member
	// index finds a key that is not gone. It is nil up to ScanMembers members: to look at a few is faster.
	index map[string]int
	gone  int
	// arrayLike tells that a key is an array index, so that order differs from list.
	arrayLike bool
}

// ScanMembers is up to how many members an object is looked through rather than indexed.
const ScanMembers = 16

// ParseMembers reads one level of an object. As in JSON.parse, of equal keys the last wins, at the place of the
// first.
func ParseMembers(text string) Members {
	m := Members{list: make([]Member, 0, 8)}
	items := jsontext.NewItems(text)
	for {
		literal, raw, ok := items.Next()
		if !ok {
			return m
		}
		// A key cannot be told apart from another by half a surrogate pair: goja hands keys to Go as UTF-8.
		key, _ := jsontext.Unquote(literal)
		if known := m.Find(key); known != nil {
			known.Raw = raw
		} else {
			m.Add(Member{Key: key, Raw: raw})
		}
	}
}

// Len counts the members.
func (m *Members) Len() int { return len(m.list) - m.gone }

// Find returns the member with that key, nil where there is none. It is valid until the next change.
func (m *Members) Find(key string) *Member {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return &m.list[i]
		}
		return nil
	}
	for i := range m.list {
		if member := &m.list[i]; member.Key == key && !member.gone() {
			return member
		}
	}
	return nil
}

// Add appends a member whose key is new.
func (m *Members) Add(member Member) {
	m.list = append(m.list, member)
	if jsontext.IsArrayIndex(member.Key) {
		m.arrayLike = true
	}
	if m.index != nil {
		m.index[member.Key] = len(m.list) - 1
	} else if len(m.list) > ScanMembers {
		m.buildIndex()
	}
}

func (m *Members) buildIndex() {
	m.index = make(map[string]int, 2*len(m.list))
	for i := range m.list {
		if !m.list[i].gone() {
			m.index[m.list[i].Key] = i
		}
	}
}

// Set gives the key a value. A nil value, which is what goja passes for a property that is defined without one, keeps
// what there is, or is undefined.
func (m *Members) Set(key string, value goja.Value) {
	member := m.Find(key)
	switch {
	case member != nil && value != nil:
		member.Raw, member.Value = "", value
	case member == nil && value != nil:
		m.Add(Member{Key: key, Value: value})
	case member == nil:
		m.Add(Member{Key: key, Value: goja.Undefined()})
	}
}

// Remove takes a member out. Without one of that key it does nothing.
func (m *Members) Remove(key string) {
	member := m.Find(key)
	if member == nil {
		return
	}
	*member = Member{}
	m.gone++
	if m.index != nil {
		delete(m.index, key)
	}
	if m.gone > ScanMembers && m.gone > len(m.list)/2 {
		m.list = slices.DeleteFunc(m.list, func(member Member) bool { return member.gone() })
		m.gone = 0
		m.buildIndex()
	}
}

// Keys returns the keys in the order of an ordinary object: array indexes by number, then the others by age.
func (m *Members) Keys() []string {
	keys := make([]string, 0, m.Len())
	for member := range m.All() {
		keys = append(keys, member.Key)
	}
	return keys
}

// All yields the members in the order of keys. The members must not be changed meanwhile, other than in their values.
func (m *Members) All() iter.Seq[*Member] {
	return func(yield func(*Member) bool) {
		if m.arrayLike {
			for _, member := range m.indexed() {
				if !yield(member) {
					return
				}
			}
		}
		for i := range m.list {
			member := &m.list[i]
			if member.gone() || m.arrayLike && jsontext.IsArrayIndex(member.Key) {
				continue
			}
			if !yield(member) {
				return
			}
		}
	}
}

func (m *Members) indexed() (found []*Member) {
	for i := range m.list {
		if member := &m.list[i]; !member.gone() && jsontext.IsArrayIndex(member.Key) {
			found = append(found, member)
		}
	}
	// Numbers without leading zeros sort by length first.
	slices.SortFunc(found, func(a, b *Member) int {
		return cmp.Or(cmp.Compare(len(a.Key), len(b.Key)), cmp.Compare(a.Key, b.Key))
	})
	return found
}
