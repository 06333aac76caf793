package engine_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// room is a package of this module and what it may import outside of tests: packages of ours, and modules of others.
type room struct {
	name   string
	ours   []string
	theirs []string
}

// house is the table of all packages. A new package needs a row, and a new import a place in one: that is when to ask
// whether it belongs there. The table is exact: what a package has ceased to import goes out of it.
func house() []room {
	const (
		zerolog    = "github.com/rs/zerolog"
		yaml       = "github.com/goccy/go-yaml"
		goja       = "github.com/dop251/goja"
		esbuild    = "github.com/evanw/esbuild"
		fsnotify   = "github.com/fsnotify/fsnotify"
		sourcemap  = "github.com/go-sourcemap/sourcemap"
		whatwgURL  = "github.com/nlnwa/whatwg-url"
		pebble     = "github.com/cockroachdb/pebble"
		failsafe   = "github.com/failsafe-go/failsafe-go"
		prometheus = "github.com/prometheus/client_golang"
		cobra      = "github.com/spf13/cobra"
		pflag      = "github.com/spf13/pflag"
		gocmp      = "github.com/google/go-cmp"
		rapid      = "pgregory.net/rapid"
		pgx        = "github.com/jackc/pgx"
		xcrypto    = "golang.org/x/crypto"
		xnet       = "golang.org/x/net"
		xtext      = "golang.org/x/text"
		uax29      = "github.com/clipperhouse/uax29"
		xsys       = "golang.org/x/sys"
		seccomp    = "github.com/elastic/go-seccomp-bpf"
		landlock   = "github.com/landlock-lsm/go-landlock"
	)
	return []room{
		{"engine", nil, []string{zerolog}},
		{
			"engine/disk",
			append([]string{"engine"}, below("engine/disk/internal", "folder format guard live read setup survey")...),
			[]string{pebble, zerolog},
		},
		{"engine/disk/internal/folder", below("engine/disk/internal", "format guard read"), []string{pebble, zerolog}},
		{"engine/disk/internal/format", []string{"engine"}, nil},
		{"engine/disk/internal/guard", nil, []string{pebble, zerolog}},
		{"engine/disk/internal/live", append([]string{"engine"}, below("engine/disk/internal", "format read")...), nil},
		{
			"engine/disk/internal/survey",
			append([]string{"engine", "engine/contents"}, below("engine/disk/internal", "folder format guard read setup")...),
			[]string{pebble, zerolog},
		},
		{"engine/disk/internal/setup", below("engine/disk/internal", "guard read"), []string{pebble, zerolog}},
		{"engine/disk/internal/read", []string{"engine", "engine/disk/internal/format"}, []string{pebble, zerolog}},
		{"engine/memory", []string{"engine"}, nil},
		{"engine/contents", []string{"engine"}, nil},
		{"engine/postgres", []string{"engine", "engine/contents"}, []string{pgx, zerolog}},
		{"engine/postgres/internal/pgtest", []string{"engine/proctest"}, []string{pgx}},
		{"engine/storetest", []string{"engine"}, []string{gocmp, rapid}},
		{"engine/adjust", []string{"engine", "engine/adjust/internal/limit"}, []string{failsafe, yaml, xnet, xsys}},
		{"engine/adjust/internal/limit", nil, nil},
		{"engine/scripts", []string{"engine"}, nil},
		{"engine/site", []string{"engine"}, nil},
		{"engine/ingest", []string{"engine", "engine/site"}, []string{zerolog}},
		{"engine/admin", []string{"engine", "engine/scripts", "engine/site"}, []string{zerolog}},
		{"engine/console", []string{"engine/site"}, []string{zerolog}},
		{"engine/console/internal/pack", nil, nil},
		{"engine/metrics", []string{"engine"}, []string{prometheus, zerolog}},
		{"engine/sandbox", []string{"engine", "engine/site"}, nil},
		{"engine/nodetest", nil, nil},
		{"engine/proctest", nil, nil},
		{
			"scripting",
			append([]string{"engine", "engine/memory", "engine/scripts"},
				rooms("adjust diff folder instance node replay script source stage storage surface tester trial wall wire worker")...),
			[]string{zerolog},
		},
		{"scripting/internal/adjust", append([]string{"engine"}, rooms("console machine script surface view")...), []string{goja, zerolog}},
		{"scripting/internal/bound", nil, nil},
		{"scripting/internal/bundle", rooms("bound regex script source surface"), []string{goja, esbuild, sourcemap}},
		{"scripting/internal/console", rooms("jsontext script view"), []string{goja, xtext}},
		{"scripting/internal/diff", nil, nil},
		{"scripting/internal/documents", nil, nil},
		{"scripting/internal/fetch", nil, []string{whatwgURL}},
		{"scripting/internal/folder", append([]string{"engine/scripts"}, rooms("source")...), []string{xsys}},
		{
			"scripting/internal/instance",
			append([]string{"engine"}, rooms("adjust bound bundle console fetch machine node regex script source storage view web")...),
			[]string{goja, zerolog},
		},
		{"scripting/internal/intl", nil, []string{goja, xtext, uax29}},
		{"scripting/internal/jsontext", nil, nil},
		{"scripting/internal/machine", append([]string{"engine"}, rooms("console script")...), []string{goja}},
		{"scripting/internal/node", nil, []string{goja, xcrypto}},
		{"scripting/internal/regex", nil, []string{goja}},
		{"scripting/internal/replay", append([]string{"engine"}, rooms("instance script source stage storage")...), nil},
		{"scripting/internal/script", nil, nil},
		{"scripting/internal/source", nil, []string{fsnotify, zerolog}},
		{
			"scripting/internal/stage",
			append([]string{"engine", "engine/memory"}, rooms("fetch instance jsontext machine script source storage web")...),
			[]string{goja, zerolog},
		},
		{"scripting/internal/storage", []string{"engine"}, nil},
		{"scripting/internal/surface", []string{"engine/scripts"}, nil},
		{
			"scripting/internal/tester",
			append([]string{"engine", "engine/memory"}, rooms("console diff instance machine script source stage web")...),
			[]string{goja, zerolog},
		},
		{
			"scripting/internal/trial",
			append([]string{"engine", "engine/scripts"}, rooms("adjust bundle instance replay script source stage tester wire")...), nil,
		},
		{"scripting/internal/view", append([]string{"engine"}, rooms("jsontext")...), []string{goja}},
		{
			"scripting/internal/wall",
			append([]string{"engine"}, rooms("adjust instance script source storage wire")...),
			[]string{zerolog, xsys},
		},
		{"scripting/internal/web", rooms("fetch intl storage"), []string{goja, whatwgURL, xtext}},
		{"scripting/internal/wire", append([]string{"engine"}, rooms("script")...), nil},
		{
			"scripting/internal/worker",
			append([]string{"engine"}, rooms("adjust fetch instance machine script storage wire")...),
			[]string{zerolog, xsys, seccomp, landlock},
		},
		{"scripting/scriptingtest", []string{"engine", "engine/memory", "scripting"}, []string{zerolog}},
		{"plugins", nil, nil},
		{
			"cmd/trackhook",
			append([]string{"engine", "engine/admin", "engine/console", "engine/disk", "engine/postgres", "engine/sandbox", "plugins", "scripting"},
				behind("command config demo host license notify plugintest queue replay store terminal")...),
			[]string{cobra, pflag, zerolog, xsys},
		},
		{
			"cmd/trackhook/internal/command",
			append([]string{"engine/admin", "scripting"}, behind("config demo terminal")...),
			[]string{cobra, pflag},
		},
		{
			"cmd/trackhook/internal/config",
			[]string{"engine", "engine/adjust", "engine/admin", "engine/disk", "engine/ingest", "engine/site", "scripting"},
			[]string{pflag, yaml, zerolog},
		},
		{"cmd/trackhook/internal/demo", []string{"engine", "engine/adjust", "engine/sandbox", "plugins"}, []string{zerolog}},
		{
			"cmd/trackhook/internal/host",
			[]string{
				"engine", "engine/adjust", "engine/admin", "engine/console", "engine/disk", "engine/ingest", "engine/metrics", "engine/site", "scripting",
				"cmd/trackhook/internal/config", "cmd/trackhook/internal/demo", "cmd/trackhook/internal/store", "examples/scripts",
			},
			[]string{zerolog},
		},
		{"cmd/trackhook/internal/license", nil, nil},
		{"cmd/trackhook/internal/notify", nil, []string{xsys}},
		{"cmd/trackhook/internal/plugintest", append([]string{"scripting"}, behind("command config terminal")...), []string{cobra, zerolog}},
		{"cmd/trackhook/internal/queue", append([]string{"engine", "engine/admin"}, behind("command terminal")...), []string{cobra, pflag}},
		{
			"cmd/trackhook/internal/replay",
			append([]string{"engine", "engine/admin", "scripting"}, behind("command config demo store terminal")...),
			[]string{cobra, pflag},
		},
		{
			"cmd/trackhook/internal/store",
			append([]string{"engine", "engine/adjust", "engine/contents", "engine/disk", "engine/postgres"}, behind("config demo")...),
			[]string{zerolog},
		},
		{"cmd/trackhook/internal/terminal", nil, nil},
		{"examples/embed", []string{"engine", "engine/adjust", "engine/disk"}, nil},
		{"examples/nginx", nil, nil},
		{"examples/scripts", nil, nil},
		{"examples/soak", []string{"engine", "engine/admin", "engine/sandbox"}, nil},
	}
}

