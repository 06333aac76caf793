package console

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"
)

// newTestConsole returns a runtime whose console prints into the builder, one line a call.
func newTestConsole() (*goja.Runtime, *strings.Builder) {
	vm := goja.New()
	out := &strings.Builder{}
	Install(vm, func(_ Level, text string) { out.WriteString(text + "\n") })
	return vm, out
}

// The file has what Node 20 prints, one case a line.
func TestConsolePrintsAsNode(t *testing.T) {
	data, err := os.ReadFile("testdata/console.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var c struct{ Code, Out string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Code, func(t *testing.T) {
			vm, out := newTestConsole()
			if _, err := vm.RunString("(function () {" + c.Code + "\n})()"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.Out, out.String()); diff != "" {
				t.Errorf("%s\nnode -, ours +\n%s", c.Code, diff)
			}
		})
	}
}
