package jsontext

import (
	"math"
	"unsafe"
)

// Tape remembers where the members of the object lie that was checked last, and those of the objects in it, so that they
// are found without a second look at the text between them. It is used again for the next object: what was said of the one
// before is then forgotten, and whoever has it looks through the text, as without a tape. Only its keys are remembered,
// because the next answer most often has the same. The zero value is ready.
type Tape struct {
	items []tapeItem
	keys  []tapeKey // of the items, in this object or one before
	check uint32    // the number of the object, from 1
	full  bool      // it has more members than are remembered

	// plain are the objects, by their first members, in which everything is plain.
	plain uint64
	// The keys and places in one another of the first count items are those for which distinct was found out.
	same            bool
	count           int
	asked, distinct uint64 // the objects, by their first members, whose keys were compared, and those where they differ
}

// tapeItem is a member. Places are bytes of the whole text.
type tapeItem struct {
	key, keyEnd, value, end uint32
	next                    uint32 // where the next one of its object is, after all that lies in this one
	escaped                 bool   // the key has escapes
}

// tapeKey is the key of an item, with quotes and colon, as most texts have it. None: the key does not fit, or has escapes.
type tapeKey struct {
	size  uint8
	plain bool // it is an identifier, and printed as it is
	text  [longestTapeKey]byte
}

// Answers have a dozen members, and names of twenty letters. An object is a bit of a word.
const (
	maxTape        = 64
	longestTapeKey = 38
)

// Level is an object on a tape: where its members are. The zero value is on none.
type Level struct {
	check, from, to, start uint32
}

// Object is the function of that name, save that the text may be that of body itself, which is not written any more as long as
// the text is used. The level is that of the object as long as nothing else is checked.
func (t *Tape) Object(body []byte) (text string, level Level, ok bool) {
	if t.items == nil {
		t.items, t.keys = make([]tapeItem, 0, maxTape), make([]tapeKey, maxTape)
	}
	t.check++
	text, ok = object(unsafe.String(unsafe.SliceData(body), len(body)), t) // a copy was half of what an answer allocates
	if !t.same || t.count != len(t.items) {
		t.count, t.asked, t.distinct = len(t.items), 0, 0
	}
	if ok && !t.full && t.check > 0 { // the number starts over after 4 billion
		level = Level{check: t.check, to: uint32(len(t.items))} //nolint:gosec // at most maxTape
	}
	return text, level, ok
}

// start forgets all members; nil does nothing.
func (t *Tape) start(text string) {
	if t != nil {
		t.items, t.full, t.plain, t.same = t.items[:0], len(text) > math.MaxUint32, 0, true
	}
}

// next is the item that begins next; nil takes nothing.
func (t *Tape) next() int {
	if t == nil {
		return -1
	}
	return len(t.items)
}

// expected notes a member at s[i] whose key is that of the same item before, and returns the place behind its colon; -1: it
// is another one.
func (t *Tape) expected(s string, i int) (item, value int) {
	if t == nil || len(t.items) == cap(t.items) {
		return -1, -1
	}
	n := len(t.items)
	key := &t.keys[n]
	value = i + int(key.size)
	if key.size == 0 || value > len(s) || s[i:value] != string(key.text[:key.size]) {
		return -1, -1
	}
	t.items = t.items[:n+1]
	it := &t.items[n]
	it.key, it.keyEnd, it.escaped = uint32(i), uint32(value-1), false //nolint:gosec // Object takes no text that is too long
	return n, value
}

// begin notes a member whose key lies between two places.
func (t *Tape) begin(s string, key, keyEnd int, escaped bool) int {
	if t == nil {
		return -1
	}
	n := len(t.items)
	if n == cap(t.items) { // as many as Object made room for
		t.full = true
		return -1
	}
	t.items = t.items[:n+1]
	it := &t.items[n]
	it.key, it.keyEnd, it.escaped = uint32(key), uint32(keyEnd), escaped //nolint:gosec // Object takes no text that is too long
	t.same = false
	known := &t.keys[n]
	known.size, known.plain = 0, false
	if literal := s[key:keyEnd]; !escaped && len(literal) < longestTapeKey {
		known.size = uint8(copy(known.text[:], literal)) + 1 //nolint:gosec // at most longestTapeKey
		known.text[len(literal)] = ':'
		name := literal[1 : len(literal)-1]
		known.plain = IsIdentifier(name) && name != "__proto__"
	}
	return n
}

