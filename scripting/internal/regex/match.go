package regex

import "errors"

// Text is what is searched, by units of UTF-16.
type Text interface {
	Length() int
	CharAt(index int) uint16
}

// Regexp is a compiled regular expression. It does not change, and may be used from many goroutines at once.
type Regexp struct {
	// Flags are in the order of the property flags.
	Flags string
	// Groups are the names of the groups, from index 1; "" for those without.
	Groups []string
	// Simple tells that goja's own engines find the same.
	Simple bool

	full, ignoreCase, multiline bool
	code                        []instruction
	slots, registers            int
	bytes                       int    // about how much memory it takes
	begins                      *chars // what a match begins with; nil: that is not known
}

// ErrTooFar is the error of a search that would need too much memory, ErrStopped of one that was to stop.
var (
	ErrTooFar  = errors.New("the regular expression has too many ways to match this text")
	ErrStopped = errors.New("the search was stopped")
)

// maxFrames bounds what a search remembers to come back to: 12 bytes each.
const maxFrames = 8 << 20

// maxUnits is how long a text may be that is copied for each search.
const maxUnits = 2048

// stopEvery is after how many steps, characters and groups a search asks whether it is to stop.
const stopEvery = 1 << 14

// matcher is one search.
type matcher struct {
	re     *Regexp
	text   Text
	units  []uint16 // of a text that is not long, which is read faster so
	length int
	// slots are the ends of groups, -1 where a group took no part, and behind them the registers of loops.
	slots  []int32
	frames []frame
	stop   func() bool
	// steps counts what was done, at the number of which in ask the search asks whether it is to stop.
	steps, ask int
}

// frame is something to come back to: where pc is not negative a place to go on at, with position pos; low is the last position
// to give up characters down to, or -1. Else it is a slot to be set back, to pos.
type frame struct{ pc, pos, low int32 }

// Find returns where the first match from a position on lies, and its groups: two positions each, -1 for a group that took no
// part. Nil: there is none. sticky: it must begin at the position. stop is asked now and then whether to give up.
func (re *Regexp) Find(text Text, start int, sticky bool, stop func() bool) ([]int32, error) {
	m := &matcher{re: re, text: text, length: text.Length(), slots: make([]int32, re.slots+re.registers), stop: stop, ask: stopEvery}
	if m.length <= maxUnits {
		m.units = make([]uint16, m.length)
		for i := range m.units {
			m.units[i] = text.CharAt(i)
		}
	}
	if re.full && start > 0 && start < m.length && isTrail(m.unit(start)) && isLead(m.unit(start-1)) {
		start--
	}
	for at := start; at <= m.length; {
		if re.begins != nil && !sticky {
			for at < m.length && !re.begins.has(m.ahead(at)) {
				at += m.width(at)
			}
			if at >= m.length {
				return nil, nil
			}
		}
		for i := range m.slots {
			m.slots[i] = -1
		}
		m.steps += len(m.slots)
		m.frames = m.frames[:0]
		found, _, err := m.run(0, at)
		if err != nil {
			return nil, err
		}
		if found {
			return m.slots[:re.slots], nil
		}
		if sticky {
			return nil, nil
		}
		at += m.width(at)
	}
	return nil, nil
}

func (m *matcher) unit(at int) rune {
	if m.units != nil {
		return rune(m.units[at])
	}
	return rune(m.text.CharAt(at))
}

// ahead is the character at a position within the text.
func (m *matcher) ahead(at int) rune {
	c := m.unit(at)
	if m.re.full && isLead(c) && at+1 < m.length {
		if trail := m.unit(at + 1); isTrail(trail) {
			return joined(c, trail)
		}
	}
	return c
}

// width is how many units the character at a position has.
func (m *matcher) width(at int) int {
	if m.re.full && at+1 < m.length && isLead(m.unit(at)) && isTrail(m.unit(at+1)) {
		return 2
	}
	return 1
}

// next reads a character in either direction. False: there is none.
func (m *matcher) next(at int, behind bool) (c rune, then int, ok bool) {
	if !behind {
		if at >= m.length {
			return 0, at, false
		}
		c = m.ahead(at)
		if c > 0xffff {
			return c, at + 2, true
		}
		return c, at + 1, true
	}
	if at <= 0 {
		return 0, at, false
	}
	c = m.unit(at - 1)
	if m.re.full && isTrail(c) && at > 1 {
		if lead := m.unit(at - 2); isLead(lead) {
			return joined(lead, c), at - 2, true
		}
	}
	return c, at - 1, true
}

// set changes a slot, so that it can be set back.
func (m *matcher) set(slot, value int) {
	m.frames = append(m.frames, frame{pc: int32(-1 - slot), pos: m.slots[slot]})
	m.slots[slot] = int32(value)
}

// run goes through the instructions until one of opMatch, and comes back to what was left behind where that fails, but not to
// frames that were there before.
func (m *matcher) run(pc, at int) (found bool, end int, err error) {
	base := len(m.frames)
	for {
		if m.steps++; m.steps >= m.ask {
			m.ask = m.steps + stopEvery
			if m.stop() {
				return false, 0, ErrStopped
			}
		}
		if len(m.frames) > maxFrames {
			return false, 0, ErrTooFar
		}
		ok := true
		switch i := &m.re.code[pc]; i.op {
		case opMatch:
			return true, at, nil
		case opLook:
			if ok, err = m.look(i, pc, at); err != nil {
				return false, 0, err
			}
			pc = i.a
		case opTry:
			m.frames = append(m.frames, frame{int32(i.b), int32(at), -1})
			pc = i.a
		case opJump:
			pc = i.a
		case opLoop:
			pc = m.loop(i, pc, at)
		case opRepeat:
			ok = int(m.slots[i.a]) <= i.min || int(m.slots[i.a+1]) != at
			pc = i.b
		default:
			at, ok = m.step(i, pc, at)
			pc++
		}
		if ok {
			continue
		}
		if pc, at, ok = m.back(base); !ok {
			return false, 0, nil
		}
	}
}