// rooms names packages below scripting/internal, separated by blanks.
func rooms(names string) []string { return below("scripting/internal", names) }

// behind names packages below cmd/trackhook/internal.
func behind(names string) []string { return below("cmd/trackhook/internal", names) }

// below names packages below a folder, separated by blanks.
func below(folder, names string) []string {
	var all []string
	for name := range strings.FieldsSeq(names) {
		all = append(all, folder+"/"+name)
	}
	return all
}

func TestImportTable(t *testing.T) {
	rows := map[string]room{}
	for _, row := range house() {
		rows[row.name] = row
	}
	imports := importsOf(t, "..")
	for name := range rows {
		if _, exists := imports[name]; !exists {
			t.Errorf("package %s is in the table and not in the tree", name)
		}
	}
	for name, imported := range imports {
		row, known := rows[name]
		if !known {
			t.Errorf("package %s is not in the table: give it a row there, with what it may import, and name it in engine/doc.go", name)
			continue
		}
		slices.Sort(imported)
		for _, one := range slices.Compact(imported) {
			if !row.mayImport(one) {
				t.Errorf("%s imports %s; it may import %v of ours and %v of others", name, one, row.ours, row.theirs)
			}
		}
		for _, allowed := range row.unused(imported) {
			t.Errorf("%s imports %s no more: take it out of the table", name, allowed)
		}
	}
}

