package adjust_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine/nodetest"
	"trackhook/scripting/scriptingtest"
)

// genuineClass is what a genuine SDK exports under a name.
type genuineClass struct {
	Length    int            // parameters of the constructor; -1: it is no function
	Constants map[string]any // strings, numbers and booleans
	Statics   []string       // functions of its own
	Methods   map[string]int // functions of the prototype, with their parameters
}

// genuineSDK is a package of npm. started is how its version is started by a script that has made a config.
type genuineSDK struct{ name, version, started string }

func genuineSDKs() []genuineSDK {
	return []genuineSDK{
		{"com.adjust.sdk", "4.38.1", "Adjust.create(config)"},
		{"com.adjust.sdk", "5.6.0", "Adjust.initSdk(config)"},
		{"react-native-adjust", "4.38.1", "Adjust.create(config)"},
		{"react-native-adjust", "5.8.0", "Adjust.initSdk(config)"},
	}
}

// imported is how a script says that it is written for the SDK of React Native.
func (s genuineSDK) imported() string {
	if s.name == "react-native-adjust" {
		return "import \"react-native-adjust\";\n"
	}
	return ""
}

// eachGenuine runs a test for each SDK, with what it exports and a function that runs a program in it.
func eachGenuine(t *testing.T, test func(t *testing.T, sdk genuineSDK, exported map[string]genuineClass, run func(program string) []string)) {
	t.Helper()
	for _, sdk := range genuineSDKs() {
		t.Run(sdk.name+"@"+sdk.version, func(t *testing.T) {
			dir := t.TempDir()
			nodetest.Packages(t, dir, sdk.name+"@"+sdk.version)
			load := func(args ...string) []byte {
				args = append([]string{"testdata/genuine.js", filepath.Join(dir, "node_modules", sdk.name)}, args...)
				cmd := exec.CommandContext(t.Context(), "node", args...)
				cmd.Stderr = os.Stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			var exported map[string]genuineClass
			if err := json.Unmarshal(load(), &exported); err != nil {
				t.Fatal(err)
			}
			test(t, sdk, exported, func(program string) (lines []string) {
				file := filepath.Join(dir, "programs.js")
				if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(string(load(file))) {
					var text string
					if err := json.Unmarshal([]byte(line), &text); err != nil {
						t.Fatal(err)
					}
					lines = append(lines, text)
				}
				return lines
			})
		})
	}
}

// runHere runs a program as a plugin that has started the SDK, and returns the lines that it has printed.
func runHere(t *testing.T, sdk genuineSDK, program string) (lines []string) {
	t.Helper()
	result, err := scriptingtest.Test{
		Script: sdk.imported() + "const config = new AdjustConfig(appToken, environment);\n" + sdk.started + ";\n" + program,
		Device: map[string]string{"external_device_id": "kiosk"},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range result.Lines {
		if line.Level == "info" {
			// What imports something is written anew by the bundler.
			lines = append(lines, strings.ReplaceAll(line.Text, `() => {\n    }`, "() => {}"))
		}
	}
	return lines
}

// TestGenuineNames finds every name of the genuine SDKs here, and every constant with its value.
func TestGenuineNames(t *testing.T) {
	eachGenuine(t, func(t *testing.T, sdk genuineSDK, exported map[string]genuineClass, _ func(string) []string) {
		t.Helper()
		var program strings.Builder
		want := []string{}
		expect := func(line, expression string, args ...any) {
			expression = fmt.Sprintf(expression, args...)
			fmt.Fprintf(&program, "try { console.log(%q, %s); } catch (e) { console.log(%[1]q, String(e)); }\n", expression, expression)
			want = append(want, expression+" "+line)
		}
		for _, name := range slices.Sorted(maps.Keys(exported)) {
			class := exported[name]
			if class.Length >= 0 {
				expect("function", "typeof %s", name)
			}
			for _, constant := range slices.Sorted(maps.Keys(class.Constants)) {
				expect(fmt.Sprint(class.Constants[constant]), "%s.%s", name, constant)
			}
			for _, static := range slices.Sorted(slices.Values(class.Statics)) {
				expect("function", "typeof %s.%s", name, static)
			}
			for _, method := range slices.Sorted(maps.Keys(class.Methods)) {
				expect("function", "typeof %s.prototype.%s", name, method)
			}
		}
		if len(want) < 100 {
			t.Fatalf("only %d names were found", len(want))
		}
		if diff := cmp.Diff(want, runHere(t, sdk, program.String())); diff != "" {
			t.Errorf("names (-genuine +here):\n%s", diff)
		}
	})
}

// genuineValues are what arguments are drawn from.
func genuineValues() []string {
	return []string{
		`"abc123"`, `"EUR"`, `""`, `"a b"`, `"\u00e9\ud83d\ude00"`, `1.5`, `0`, `-1`, `NaN`, `1e21`, `true`, `false`, `null`, `undefined`, `[]`, `["a", 1]`, `{}`,
		`{ a: { b: 1 } }`, `() => {}`, `/a/g`,
	}
}

// genuineArguments draws as many arguments as a function has parameters; sometimes one is missing, or one is too many.
func genuineArguments(random *rand.Rand, parameters int) string {
	values := genuineValues()
	all := make([]string, max(0, parameters+[]int{0, 0, 0, 0, 0, -1, 1}[random.IntN(7)]))
	for i := range all {
		all[i] = values[random.IntN(len(values))]
		if random.IntN(2) == 0 {
			all[i] = values[random.IntN(2)] // half of them are what most functions are for
		}
	}
	return strings.Join(all, ", ")
}

// genuineProgram writes a program that makes an object of a class, calls some of its methods, and prints what became of
// them and of the object.
func genuineProgram(random *rand.Rand, name string, class genuineClass) string {
	arguments := func(count int) string { return genuineArguments(random, count) }
	var text strings.Builder
	fmt.Fprintf(&text, "try {\n  const o = new %s(%s);\n", name, arguments(class.Length))
	methods := slices.Sorted(maps.Keys(class.Methods))
	for range random.IntN(6) {
		if len(methods) > 0 {
			method := methods[random.IntN(len(methods))]
			call := fmt.Sprintf("o.%s(%s)", method, arguments(class.Methods[method]))
			fmt.Fprintf(&text, "  console.log(%q, typeof %s);\n", call, call)
		}
	}
	text.WriteString("  console.log(JSON.stringify(o), Object.keys(o).join());\n")
	text.WriteString("} catch (e) { console.log(`threw ${e.name}`); }\n")
	return text.String()
}

// TestGenuinePrograms runs random programs in the genuine SDKs and here: they print the same.
func TestGenuinePrograms(t *testing.T) {
	const programs, atOnce = 500, 50
	eachGenuine(t, func(t *testing.T, sdk genuineSDK, exported map[string]genuineClass, run func(string) []string) {
		t.Helper()
		random := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // the same each time
		var names []string
		for _, name := range slices.Sorted(maps.Keys(exported)) {
			if exported[name].Length >= 0 {
				names = append(names, name)
			}
		}
		for first := 0; first < programs; first += atOnce {
			written := make([]string, atOnce)
			for n := range written {
				name := names[random.IntN(len(names))]
				written[n] = genuineProgram(random, name, exported[name])
			}
			comparePrograms(t, sdk, run, written, func(lines []string) []string { return lines })
		}
	})
}

// comparePrograms runs programs in a genuine SDK and here, and compares what said leaves of what each has printed.
func comparePrograms(t *testing.T, sdk genuineSDK, run func(string) []string, written []string, said func(lines []string) []string) {
	t.Helper()
	mark := fmt.Sprintf("console.log(%q);\n", programMark)
	text := mark + strings.Join(written, mark)
	want, got := byProgram(run(text)), byProgram(runHere(t, sdk, text))
	if len(want) != len(written) || len(got) != len(written) {
		t.Fatalf("of %d programs %d printed there, and %d here", len(written), len(want), len(got))
	}
	for n := range written {
		// The SDK for Cordova prints the names of some functions when they are called, for its authors.
		want[n] = slices.DeleteFunc(want[n], func(line string) bool { return strings.Contains(written[n], "Adjust."+line+"(") })
		if diff := cmp.Diff(said(want[n]), said(got[n])); diff != "" {
			t.Fatalf("-genuine +here\n%s\n%s", diff, written[n])
		}
	}
}

// TestGenuineCalls calls the functions of Adjust with random arguments. Of React Native's, what they return or throw is compared,
// and not what they print: those of version 5 say nothing of some wrong arguments of which Cordova's complain, as is done here.
func TestGenuineCalls(t *testing.T) {
	others := []string{
		"create", "initSdk", "gdprForgetMe", "teardown", // what follows would be another
		"sendFirstPackages", // of which the part in Java says something
	}
	eachGenuine(t, func(t *testing.T, sdk genuineSDK, exported map[string]genuineClass, run func(string) []string) {
		t.Helper()
		random := rand.New(rand.NewPCG(3, 5)) //nolint:gosec // the same each time
		native := sdk.name == "react-native-adjust"
		names := slices.DeleteFunc(exported["Adjust"].Statics, func(name string) bool {
			// React Native's hands what is no function to its native part, which ends the app; here it is a TypeError.
			return slices.Contains(others, name) || native && (name == "getAdidWithTimeout" || name == "getAttributionWithTimeout")
		})
		slices.Sort(names)
		written := make([]string, 1000)
		for n := range written {
			call := fmt.Sprintf("Adjust.%s(%s)", names[random.IntN(len(names))], genuineArguments(random, 2))
			written[n] = fmt.Sprintf("try { console.log(`returned ${typeof %s}`); } catch (e) { console.log(`threw ${e.name}`); }\n", call)
		}
		said := func(lines []string) []string { return lines }
		if native {
			said = func(lines []string) []string { return lines[max(0, len(lines)-1):] }
		}
		for some := range slices.Chunk(written, 100) { // a result has a thousand lines at most
			comparePrograms(t, sdk, run, some, said)
		}
	})
}

// programMark is the line that parts what two programs print.
const programMark = "program"

// byProgram returns the lines that each program has printed.
func byProgram(lines []string) (programs [][]string) {
	for _, line := range lines {
		if line == programMark {
			programs = append(programs, nil)
		} else if last := len(programs) - 1; last >= 0 {
			programs[last] = append(programs[last], line)
		}
	}
	return programs
}
