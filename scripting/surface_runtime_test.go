package scripting

import (
	"strings"
	"testing"
)

// Every documented name exists in a runtime.
func TestRuntimeHasTheSurface(t *testing.T) {
	b := newBench(t)
	b.run(`const names = ` + quoteJS(strings.Join(surfaceNames(), " ")) + `.split(' ');
		const missing = names.filter((name) => {
			try { return typeof (0, eval)('(' + name + ')') === 'undefined' } catch (e) { return !(e instanceof TypeError) || !has(name) }
		});
		function has(name) { // a getter that needs an object of the class
			const at = name.lastIndexOf('.');
			return at > 0 && name.slice(at + 1) in (0, eval)('(' + name.slice(0, at) + ')');
		}
		console.log(missing.join(' '));`)
	lines := b.log.take()
	for name := range strings.FieldsSeq(messages(lines, "info")[0]) {
		t.Errorf("%s is documented, and does not exist", name)
	}
}
