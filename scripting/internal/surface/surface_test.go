package surface

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/scripting/internal/documents"
)

var updateTypes = flag.Bool("update", false, "write generated files anew")

func TestTypesFile(t *testing.T) {
	want := generateTypes()
	if *updateTypes {
		if err := os.WriteFile("trackhook.d.ts", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, Types()); diff != "" {
		t.Errorf("trackhook.d.ts is not what the surface says; run go generate ./scripting/... (-want +got):\n%s", diff)
	}
}

// A type that one version of the SDKs alone has speaks of no other.
func TestTypesNameTheirVersion(t *testing.T) {
	types := generateTypes()
	for _, entry := range list() {
		if entry.kind != typeOnly || entry.flags&sdkAny == sdkAny {
			continue
		}
		_, block, found := strings.Cut(types, "\ninterface "+entry.name+" ")
		if block, _, _ = strings.Cut(block, "\n}\n"); !found {
			t.Errorf("%s is missing", entry.name)
		}
		for flag, text := range map[flags]string{sdk4: "(SDK version 4)", sdk5: "(SDK version 5)"} {
			if entry.flags&flag == 0 && strings.Contains(block, text) {
				t.Errorf("%s says %s:\n%s", entry.name, text, block)
			}
		}
	}
}

func TestSurfaceIsDocumentedOnce(t *testing.T) {
	for _, entry := range list() {
		if !strings.HasSuffix(entry.doc, ".") {
			t.Errorf("%s: the documentation %q is no sentence", entry.name, entry.doc)
		}
		seen := map[string]bool{}
		for _, member := range entry.members {
			if !strings.HasSuffix(member.doc, ".") {
				t.Errorf("%s.%s: the documentation %q is no sentence", entry.name, member.name(), member.doc)
			}
			if seen[member.declaration] {
				t.Errorf("%s has %s twice", entry.name, member.declaration)
			}
			seen[member.declaration] = true
		}
	}
}

// TestSurfaceHasTheDocumentedNames reads the names out of the tables of the specification, where it is at hand.
func TestSurfaceHasTheDocumentedNames(t *testing.T) {
	text, err := os.ReadFile(documents.Path(t, "spec/adjust.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "### 1.2 Constants")
	part, _, _ = strings.Cut(part, "### 1.6 ")
	_, five, _ := strings.Cut(string(text), "### 1.7 Version 5")
	five, _, _ = strings.Cut(five, "v4 → v5 names")
	types := Types()
	checked := 0
	for line := range strings.Lines(part + five) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, name := range regexp.MustCompile(`\b(?:set|get|has|add|remove|reset|track|verify|update|enable|disable|switch|process|check|request|send|end|resolve|convert|is|init|create|deactivate|gdpr|appWill|component)[A-Za-z0-9]*\b`).FindAllString(strings.ReplaceAll(cells[1], "Adjust.", ""), -1) {
			if len(name) < 6 || slices.Contains([]string{"getters", "isDataResidency", "setTestOptions"}, name) {
				continue
			}
			checked++
			if !strings.Contains(types, name+"(") && !strings.Contains(cells[1], name+"…") && !strings.Contains(cells[1], name+"/") {
				t.Errorf("%s is in the specification, but not in the surface: %s", name, strings.TrimSpace(cells[1]))
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d names found in the specification", checked)
	}
}

func TestWriteEditorFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plugins")
	written, err := WriteEditorFiles(dir)
	if err != nil || !slices.Equal(written, []string{"trackhook.d.ts", "jsconfig.json"}) {
		t.Fatalf("wrote %v, %v", written, err)
	}
	own := []byte("{}")
	if err := os.WriteFile(filepath.Join(dir, "jsconfig.json"), own, 0o600); err != nil {
		t.Fatal(err)
	}
	written, err = WriteEditorFiles(dir)
	if err != nil || !slices.Equal(written, []string{"trackhook.d.ts"}) {
		t.Fatalf("the second time it wrote %v, %v", written, err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "jsconfig.json")); string(got) != string(own) {
		t.Errorf("an existing jsconfig.json became %q", got)
	}
}

// The runtime's own test evaluates each of these.
func TestSurfaceNames(t *testing.T) {
	names := Names()
	for _, want := range []string{
		"Adjust", "Adjust.create", "AdjustConfig.EnvironmentSandbox", "AdjustConfig.prototype.setLogLevel",
		"AdjustAdRevenueSource.AdRevenueSourceUnity", "AdjustLogLevel.Verbose", "appToken", "fetch", "localStorage",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, name := range names {
		if !regexp.MustCompile(`^\w+(\.prototype)?(\.\w+)?$`).MatchString(name) || strings.Contains(name, "Response.") {
			t.Errorf("%q is no expression for a global", name)
		}
	}
}
