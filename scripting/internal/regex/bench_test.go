package regex_test

import (
	"strings"
	"testing"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/regex"
)

// BenchmarkSearch is one search by goja and by this package, of patterns that both read alike.
func BenchmarkSearch(b *testing.B) {
	for _, test := range []struct{ name, pattern, text string }{
		{"anchored", `^(\d{4})-(\d\d)-(\d\d)T`, "2024-05-06T07:08:09Z"},
		{"words", `(\w+)@(\w+)\.com`, strings.Repeat("some words before ", 20) + "name@example.com"},
		{"alternatives", `(?:error|warning|fatal): (.*)`, strings.Repeat("all is well; ", 30) + "fatal: it is not"},
	} {
		for _, flags := range []string{"", "u"} {
			by := "goja"
			if flags != "" {
				by = "ours"
			}
			b.Run(test.name+"/by="+by, func(b *testing.B) {
				vm := goja.New()
				if err := regex.Install(regex.Options{VM: vm, Engine: regex.NewEngine(), Stop: func() bool { return false }}); err != nil {
					b.Fatal(err)
				}
				if err := vm.Set("args", []string{test.pattern, flags, test.text}); err != nil {
					b.Fatal(err)
				}
				v, err := vm.RunString("const re = new RegExp(args[0], args[1]), text = args[2]; () => { if (!re.exec(text)) throw 1 }")
				if err != nil {
					b.Fatal(err)
				}
				search, _ := goja.AssertFunction(v)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := search(goja.Undefined()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
