package scripting

import "testing"

func TestConsoleAssert(t *testing.T) {
	b := newBench(t)
	b.run(`console.assert(true, 'no'); console.assert(); console.assert(0, 'why %s', 'x', 1); console.assert(null, { a: 1 }, 'b'); console.assert(false, 5)`)
	b.printed("error", "Assertion failed", "Assertion failed: why x 1", "Assertion failed { a: 1 } b", "Assertion failed 5")
}
