package surface

import (
	"strings"
	"testing"
)

// TestGeneration holds the function to the list, in both directions.
func TestGeneration(t *testing.T) {
	versions := map[string]flags{"fetch": 0, "": 0}
	for _, entry := range list() {
		if entry.kind == typeOnly || entry.flags&hostOnly != 0 {
			continue
		}
		versions[entry.name] = 0
		for _, member := range entry.members {
			versions[member.name()] |= member.flags & sdkAny
		}
	}
	for name, f := range versions {
		want := map[flags]int{sdk4: 4, sdk5: 5}[f]
		if strings.ToLower(name) == name {
			want = 0
		}
		if got := Generation(name); got != want {
			t.Errorf("%s belongs to version %d, want %d", name, got, want)
		}
	}
}
