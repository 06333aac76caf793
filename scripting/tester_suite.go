package scripting

import (
	"regexp"
	"strings"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/console"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
)

// suite is what one describe holds; the file itself is one without a name.
type suite struct {
	name  string
	outer *suite
	mode  string // only, skip or empty
	items []any  // *suite and *testCase, in order
	hooks map[string][]hook
}

// testCase is one test.
type testCase struct {
	name    string
	mode    string // only, skip, todo or empty
	fn      machine.Function
	timeout time.Duration // 0: the default
	place   *script.Error
}

// hook is a function of beforeEach and its like.
type hook struct {
	fn      machine.Function
	timeout time.Duration
	place   *script.Error
}

// collector takes what a test file registers. It belongs to the runtime's goroutine until the file is loaded.
type collector struct {
	m    *machine.Machine
	root *suite
	at   *suite
	// only is true when anything is marked so: all else is skipped.
	only   bool
	closed bool
}

func newCollector(m *machine.Machine) *collector {
	root := &suite{hooks: map[string][]hook{}}
	return &collector{m: m, root: root, at: root}
}

func (c *collector) check(what string) {
	if c.closed {
		panic(c.m.NewError(what + " must be called while the file is loaded, not later or in a test"))
	}
}

func (c *collector) begin(call goja.FunctionCall) goja.Value {
	c.check("describe")
	inner := &suite{name: call.Argument(1).String(), mode: call.Argument(0).String(), outer: c.at, hooks: map[string][]hook{}}
	c.only = c.only || inner.mode == "only"
	c.at.items = append(c.at.items, inner)
	c.at = inner
	return goja.Undefined()
}

func (c *collector) end(goja.FunctionCall) goja.Value {
	c.at = c.at.outer
	return goja.Undefined()
}

func (c *collector) test(call goja.FunctionCall) goja.Value {
	c.check("test")
	t := &testCase{mode: call.Argument(0).String(), name: call.Argument(1).String(), timeout: c.timeout(call.Argument(3)), place: c.m.Here()}
	t.fn, _ = machine.AsFunction(call.Argument(2))
	c.only = c.only || t.mode == "only"
	c.at.items = append(c.at.items, t)
	return goja.Undefined()
}

func (c *collector) hook(call goja.FunctionCall) goja.Value {
	kind := call.Argument(0).String()
	c.check(kind)
	fn, _ := machine.AsFunction(call.Argument(1))
	c.at.hooks[kind] = append(c.at.hooks[kind], hook{fn: fn, timeout: c.timeout(call.Argument(2)), place: c.m.Here()})
	return goja.Undefined()
}

// timeout reads milliseconds.
func (c *collector) timeout(v goja.Value) time.Duration {
	if goja.IsUndefined(v) {
		return 0
	}
	ms := v.ToFloat()
	if !(ms > 0) {
		panic(c.m.VM.NewTypeError("the time limit of a test must be a number of milliseconds above 0, got " + console.Inspect(c.m.VM, v)))
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// path is the names from the outermost describe to s.
func (s *suite) path() []string {
	if s == nil || s.outer == nil {
		return nil
	}
	return append(s.outer.path(), s.name)
}

// chain is the suites from the outermost to s.
func (s *suite) chain() []*suite {
	if s == nil {
		return nil
	}
	return append(s.outer.chain(), s)
}

// selection says which tests run.
type selection struct {
	only bool
	run  *regexp.Regexp
}

// runs tells whether a test of s is to run.
func (sel selection) runs(s *suite, t *testCase) bool {
	only := t.mode == "only"
	for _, outer := range s.chain() {
		if outer.mode == "skip" {
			return false
		}
		only = only || outer.mode == "only"
	}
	return t.mode != "skip" && t.mode != "todo" && (only || !sel.only) && sel.matches(s, t)
}

func (sel selection) matches(s *suite, t *testCase) bool {
	return sel.run == nil || sel.run.MatchString(strings.Join(append(s.path(), t.name), " "))
}

// any tells whether anything in s is to run, so that its beforeAll and afterAll are.
func (sel selection) any(s *suite) bool {
	for _, item := range s.items {
		switch item := item.(type) {
		case *suite:
			if sel.any(item) {
				return true
			}
		case *testCase:
			if sel.runs(s, item) {
				return true
			}
		}
	}
	return false
}
