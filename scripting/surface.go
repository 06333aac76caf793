package scripting

import (
	"regexp"
	"slices"
	"strings"
)

//go:generate go test -run ^TestTypesFile$ -update .

// This is the one list of what the documentation of Adjust's SDKs gives to JavaScript and of what a host adds to it.
// trackhook.d.ts is made of it, and tests hold the runtime to it. The names and values are those of the Cordova and
// React Native SDKs, versions 4 and 5; the sentences are ours.

// surfaceKind tells where a name may be found at run time.
type surfaceKind int

const (
	// surfaceClass is a global that can be constructed; surfaceObject a global object.
	surfaceClass surfaceKind = iota
	surfaceObject
	// surfaceType exists in types only.
	surfaceType
)

// surfaceFlags tell which generation of the SDKs knows a name, and what a host makes of it.
type surfaceFlags uint8

const (
	sdk4 surfaceFlags = 1 << iota
	sdk5
	// needsHandset marks what needs a handset: it may be called, and does nothing.
	needsHandset
	// isDeprecated is struck out in editors.
	isDeprecated
	// hostOnly marks what a host adds.
	hostOnly

	sdkAny = sdk4 | sdk5
)

// surfaceEntry is a class, object or type.
type surfaceEntry struct {
	name    string
	kind    surfaceKind
	flags   surfaceFlags
	extends string
	doc     string
	// create are the arguments of each constructor; none means that scripts do not construct it.
	create  []surfaceMember
	members []surfaceMember
}

// surfaceMember is a method, property or constant, as TypeScript writes it: "name(argument: type): type" or
// "name: type". A constant has the word static before it.
type surfaceMember struct {
	declaration string
	flags       surfaceFlags
	doc         string
}

func (m *surfaceMember) static() bool { return strings.HasPrefix(m.declaration, "static ") }

func (m *surfaceMember) method() bool {
	return strings.Contains(m.declaration, "(") && !strings.Contains(m.name(), ":")
}

// name is the name of the member alone.
func (m *surfaceMember) name() string {
	text := strings.TrimPrefix(strings.TrimPrefix(m.declaration, "static "), "readonly ")
	end := strings.IndexAny(text, "(:?<")
	return text[:end]
}

// surface returns everything, in the order of trackhook.d.ts.
func surface() []surfaceEntry {
	return slices.Concat(surfaceAdjust(), surfaceConfig(), surfaceData(), surfaceConstants(), surfaceResponses())
}

// surfaceExports returns the names that the built-in modules export: all classes and objects of the SDKs.
func surfaceExports() []string {
	var names []string
	for _, entry := range surface() {
		if entry.kind != surfaceType {
			names = append(names, entry.name)
		}
	}
	return names
}

// surfaceNames returns an expression for each documented name that has to be there at run time, such as
// "AdjustConfig.EnvironmentSandbox", "AdjustConfig.prototype.setLogLevel" and "fetch". Each is sorted after its owner.
func surfaceNames() []string {
	var names []string
	for _, entry := range surface() {
		if entry.kind == surfaceType {
			continue
		}
		names = append(names, entry.name)
		for _, member := range entry.members {
			switch {
			case entry.kind == surfaceObject || member.static():
				names = append(names, entry.name+"."+member.name())
			case member.method():
				names = append(names, entry.name+".prototype."+member.name())
			}
		}
	}
	for _, match := range regexp.MustCompile(`(?m)^declare (?:var|function|class) (\w+)`).FindAllStringSubmatch(surfaceWeb(), -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}
