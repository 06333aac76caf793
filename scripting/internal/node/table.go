package node

import (
	"slices"
	"strings"
)

// Module is a module of Node.
type Module struct {
	// Name is its name without node:.
	Name string
	// Instead says what to do instead of a module that cannot exist here. Empty: it is there.
	Instead string
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
		{"fs", files},
		{"fs/promises", files},
		{"net", network},
		{"tls", network},
		{"dgram", network},
		{"dns", network},
		{"dns/promises", network},
		{"http2", network},
		{"child_process", system},
		{"cluster", system},
		{"worker_threads", "a plugin is one thread: put work into another plugin"},
		{"vm", "scripts are read when they are loaded"},
		{"v8", "this is another engine"},
		{"inspector", "there is no debugger"},
		{"readline", tty},
		{"tty", tty},
		{"module", "import what you need by its name"},
		{"readline/promises", tty},
		{"repl", tty},
		{"domain", none},
		{"trace_events", none},
		{"wasi", none},
		{"sqlite", files},
		{"sea", none},
		{"test", "name the file NAME.test.js and use trackhook/test"},
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