// step does what leads to the next instruction. False: it fails.
func (m *matcher) step(i *instruction, pc, at int) (then int, ok bool) {
	switch i.op {
	case opChar:
		c, then, ok := m.next(at, i.behind)
		return then, ok && c == i.char
	case opSet:
		c, then, ok := m.next(at, i.behind)
		return then, ok && i.set.has(c)
	case opRun:
		return m.many(i, pc, at)
	case opSave:
		m.set(i.a, at)
	case opAssert:
		return at, m.holds(i.char, at)
	case opBack:
		return m.again(i, at)
	case opEnter:
		m.set(i.a, 0)
		m.set(i.a+1, -1)
	case opBegin:
		m.begin(i, at)
	}
	return at, true
}

// back goes to the last place that was left behind. False: there is none above base.
func (m *matcher) back(base int) (pc, at int, ok bool) {
	for len(m.frames) > base {
		last := &m.frames[len(m.frames)-1]
		if last.pc < 0 {
			m.slots[-1-last.pc] = last.pos
			m.frames = m.frames[:len(m.frames)-1]
			continue
		}
		pc, at = int(last.pc), int(last.pos)
		if last.low < 0 {
			m.frames = m.frames[:len(m.frames)-1]
			return pc, at, true
		}
		_, at, _ = m.next(at, true)
		if last.pos = int32(at); last.pos <= last.low {
			m.frames = m.frames[:len(m.frames)-1]
		}
		return pc, at, true
	}
	return 0, 0, false
}

// many reads as many characters of a set as it can.
func (m *matcher) many(i *instruction, pc, at int) (then int, ok bool) {
	low, count := at, 0
	for i.max < 0 || count < i.max {
		c, next, ok := m.next(at, false)
		if !ok || !i.set.has(c) {
			break
		}
		at = next
		if count++; count <= i.min {
			low = at
		}
	}
	m.steps += count
	if count < i.min {
		return at, false
	}
	if at > low {
		m.frames = append(m.frames, frame{int32(pc + 1), int32(at), int32(low)})
	}
	return at, true
}

// loop is at the head of a loop, and returns where to go on: at its body, which begins with opBegin, or behind it.
func (m *matcher) loop(i *instruction, pc, at int) int {
	count := int(m.slots[i.a])
	switch {
	case i.max >= 0 && count >= i.max:
		return i.b
	case count < i.min:
		return pc + 1
	case i.greedy:
		m.frames = append(m.frames, frame{int32(i.b), int32(at), -1})
		return pc + 1
	default:
		m.frames = append(m.frames, frame{int32(pc + 1), int32(at), -1})
		return i.b
	}
}

// begin is the beginning of a loop's body: its groups begin anew.
func (m *matcher) begin(i *instruction, at int) {
	m.set(i.a, int(m.slots[i.a])+1)
	m.set(i.a+1, at)
	m.steps += 2 * (i.last - i.first)
	for slot := 2 * i.first; slot < 2*i.last; slot++ {
		if m.slots[slot] >= 0 {
			m.set(slot, -1)
		}
	}
}

// look tries the body of a lookaround. What it has noted in groups stays, but it is not come back to.
func (m *matcher) look(i *instruction, pc, at int) (ok bool, err error) {
	base := len(m.frames)
	found, _, err := m.run(pc+1, at)
	if err != nil {
		return false, err
	}
	if !found {
		return i.not, nil
	}
	if i.not {
		for len(m.frames) > base {
			if last := m.frames[len(m.frames)-1]; last.pc < 0 {
				m.slots[-1-last.pc] = last.pos
			}
			m.frames = m.frames[:len(m.frames)-1]
		}
		return false, nil
	}
	kept := m.frames[:base]
	for _, one := range m.frames[base:] {
		if one.pc < 0 {
			kept = append(kept, one)
		}
	}
	m.frames = kept
	return true, nil
}

// again reads what a group has matched once more. A group that took no part has matched nothing.
func (m *matcher) again(i *instruction, at int) (then int, ok bool) {
	for _, group := range i.groups {
		from, to := int(m.slots[2*group]), int(m.slots[2*group+1])
		if from < 0 || to < 0 {
			continue
		}
		place := from
		if i.behind {
			place = to
		}
		for place != to && !i.behind || place != from && i.behind {
			want, next, _ := m.next(place, i.behind)
			got, then, ok := m.next(at, i.behind)
			if !ok || got != want && (!m.re.ignoreCase || fold(got, m.re.full) != fold(want, m.re.full)) {
				return at, false
			}
			place, at = next, then
			m.steps++
		}
		return at, true
	}
	return at, true
}

// holds tells whether an assertion is true.
func (m *matcher) holds(kind rune, at int) bool {
	switch kind {
	case '^':
		return at == 0 || m.re.multiline && lineEnd(m.unit(at-1))
	case '$':
		return at == m.length || m.re.multiline && lineEnd(m.unit(at))
	default:
		return (m.word(at-1) != m.word(at)) == (kind == 'b')
	}
}

func lineEnd(c rune) bool { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029 }

// word tells whether there is a character of words at a position.
func (m *matcher) word(at int) bool {
	if at < 0 || at >= m.length {
		return false
	}
	c := m.unit(at)
	if m.re.full && m.re.ignoreCase && (c == 0x17f || c == 0x212a) {
		return true
	}
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}
