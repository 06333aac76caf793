package scripting_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/scripting"
)

// declared are the names of the members of interfaces of trackhook.d.ts, sorted.
func declared(t *testing.T, interfaces ...string) []string {
	t.Helper()
	var names []string
	for _, name := range interfaces {
		_, body, found := strings.Cut(scripting.Types(), "\ninterface "+name)
		if !found {
			t.Fatalf("trackhook.d.ts has no interface %s", name)
		}
		body, _, _ = strings.Cut(body, "\n}\n")
		for _, m := range regexp.MustCompile(`(?m)^  (?:readonly )?(\w+)[?(:]`).FindAllStringSubmatch(body, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// What editors complete in tests is what there is.
func TestTypesOfTests(t *testing.T) {
	t.Parallel()
	result, _ := runTests(t, testConfig(""), map[string]string{"x.js": "Adjust.create(new AdjustConfig(appToken, environment));", "x.test.js": `
const said = (what, keys) => console.log(what + ": " + keys.sort().join());
const refused = async (promise) => { try { await promise; } catch (e) { return e.message.replace(/^.*(?:options are|a response has) /s, "").split(", "); } };
test("names", async () => {
  said("Matchers", Object.keys(expect(1)));
  said("Expect", Object.keys(expect));
  const p = await plugin.load();
  said("PluginUnderTest", Object.keys(p));
  said("PluginDeeds", Object.keys(await p.eventSuccess()));
  said("PluginOptions", await refused(plugin.load({ nonsense: 1 })));
  said("PluginAnswer", await refused(p.eventSuccess({ nonsense: 1 })));
  said("TestFunction", Object.keys(test));
});
`})
	if len(result.Tests) != 1 || len(result.Tests[0].Failures) > 0 || len(result.Tests[0].Lines) != 7 {
		t.Fatalf("%+v", result)
	}
	for _, line := range result.Tests[0].Lines {
		name, keys, _ := strings.Cut(line.Text, ": ")
		interfaces := []string{name + " {"}
		switch name {
		case "Matchers":
			interfaces = []string{"Matchers<R> {"}
		case "PluginUnderTest":
			interfaces = []string{"PluginUnderTest extends", "PluginDeeds {"}
		}
		got := strings.Split(keys, ",")
		got = slices.DeleteFunc(got, func(key string) bool { return name == "PluginOptions" && key == "fetch" })
		want := slices.DeleteFunc(declared(t, interfaces...), func(key string) bool { return name == "PluginOptions" && key == "fetch" })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-declared +there):\n%s", name, diff)
		}
	}
}
