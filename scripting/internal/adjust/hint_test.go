package adjust

import "testing"

// Errors that nothing is known about cost little: a listener may throw one at each response.
func TestExplainCostsLittle(t *testing.T) {
	a := &API{Devices: NewDevices(Settings{})}
	for message, line := range map[string]string{
		"ReferenceError: missing is not defined":                 "const sum = missing.count + other.value;",
		"TypeError: Cannot read property 'message' of undefined": "return event.document.message;",
		"TypeError: Object has no member 'push'":                 "list.push(event.jsonResponse);",
		"Error: the server said no":                              "throw new Error('the server said no');",
	} {
		if got := a.Explain(message, line); got != message {
			t.Errorf("%s: %s", message, got)
		}
		if n := testing.AllocsPerRun(100, func() { a.Explain(message, line) }); n > 20 { // a pattern takes hundreds
			t.Errorf("%s: %v allocations", message, n)
		}
	}
}
