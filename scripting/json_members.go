package scripting

import (
	"cmp"
	"iter"
	"slices"

	"github.com/dop251/goja"
)

// jsonMember is one property of a view. Its value is the JSON text in raw until somebody asks for it or sets it.
// A member with neither is a deleted one. Its place is kept, so that deleting one by one does not move the others.
type jsonMember struct {
	key   string
	raw   string
	value goja.Value
}

func (m *jsonMember) gone() bool { return m.raw == "" && m.value == nil }

// jsonMembers are the properties of a view in the order in which they were made. The zero value is empty.
type jsonMembers struct {
	list []jsonMember
	// index finds a key that is not gone. It is nil up to scanMembers members: to look at a few is faster.
	index map[string]int
	gone  int
	// arrayLike tells that a key is an array index, so that order differs from list.
	arrayLike bool
}

const scanMembers = 16

// parseJSONMembers reads one level of an object. As in JSON.parse, of equal keys the last wins, at the place of the
// first.
func parseJSONMembers(text string) jsonMembers {
	m := jsonMembers{list: make([]jsonMember, 0, 8)}
	items := newJSONItems(text)
	for {
		literal, raw, ok := items.next()
		if !ok {
			return m
		}
		// A key cannot be told apart from another by half a surrogate pair: goja hands keys to Go as UTF-8.
		key, _ := unquoteJSON(literal)
		if known := m.find(key); known != nil {
			known.raw = raw
		} else {
			m.add(jsonMember{key: key, raw: raw})
		}
	}
}

func (m *jsonMembers) len() int { return len(m.list) - m.gone }

// find returns the member with that key, nil where there is none. It is valid until the next change.
func (m *jsonMembers) find(key string) *jsonMember {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return &m.list[i]
		}
		return nil
	}
	for i := range m.list {
		if member := &m.list[i]; member.key == key && !member.gone() {
			return member
		}
	}
	return nil
}

// add appends a member whose key is new.
func (m *jsonMembers) add(member jsonMember) {
	m.list = append(m.list, member)
	if isArrayIndex(member.key) {
		m.arrayLike = true
	}
	if m.index != nil {
		m.index[member.key] = len(m.list) - 1
	} else if len(m.list) > scanMembers {
		m.buildIndex()
	}
}

func (m *jsonMembers) buildIndex() {
	m.index = make(map[string]int, 2*len(m.list))
	for i := range m.list {
		if !m.list[i].gone() {
			m.index[m.list[i].key] = i
		}
	}
}

// set gives the key a value. A nil value, which is what goja passes for a property that is defined without one, keeps
// what there is, or is undefined.
func (m *jsonMembers) set(key string, value goja.Value) {
	member := m.find(key)
	switch {
	case member != nil && value != nil:
		member.raw, member.value = "", value
	case member == nil && value != nil:
		m.add(jsonMember{key: key, value: value})
	case member == nil:
		m.add(jsonMember{key: key, value: goja.Undefined()})
	}
}

func (m *jsonMembers) remove(key string) {
	member := m.find(key)
	if member == nil {
		return
	}
	*member = jsonMember{}
	m.gone++
	if m.index != nil {
		delete(m.index, key)
	}
	if m.gone > scanMembers && m.gone > len(m.list)/2 {
		m.list = slices.DeleteFunc(m.list, func(member jsonMember) bool { return member.gone() })
		m.gone = 0
		m.buildIndex()
	}
}

// keys returns the keys in the order of an ordinary object: array indexes by number, then the others by age.
func (m *jsonMembers) keys() []string {
	keys := make([]string, 0, m.len())
	for member := range m.all() {
		keys = append(keys, member.key)
	}
	return keys
}

// all yields the members in the order of keys. The members must not be changed meanwhile, other than in their values.
func (m *jsonMembers) all() iter.Seq[*jsonMember] {
	return func(yield func(*jsonMember) bool) {
		if m.arrayLike {
			for _, member := range m.indexed() {
				if !yield(member) {
					return
				}
			}
		}
		for i := range m.list {
			member := &m.list[i]
			if member.gone() || m.arrayLike && isArrayIndex(member.key) {
				continue
			}
			if !yield(member) {
				return
			}
		}
	}
}

func (m *jsonMembers) indexed() (found []*jsonMember) {
	for i := range m.list {
		if member := &m.list[i]; !member.gone() && isArrayIndex(member.key) {
			found = append(found, member)
		}
	}
	// Numbers without leading zeros sort by length first.
	slices.SortFunc(found, func(a, b *jsonMember) int {
		return cmp.Or(cmp.Compare(len(a.key), len(b.key)), cmp.Compare(a.key, b.key))
	})
	return found
}
