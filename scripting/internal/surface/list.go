package surface

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"trackhook/engine/scripts"
)

// List is the list for pages that complete and explain. It is read from the text of trackhook.d.ts, so that the two cannot
// differ: every declaration there stands in a line of its own, with its comment in the line before.
func List() scripts.Surface {
	r := reader{items: map[string]*block{}}
	plain, _, _ := strings.Cut(Types(), surfaceTests) // behind it are modules, which are named below
	r.read(plain, false)
	r.read(surfaceTests, true)
	out := scripts.Surface{Items: r.list(), Modules: slices.Concat(slices.Collect(maps.Keys(HostModules())), PromisingModules(), slices.Collect(maps.Keys(HandsetModules())))}
	slices.Sort(out.Modules)
	return out
}

// block is an item with what it takes over from others.
type block struct {
	scripts.Item
	// extends are the names of types whose members it has.
	extends []string
	// of is the type of a variable.
	of string
}

// reader reads declarations.
type reader struct {
	items map[string]*block
	order []string
}

// read reads a text.
func (r *reader) read(text string, tests bool) {
	var now *block
	doc, skipping := "", false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case line == "}" || line == "};":
			now, skipping, doc = nil, false, ""
		case skipping || trimmed == "" || strings.HasPrefix(line, "//"):
		case strings.HasPrefix(trimmed, "/**"):
			doc = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(trimmed, "/**"), "*/"))
		case strings.HasPrefix(line, "declare module "):
			skipping = true
		case !strings.HasPrefix(line, " "):
			now = r.declared(line, doc, tests)
			doc = ""
		case now != nil:
			now.add(trimmed, doc)
			doc = ""
		}
	}
}

// declared begins an item. Nil: it has no members that follow.
func (r *reader) declared(line, doc string, tests bool) *block {
	match := regexp.MustCompile(`^(?:declare )?(class|var|function|interface|type) (\w+)(?:<[^{]*?>)?(.*)$`).FindStringSubmatch(line)
	if match == nil {
		return nil
	}
	word, name, rest := match[1], match[2], match[3]
	b := r.items[name]
	if b == nil {
		b = &block{}
		b.Name, b.Kind, b.Tests = name, kindOf(word), tests
		b.Constructors, b.Members = []string{}, []scripts.Member{}
		r.items[name] = b
		r.order = append(r.order, name)
	}
	// A global and a type may have one name: what scripts find at run time counts.
	if kind := kindOf(word); kind != "type" || b.Signature == "" {
		b.Kind = kind
		b.Signature = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(line, " {}"), "{"), ";"), "declare ")
		b.Signature = strings.TrimSpace(b.Signature)
		if doc != "" {
			b.Doc, b.SDK, b.Deprecated = described(doc)
		}
	}
	if extends := regexp.MustCompile(`^ extends (\w+)`).FindStringSubmatch(rest); extends != nil {
		b.extends = append(b.extends, extends[1])
	}
	if of := regexp.MustCompile(`^: (\w+);$`).FindStringSubmatch(rest); word == "var" && of != nil {
		b.of = of[1]
	}
	if !strings.HasSuffix(line, "{") {
		return nil
	}
	if word == "var" {
		b.Kind = "object"
		b.Signature = "var " + name
	}
	return b
}

func kindOf(word string) string {
	switch word {
	case "class", "function":
		return word
	case "var":
		return "variable"
	default:
		return "type"
	}
}

// described takes from a comment what the list says by itself.
func described(doc string) (text string, sdk int, deprecated bool) {
	text, deprecated = strings.CutPrefix(doc, "@deprecated ")
	for version, mark := range map[int]string{4: " (SDK version 4)", 5: " (SDK version 5)"} {
		if before, ok := strings.CutSuffix(text, mark); ok {
			return before, version, deprecated
		}
	}
	return text, 0, deprecated
}

// add adds a member, or a constructor.
func (b *block) add(line, doc string) {
	declaration := strings.TrimSuffix(line, ";")
	if arguments, ok := strings.CutPrefix(declaration, "constructor"); ok {
		b.Constructors = append(b.Constructors, "new "+b.Name+arguments)
		return
	}
	if strings.HasPrefix(declaration, "new ") || strings.HasPrefix(declaration, "new(") {
		b.Constructors = append(b.Constructors, "new "+b.Name+strings.TrimPrefix(strings.TrimPrefix(declaration, "new"), " "))
		return
	}
	one := member{declaration: declaration}
	bare := strings.TrimPrefix(strings.TrimPrefix(declaration, "static "), "readonly ")
	if !regexp.MustCompile(`^\w+\??[(:<]`).MatchString(bare) {
		return // calls and symbols have no name to complete
	}
	m := scripts.Member{Name: one.name(), Kind: "property", Signature: declaration, Static: one.static()}
	m.Doc, m.SDK, m.Deprecated = described(doc)
	switch {
	case regexp.MustCompile(`^\w+\??[(<]`).MatchString(bare):
		m.Kind = "method"
	case m.Static:
		m.Kind = "constant"
	}
	b.Members = append(b.Members, m)
}

// list completes the items: with the members of what they extend, and variables with those of their types.
func (r *reader) list() []scripts.Item {
	items := make([]scripts.Item, 0, len(r.order))
	for _, name := range r.order {
		b := r.items[name]
		if strings.HasSuffix(name, "Static") && r.items[strings.TrimSuffix(name, "Static")] != nil {
			continue // the type of an object that is listed
		}
		item := b.Item
		item.Members = r.members(b, 0)
		if b.of != "" {
			if of := r.items[b.of]; of != nil && of != b {
				item.Members = slices.Concat(item.Members, instanceMembers(r.members(of, 0)))
			}
			if len(item.Members) > 0 {
				item.Kind = "object"
			}
		}
		if item.Members == nil {
			item.Members = []scripts.Member{}
		}
		items = append(items, item)
	}
	slices.SortFunc(items, func(a, b scripts.Item) int { return strings.Compare(a.Name, b.Name) })
	return items
}

// members are those of an item, and of what it extends.
func (r *reader) members(b *block, depth int) []scripts.Member {
	all := slices.Clone(b.Members)
	for _, name := range b.extends {
		if of := r.items[name]; of != nil && depth < 8 {
			all = append(all, instanceMembers(r.members(of, depth+1))...)
		}
	}
	return all
}

func instanceMembers(all []scripts.Member) []scripts.Member {
	return slices.DeleteFunc(all, func(m scripts.Member) bool { return m.Static })
}
