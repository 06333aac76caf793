package node

import (
	"slices"
	"strings"
)

// Module is a module of Node.
type Module struct {
	// Name is its name without node:.
	Name string
	// Instead says what to do instead of what it cannot do here. Empty: the module is there.
	Instead string
	// Packages tells of a module that cannot exist that packages get one whose functions throw.
	Packages bool
}

// Table returns all modules of Node that are known here, sorted by name.
func Table() []Module {
	const (
		files   = "scripts have no file system: keep state in localStorage, import data as JSON"
		network = "scripts have no sockets: use fetch, or http and https, which are made of it"
		system  = "scripts cannot see the machine: grant environment variables in the configuration file and read process.env"
		tty     = "scripts have no terminal: print with console"
		none    = "it has no counterpart here"
	)
	modules := []Module{
		{"fs", files, true},
		{"fs/promises", files, true},
		{"net", network, true},
		{"tls", network, true},
		{"dgram", network, true},
		{"dns", network, true},
		{"dns/promises", network, true},
		{"http2", network, true},
		{"child_process", system, true},
		{"cluster", system, true},
		{"worker_threads", "a plugin is one thread: put work into another plugin", true},
		{"vm", "scripts are read when they are loaded", true},
		{"v8", "this is another engine", true},
		{"inspector", "there is no debugger", true},
		{"readline", tty, true},
		{"tty", tty, true},
		{"module", "import what you need by its name", true},
		{"readline/promises", tty, false},
		{"repl", tty, false},
		{"domain", none, false},
		{"trace_events", none, false},
		{"wasi", none, false},
		{"sqlite", files, false},
		{"sea", none, false},
		{"test", "name the file NAME.test.js and use trackhook/test", false},
	}
	for name := range strings.FieldsSeq(`assert assert/strict async_hooks buffer console constants crypto diagnostics_channel events http https
		os path path/posix perf_hooks process punycode querystring stream stream/consumers stream/promises stream/web string_decoder sys
		timers timers/promises url util util/types zlib`) {
		modules = append(modules, Module{Name: name})
	}
	slices.SortFunc(modules, func(a, b Module) int { return strings.Compare(a.Name, b.Name) })
	return modules
}

// aliases are modules that are a part of another, or another by a second name.
func aliases() map[string][2]string {
	return map[string][2]string{
		"assert/strict": {"assert", "strict"}, "path/posix": {"path", ""}, "sys": {"util", ""}, "util/types": {"util", "types"},
	}
}

// Find returns what is known of a module by its name, which may begin with node:.
func Find(name string) (Module, bool) {
	name = strings.TrimPrefix(name, "node:")
	for _, m := range Table() {
		if m.Name == name {
			return m, true
		}
	}
	return Module{}, false
}