// end notes the value of a member, and tells whether both are plain.
func (t *Tape) end(item, value, end int, plain bool) bool {
	if item < 0 {
		return false
	}
	it := &t.items[item]
	it.value, it.end = uint32(value), uint32(end)      //nolint:gosec // Object takes no text that is too long
	if next := uint32(len(t.items)); it.next != next { //nolint:gosec // at most maxTape
		it.next, t.same = next, false
	}
	return plain && t.keys[item].plain
}

// close notes whether everything in the object with that first member is plain.
func (t *Tape) close(first int, plain bool) {
	if plain && first >= 0 && first < maxTape {
		t.plain |= 1 << first
	}
}

// Look returns the text of a member of an object, and the level of that where it is an object. text is that of the whole
// object. known is false where the tape has forgotten the level.
func (t *Tape) Look(level Level, text, key string) (raw string, inner Level, ok, known bool) {
	if level.check == 0 || level.check != t.check {
		return "", Level{}, false, false
	}
	for i := level.from; i < level.to; i = t.items[i].next {
		it := &t.items[i]
		name := text[it.key-level.start+1 : it.keyEnd-level.start-1]
		if name != key {
			if !it.escaped {
				continue
			}
			if name, _ = Unquote(text[it.key-level.start : it.keyEnd-level.start]); name != key {
				continue
			}
		}
		raw, ok = text[it.value-level.start:it.end-level.start], true // and on: of equal keys the last wins
		inner = Level{check: level.check, from: i + 1, to: it.next, start: it.value}
	}
	return raw, inner, ok, true
}

// Items starts at the first member of an object whose level this is, and knows where its members are while the tape does.
// Nothing else may be checked while they are walked over.
func (t *Tape) Items(level Level, text string) Items {
	if level.check == 0 || level.check != t.check {
		return NewItems(text)
	}
	return Items{text: text, tape: t, level: level, at: level.from}
}

func (it *Items) nextOnTape() (key, value string, ok bool) {
	if it.at >= it.level.to {
		return "", "", false
	}
	item := &it.tape.items[it.at]
	it.last, it.at = it.at, item.next
	start := it.level.start
	return it.text[item.key-start : item.keyEnd-start], it.text[item.value-start : item.end-start], true
}

// NextPlain is Next of an object that is [Items.Plain]. A member is the text from its key, without the quote before it, to the
// end of its value; key is where the key ends in it, and value where the value begins: two bytes on where no blanks are between.
func (it *Items) NextPlain() (member string, key, value int, ok bool) {
	if it.at >= it.level.to {
		return "", 0, 0, false
	}
	item := &it.tape.items[it.at]
	it.last, it.at = it.at, item.next
	from := item.key + 1
	return it.text[from-it.level.start : item.end-it.level.start], int(item.keyEnd - 1 - from), int(item.value - from), true
}

// Inner starts at the first item of the value that Next has just returned, which begins with '{' or '['.
func (it *Items) Inner(value string) Items {
	if it.tape == nil || value[0] != '{' {
		return NewItems(value)
	}
	item := &it.tape.items[it.last]
	return Items{
		text: value, tape: it.tape, at: it.last + 1,
		level: Level{check: it.level.check, from: it.last + 1, to: item.next, start: item.value},
	}
}

// Plain tells that the items are those of an object, at its first one, in which everything is printed nearly as it stands, and
// so it is in the objects in it: keys are identifiers, and differ; strings are plain text, see [IsPlainText]; numbers are
// short integers; and there are no arrays. False where it is not known.
func (it *Items) Plain() bool {
	t := it.tape
	if t == nil || it.at != it.level.from || it.at == it.level.to || t.plain&(1<<it.at) == 0 {
		return false
	}
	if t.asked&(1<<it.at) == 0 {
		t.asked |= 1 << it.at
		if t.differ(it.level.from, it.level.to) {
			t.distinct |= 1 << it.at
		}
	}
	return t.distinct&(1<<it.at) != 0
}

// differ tells whether the keys of an object do, and those of the objects in it. All are known.
func (t *Tape) differ(from, to uint32) bool {
	for i := from; i < to; i = t.items[i].next {
		if !t.differ(i+1, t.items[i].next) {
			return false
		}
		key := &t.keys[i]
		for before := from; before < i; before = t.items[before].next {
			if other := &t.keys[before]; string(other.text[:other.size]) == string(key.text[:key.size]) {
				return false
			}
		}
	}
	return true
}
