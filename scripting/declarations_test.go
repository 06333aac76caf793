package scripting

import (
	"regexp"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"trackhook/scripting/internal/surface"
)

// declared is a name of trackhook.d.ts. Its members are those of its own and of the declarations that it extends.
type declared struct {
	name, kind, doc string
	// typ is the type of a variable that is declared elsewhere.
	typ     string
	extends []string
	// members and statics hold each member's declaration by its name; documented those that have a comment.
	members, statics map[string]string
	documented       map[string]bool
}

// declarations are the top-level declarations of trackhook.d.ts, which the generator writes one member a line.
type declarations struct {
	values, types map[string]*declared
}

var (
	declarationStart = regexp.MustCompile(`^declare (class|var|function) (\w+)(?:<[^>]*>)?(?: extends (\w+))?(?:: (\w+);)?`)
	interfaceStart   = regexp.MustCompile(`^interface (\w+)(?:<[^>]*>)?(?: extends ([\w, ]+))? \{(\})?$`)
	memberStart      = regexp.MustCompile(`^  (private )?(static )?(?:readonly )?(?:get )?(\w+|\[Symbol\.\w+\])\??(?:<[^>]*>)?[(:]`)
)

// readDeclarations reads a text that generateTypes has made.
func readDeclarations(t *testing.T, text string) declarations {
	t.Helper()
	d := declarations{values: map[string]*declared{}, types: map[string]*declared{}}
	var now *declared
	doc := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "/**"):
			doc = strings.Trim(line, "/* ")
			continue
		case strings.HasPrefix(line, "declare module"):
			return d // the modules export what stands above
		case strings.HasPrefix(line, "declare "):
			m := declarationStart.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("trackhook.d.ts: cannot read %q", line)
			}
			now = &declared{
				name: m[2], kind: m[1], typ: m[4], doc: doc,
				members: map[string]string{}, statics: map[string]string{}, documented: map[string]bool{},
			}
			if m[3] != "" {
				now.extends = []string{m[3]}
			}
			d.values[now.name] = now
			if m[1] == "class" {
				d.types[now.name] = now
			}
			if !strings.HasSuffix(line, "{") {
				now = nil
			}
		case strings.HasPrefix(line, "interface "):
			m := interfaceStart.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("trackhook.d.ts: cannot read %q", line)
			}
			now = d.types[m[1]]
			if now == nil {
				now = &declared{
					name: m[1], kind: "interface", doc: doc,
					members: map[string]string{}, statics: map[string]string{}, documented: map[string]bool{},
				}
				d.types[m[1]] = now
			}
			if m[2] != "" {
				now.extends = append(now.extends, strings.Split(m[2], ", ")...)
			}
			if m[3] != "" {
				now = nil
			}
		case strings.HasPrefix(line, "}"):
			now = nil
		case now != nil:
			if m := memberStart.FindStringSubmatch(line); m != nil && m[3] != "constructor" && m[3] != "prototype" && m[3] != "new" {
				members := now.members
				if m[2] != "" {
					members = now.statics
				}
				members[m[3]] = strings.TrimSpace(line)
				now.documented[m[3]] = now.documented[m[3]] || doc != ""
			}
		}
		doc = ""
	}
	return d
}

// membersOf returns all members of a type, inherited ones included.
func (d declarations) membersOf(name string) map[string]bool {
	all := map[string]bool{}
	of := d.types[name]
	if of == nil {
		return all
	}
	for member := range of.members {
		all[member] = true
	}
	for _, base := range of.extends {
		for member := range d.membersOf(base) {
			all[member] = true
		}
	}
	return all
}

func TestTypesAreTypeScript(t *testing.T) {
	result := api.Transform(surface.Types(), api.TransformOptions{Loader: api.LoaderTS})
	for _, problem := range result.Errors {
		t.Errorf("trackhook.d.ts:%d: %s", problem.Location.Line, problem.Text)
	}
}

func TestTypesAreDocumented(t *testing.T) {
	d := readDeclarations(t, surface.Types())
	if len(d.values) < 50 || len(d.types) < 40 {
		t.Fatalf("read %d values and %d types", len(d.values), len(d.types))
	}
	for name, value := range d.values {
		if value.doc == "" {
			t.Errorf("%s has no documentation", name)
		}
	}
	for name, of := range d.types {
		if !strings.HasPrefix(name, "Adjust") {
			continue
		}
		for member := range of.members {
			if !of.documented[member] {
				t.Errorf("%s.%s has no documentation", name, member)
			}
		}
		for member := range of.statics {
			if !of.documented[member] {
				t.Errorf("%s.%s has no documentation", name, member)
			}
		}
	}
}
