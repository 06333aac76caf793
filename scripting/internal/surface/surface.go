package surface

import (
	"regexp"
	"slices"
	"strings"
)

//go:generate go test -run ^TestTypesFile$ -update .

// kind tells where a name may be found at run time.
type kind int

const (
	// class is a global that can be constructed; object a global object.
	class kind = iota
	object
	// typeOnly exists in types only.
	typeOnly
)

// flags tell which generation of the SDKs knows a name, and what a host makes of it.
type flags uint8

const (
	sdk4 flags = 1 << iota
	sdk5
	// needsHandset marks what needs a handset: it may be called, and does nothing.
	needsHandset
	// isDeprecated is struck out in editors.
	isDeprecated
	// hostOnly marks what a host adds.
	hostOnly
	// isIdle marks what may be called and does nothing, though no handset is what is missing.
	isIdle
	// isRefused marks what scripts may count on and a host does not do: it is warned about when it is called.
	isRefused

	sdkAny = sdk4 | sdk5
)

// entry is a class, object or type.
type entry struct {
	name    string
	kind    kind
	flags   flags
	extends string
	doc     string
	// create are the arguments of each constructor; none means that scripts do not construct it.
	create  []member
	members []member
}

// member is a method, property or constant, as TypeScript writes it: "name(argument: type): type" or
// "name: type". A constant has the word static before it.
type member struct {
	declaration string
	flags       flags
	doc         string
}

func (m *member) static() bool { return strings.HasPrefix(m.declaration, "static ") }

func (m *member) method() bool {
	return strings.Contains(m.declaration, "(") && !strings.Contains(m.name(), ":")
}

// name is the name of the member alone.
func (m *member) name() string {
	text := strings.TrimPrefix(strings.TrimPrefix(m.declaration, "static "), "readonly ")
	end := strings.IndexAny(text, "(:?<")
	return text[:end]
}

// list returns everything, in the order of trackhook.d.ts.
func list() []entry {
	return slices.Concat(surfaceAdjust(), surfaceConfig(), surfaceData(), surfaceConstants(), surfaceResponses())
}

// Exports returns the names that the built-in modules export: all classes and objects of the SDKs.
func Exports() []string {
	var names []string
	for _, entry := range list() {
		if entry.kind != typeOnly {
			names = append(names, entry.name)
		}
	}
	return names
}

// Names returns an expression for each documented name that has to be there at run time, such as
// "AdjustConfig.EnvironmentSandbox", "AdjustConfig.prototype.setLogLevel" and "fetch". Each is sorted after its owner.
func Names() []string {
	var names []string
	for _, entry := range list() {
		if entry.kind == typeOnly {
			continue
		}
		names = append(names, entry.name)
		for _, member := range entry.members {
			switch {
			case entry.kind == object || member.static():
				names = append(names, entry.name+"."+member.name())
			case member.method():
				names = append(names, entry.name+".prototype."+member.name())
			}
		}
	}
	names = append(names, webNames()...)
	slices.Sort(names)
	return slices.Compact(names)
}

func webNames() (names []string) {
	for _, match := range regexp.MustCompile(`(?m)^declare (?:var|function|class) (\w+)`).FindAllStringSubmatch(surfaceWeb(), -1) {
		names = append(names, match[1])
	}
	return names
}

// StandardNames are the globals of the web and of Node: what packages expect to find.
func StandardNames() []string {
	return slices.DeleteFunc(webNames(), func(name string) bool { return name == "appToken" || name == "environment" || name == "apps" })
}
