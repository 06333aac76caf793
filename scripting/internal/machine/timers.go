package machine

import (
	"container/heap"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dop251/goja"
)

const (
	// maxTimers bounds the timers that a machine holds at once.
	maxTimers = 10_000
	// A delay outside of this range is the least one, as in browsers and Node.
	leastDelay = time.Millisecond
	mostDelay  = math.MaxInt32 * time.Millisecond
)

// timers are setTimeout, setInterval and setImmediate of one machine. All of it belongs to the machine's goroutine.
type timers struct {
	m     *Machine
	last  int64
	byID  map[int64]*timer
	queue timerQueue
	// immediates run in the next turn of the loop, in order.
	immediates []*timer
}

type timer struct {
	id       int64
	due      time.Time
	order    int64 // breaks ties: timers due at once run in the order in which they were set
	interval time.Duration
	fn       Function
	args     []goja.Value
	name     string
	steps    int // see Machine.Steps
	index    int // in the queue; -1 when not there
}

// newTimers installs the timer functions.
func newTimers(m *Machine) *timers {
	t := &timers{m: m, byID: map[int64]*timer{}}
	for _, name := range []string{"setTimeout", "setInterval", "setImmediate"} {
		m.define(name, func(call goja.FunctionCall) goja.Value { return t.set(name, call) })
	}
	for _, name := range []string{"clearTimeout", "clearInterval", "clearImmediate"} {
		m.define(name, t.clear)
	}
	return t
}

func (t *timers) set(name string, call goja.FunctionCall) goja.Value {
	fn, ok := AsFunction(call.Argument(0))
	if !ok {
		// The string form of old browsers is an eval, which has no place here.
		panic(t.m.VM.NewTypeError(fmt.Sprintf("Failed to execute '%s': parameter 1 is not of type 'Function'.", name)))
	}
	if len(t.byID) >= maxTimers {
		panic(t.m.RangeError(fmt.Sprintf("Failed to execute '%s': more than %d timers at once.", name, maxTimers)))
	}
	t.last++
	tm := &timer{id: t.last, order: t.last, fn: fn, name: name, steps: t.m.steps, index: -1}
	skip := 1
	if name != "setImmediate" {
		skip = 2
		delay := delayOf(call.Argument(1))
		tm.due = t.m.owner.Now().Add(delay)
		if name == "setInterval" {
			tm.interval = delay
		}
	}
	if len(call.Arguments) > skip {
		tm.args = slices.Clone(call.Arguments[skip:])
	}
	t.byID[tm.id] = tm
	if name == "setImmediate" {
		t.immediates = append(t.immediates, tm)
	} else {
		heap.Push(&t.queue, tm)
	}
	return t.m.VM.ToValue(tm.id)
}

// after calls a function of the host after some time; false: too many timers wait.
func (t *timers) after(delay time.Duration, name string, f func()) bool {
	if len(t.byID) >= maxTimers {
		return false
	}
	t.last++
	tm := &timer{id: t.last, order: t.last, name: name, steps: t.m.steps, due: t.m.owner.Now().Add(delay), fn: func(goja.FunctionCall) goja.Value {
		f()
		return goja.Undefined()
	}}
	t.byID[tm.id] = tm
	heap.Push(&t.queue, tm)
	return true
}

func delayOf(v goja.Value) time.Duration {
	ms := v.ToFloat()
	if math.IsNaN(ms) || ms < 1 || ms > math.MaxInt32 {
		return leastDelay
	}
	return min(time.Duration(ms*float64(time.Millisecond)), mostDelay)
}

// clear takes any value, as in browsers; what is no timer's id is ignored.
func (t *timers) clear(call goja.FunctionCall) goja.Value {
	id := call.Argument(0)
	if goja.IsNumber(id) || goja.IsString(id) {
		t.drop(id.ToInteger())
	}
	return goja.Undefined()
}

func (t *timers) drop(id int64) {
	tm := t.byID[id]
	if tm == nil {
		return
	}
	delete(t.byID, id)
	if tm.index >= 0 {
		heap.Remove(&t.queue, tm.index)
	}
	// An immediate stays in its list and is skipped, because its id is gone.
}

// stop forgets every timer.
func (t *timers) stop() {
	clear(t.byID)
	t.queue, t.immediates = nil, nil
}

// next is when the earliest timer is due. False: there is none.
func (t *timers) next() (time.Time, bool) {
	if len(t.immediates) > 0 {
		return time.Time{}, true
	}
	if len(t.queue) == 0 {
		return time.Time{}, false
	}
	return t.queue[0].due, true
}

// runDue runs the immediates and the timers that are due now. What they set runs in a later turn, so that a timer that
// sets itself again cannot keep the loop from its other work.
func (t *timers) runDue() {
	if len(t.immediates) > 0 {
		ready := t.immediates
		t.immediates = nil
		for _, tm := range ready {
			if t.byID[tm.id] == tm && t.m.Alive() {
				delete(t.byID, tm.id)
				t.m.As(tm.steps, func() { t.m.Callback("setImmediate callback", tm.fn, tm.args) })
			}
		}
	}
	if len(t.queue) == 0 {
		return
	}
	now, newest := t.m.owner.Now(), t.last
	for len(t.queue) > 0 && !t.queue[0].due.After(now) && t.queue[0].order <= newest && t.m.Alive() {
		tm := t.queue[0]
		if tm.interval > 0 {
			t.last++
			tm.order = t.last
			tm.due = now.Add(tm.interval)
			heap.Fix(&t.queue, tm.index)
		} else {
			heap.Pop(&t.queue)
			delete(t.byID, tm.id)
		}
		t.m.As(tm.steps, func() { t.m.Callback(tm.name+" callback", tm.fn, tm.args) })
	}
}

// timerQueue is a heap by due time and order.
type timerQueue []*timer

func (q timerQueue) Len() int { return len(q) }

func (q timerQueue) Less(i, j int) bool {
	if !q[i].due.Equal(q[j].due) {
		return q[i].due.Before(q[j].due)
	}
	return q[i].order < q[j].order
}

func (q timerQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *timerQueue) Push(x any) {
	tm, ok := x.(*timer)
	if !ok {
		return // container/heap hands back what set pushed
	}
	tm.index = len(*q)
	*q = append(*q, tm)
}

func (q *timerQueue) Pop() any {
	old := *q
	last := len(old) - 1
	tm := old[last]
	old[last] = nil
	tm.index = -1
	*q = old[:last]
	return tm
}
