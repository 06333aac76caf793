package console

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/scripting/internal/view"
)

// plainBody returns an object of a few members, nearly all of which are plain, and which is about as long as a line.
func plainBody(random *rand.Rand, depth int) string {
	keys := []string{"a", "adid", "app_token", "message", "b", "tracker_name_that_is_long", "x1", "not plain", "caf\u00e9", "10"}
	likely := 7 // the others are not plain
	if random.IntN(8) == 0 {
		likely = len(keys)
	}
	blanks := func() string { return []string{"", " ", "\n  "}[max(0, random.IntN(60)-57)] }
	var b strings.Builder
	b.WriteByte('{')
	for i := range random.IntN(7) {
		if i > 0 {
			b.WriteString(blanks() + ",")
		}
		fmt.Fprintf(&b, "%s%q%s:%s", blanks(), keys[random.IntN(likely)], blanks(), blanks())
		switch n := random.IntN(20); {
		case n < 8:
			fmt.Fprintf(&b, "%q", strings.Repeat("v", random.IntN(30)))
		case n < 11:
			fmt.Fprint(&b, random.IntN(2_000_000)-1_000_000)
		case n < 13:
			b.WriteString([]string{"true", "false", "null"}[random.IntN(3)])
		case n < 18 && depth < 4:
			b.WriteString(plainBody(random, depth+1))
		default:
			b.WriteString([]string{`"it's"`, `[1,"two"]`, "1.50", `"\u0041"`, `"caf\u00e9"`, "12345678901234567890", "-0", `"say \"x\""`, "\"broken \xFF\""}[random.IntN(9)])
		}
	}
	b.WriteString(blanks() + "}")
	return b.String()
}

// What was found out about the keys of one answer is used for the next, which must be printed as the object that it is all the
// same: one after the other, with keys that repeat, change and come twice.
func TestPlainAnswersArePrintedAsOrdinaryObjects(t *testing.T) {
	vm, out := newTestConsole()
	views := view.NewResponses(vm)
	random := rand.New(rand.NewPCG(1, 2))
	body := plainBody(random, 0)
	for range 4_000 {
		if random.IntN(3) > 0 { // else the same again
			body = plainBody(random, 0)
		}
		r := benchResponse()
		r.Body = []byte(body)
		if err := vm.Set("e", views.Object(r)); err != nil {
			t.Fatal(err)
		}
		if err := vm.Set("text", body); err != nil {
			t.Fatal(err)
		}
		for _, printed := range []string{"console.log(%s)", "console.log('%%O', %s)", "console.dir(%s, {depth: 5})", "console.log([%s])", "console.dir({ x: { y: %s } }, {depth: 9})"} {
			out.Reset()
			if _, err := vm.RunString(fmt.Sprintf(printed, "e.jsonResponse")); err != nil {
				t.Fatal(err)
			}
			got := out.String()
			out.Reset()
			if _, err := vm.RunString(fmt.Sprintf(printed, "JSON.parse(text)")); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(out.String(), got); diff != "" {
				t.Fatalf("%s of %s: ordinary -, answer +\n%s", printed, body, diff)
			}
		}
	}
}