// unused returns what the row has and the package does not import.
func (r room) unused(imported []string) []string {
	var unused []string
	for _, ours := range r.ours {
		if !slices.Contains(imported, "trackhook/"+ours) {
			unused = append(unused, ours)
		}
	}
	for _, module := range r.theirs {
		if !slices.ContainsFunc(imported, func(one string) bool { return isOf(module, one) }) {
			unused = append(unused, module)
		}
	}
	return unused
}

// isOf tells whether an import is a package of a module, of whichever major version.
func isOf(module, imported string) bool {
	return imported == module || strings.HasPrefix(imported, module+"/")
}

// mayImport tells whether the row has an import, or it is one of the standard library.
func (r room) mayImport(imported string) bool {
	if ours, isOurs := strings.CutPrefix(imported, "trackhook/"); isOurs {
		return slices.Contains(r.ours, ours)
	}
	if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
		return true
	}
	return slices.ContainsFunc(r.theirs, func(module string) bool { return isOf(module, imported) })
}

// TestRoomsMayNotImport shows that the table refuses what is not in it.
func TestRoomsMayNotImport(t *testing.T) {
	r := room{"engine/x", []string{"engine"}, []string{"example.com/a"}}
	for imported, may := range map[string]bool{
		"trackhook/engine": true, "trackhook/engine/disk": false, "trackhook/scripting": false,
		"example.com/a": true, "example.com/a/b": true, "example.com/ab": false, "net/http": true, "C": true,
	} {
		if r.mayImport(imported) != may {
			t.Errorf("%s: %v, want %v", imported, !may, may)
		}
	}
	if unused := r.unused([]string{"net/http", "example.com/ab"}); !slices.Equal(unused, []string{"engine", "example.com/a"}) {
		t.Errorf("unused are %v", unused)
	}
}

// importsOf parses the imports of every package below root, without those of tests.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	for dir, names := range packageFiles(t, root) {
		imports[dir] = []string{}
		for _, name := range names {
			if !strings.HasSuffix(name, ".go") {
				continue // what is built in beside Go imports nothing
			}
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, dir, name), nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				imports[dir] = append(imports[dir], imported)
			}
		}
	}
	return imports
}
