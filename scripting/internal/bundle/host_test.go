package bundle

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// What is said of a package that is not there depends on what it is for.
func TestMissingPackagesSayWhatToDo(t *testing.T) {
	for name, want := range map[string][]string{
		"axios":                    {"looked for ", "run `npm install axios`"},
		"uuid":                     {"looked for ", "run `npm install uuid`"},
		"react":                    {"a host has no user interface"},
		"vue":                      {"a host has no user interface"},
		"@react-navigation/native": {"a host has no user interface"},
		"@ionic/react":             {"a host has no user interface"},
		"react-native-uuid":        {"it is made for a handset", "looked for ", "run `npm install react-native-uuid`"},
		"expo-crypto":              {"it is made for a handset", "looked for ", "run `npm install expo-crypto`"},
		"@react-native-async-storage/async-storage": {"it is made for a handset", "looked for ", "run `npm install @react-native-async-storage/async-storage`"},
		"@vue/reactivity": {"looked for ", "run `npm install @vue/reactivity`"},
	} {
		disk := newTestTree(t, map[string]string{"x.js": `import x from "` + name + `"; console.log(x);`})
		_, err := Build(disk.options("x.js"))
		failure, ok := errors.AsType[*Error](err)
		if !ok || len(failure.Problems) != 1 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := failure.Problems[0].Notes; !slices.EqualFunc(got, want, strings.HasPrefix) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
