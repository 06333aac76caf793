package view

import (
	"hash/maphash"
	"strings"

	"github.com/dop251/goja"
)

// texts holds values of short strings that were seen before. Answers repeat the names of networks, campaigns and trackers,
// and to make the value of a string takes two allocations. What comes once takes no room: a string is kept when it comes a
// second time and no other one with the same place came between. The zero value is empty.
type texts struct {
	seed  maphash.Seed
	slots []textSlot
}

// textSlot is a string that came last at its place, by its hash, and its value once it came again.
type textSlot struct {
	hash  uint64
	text  string
	value goja.Value
}

const (
	textSlots   = 64
	longestText = 64
)

// value returns the value of a text, nil where it is not known. One with escapes is never known.
func (t *texts) value(vm *goja.Runtime, text string) goja.Value {
	if len(text) > longestText {
		return nil
	}
	if t.slots == nil {
		t.seed, t.slots = maphash.MakeSeed(), make([]textSlot, textSlots)
	}
	hash := maphash.String(t.seed, text)
	slot := &t.slots[hash%textSlots]
	if slot.hash != hash {
		*slot = textSlot{hash: hash}
		return nil
	}
	if slot.value == nil && strings.IndexByte(text, '\\') < 0 {
		slot.text = strings.Clone(text) // else it would keep its answer
		slot.value = vm.ToValue(slot.text)
	}
	if slot.text != text {
		return nil
	}
	return slot.value
}
