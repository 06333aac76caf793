package jsontext

import "math"

// Tape remembers where the members of the object lie that was checked last, and those of the objects in it, so that they
// are found without a second look at the text between them. It is used again for the next object: what was said of the one
// before is then forgotten, and whoever has it looks through the text, as without a tape. The zero value is ready.
type Tape struct {
	items []tapeItem
	check uint32 // the number of the object, from 1
	full  bool   // it has more members than are remembered
}

// tapeItem is a member. Places are bytes of the whole text.
type tapeItem struct {
	key, keyEnd, value, end uint32
	next                    uint32 // where the next one of its object is, after all that lies in this one
	escaped                 bool   // the key has escapes
}

// Answers have a dozen members.
const maxTape = 64

// Level is an object on a tape: where its members are. The zero value is on none.
type Level struct {
	check, from, to, start uint32
}

// Object is the function of that name. The level is that of the object as long as nothing else is checked.
func (t *Tape) Object(body []byte) (text string, level Level, ok bool) {
	if t.items == nil {
		t.items = make([]tapeItem, 0, maxTape)
	}
	t.items, t.full = t.items[:0], len(body) > math.MaxUint32
	t.check++
	text, ok = object(body, t)
	if ok && !t.full && t.check > 0 { // the number starts over after 4 billion
		level = Level{check: t.check, to: uint32(len(t.items))} //nolint:gosec // at most maxTape
	}
	return text, level, ok
}

// begin notes a member whose key lies between two places; nil takes nothing.
func (t *Tape) begin(key, keyEnd int, escaped bool) int {
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
	return n
}

// end notes the value of a member.
func (t *Tape) end(item, value, end int) {
	if item < 0 {
		return
	}
	it := &t.items[item]
	it.value, it.end, it.next = uint32(value), uint32(end), uint32(len(t.items)) //nolint:gosec // ends are not beyond a text that was read
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

// checkJSONKey is checkJSONString, and tells whether there are escapes.
func checkJSONKey(s string, i int) (end int, escaped bool) {
	if end = plainJSONEnd(s, i+1); end < len(s) && s[end] == '"' {
		return end + 1, false
	}
	return checkJSONString(s, i), true
}
