package bundle

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
)

// WriteOut says what to do about a module whose name is made when the script runs. What a plugin consists of is known
// before that, so there is nothing to look it up in.
const WriteOut = `only a name that is written out is found: make a table of the modules, such as ` +
	`const modules = { a: () => require("./lib/a.js") }, and call modules[name]()`

// requireOfBundle is what code of a bundle finds as require when esbuild could not resolve the name.
func requireOfBundle() string {
	return `function (name) { throw Object.assign(new Error("Cannot find module '" + name + "': " + ` + quoteJS(WriteOut) + `), { code: "MODULE_NOT_FOUND" }); }`
}

// madeNames are calls of require and import whose names are made of pieces, such as require("./lib/" + name + ".js").
// esbuild takes the pieces for a pattern, and looks for files on the disk, where it is not to look; here it finds none, and
// fails. As in Node, only the call is to fail. So what it fails at is written in a way that it does not know, and the
// build is run again.
type madeNames struct {
	texts    map[string]string // the files that were rewritten, by the names that esbuild has for them
	warnings []Problem
}

// maxRewrites bounds the runs: esbuild stops at the first bad file of some kinds, and names 20 errors of others.
const maxRewrites = 20

// nowhere is a folder that does not exist, for esbuild to look for files in: below a file, and so deep that no ../../ leads
// out of it.
func (b *bundler) nowhere() string {
	return filepath.Join(b.Entry, strings.Repeat("nowhere"+string(filepath.Separator), 100))
}

// settled runs esbuild until it has found all names that are made.
func (b *bundler) settled(o api.BuildOptions) api.BuildResult {
	for range maxRewrites {
		result := api.Build(o)
		if !b.rewrite(result.Errors) {
			return result
		}
	}
	return api.Build(o)
}

// rewrite hides the calls of these errors from esbuild, and tells whether there are any.
func (b *bundler) rewrite(failures []api.Message) bool {
	pattern := regexp.MustCompile(`^Could not resolve (?:require|import)\(".*\*.*"\)$`)
	calls := slices.DeleteFunc(slices.Clone(failures), func(m api.Message) bool {
		return !pattern.MatchString(m.Text) || m.Location == nil
	})
	// From the last to the first: what is put in moves what is behind it.
	slices.SortFunc(calls, func(x, y api.Message) int {
		if x.Location.Line != y.Location.Line {
			return y.Location.Line - x.Location.Line
		}
		return y.Location.Column - x.Location.Column
	})
	found := false
	for _, m := range calls {
		found = b.hide(m) || found
	}
	return found
}

// hide puts an operator before the name that a call makes.
func (b *bundler) hide(m api.Message) bool {
	key := strings.TrimPrefix(m.Location.File, fileNamespace+":")
	text, ok := b.made.texts[key]
	if !ok {
		var missing bool
		var err error
		if text, missing, err = b.Look(b.file(key)); missing || err != nil {
			return false
		}
		text = strings.TrimPrefix(text, "\ufeff")
	}
	at, ok := placeOf(text, m.Location)
	if !ok {
		return false
	}
	if !inNodeModules(b.file(key)) {
		said := m
		said.Text = "the name of this module is made when the script runs, and it will not be found: " + WriteOut
		b.made.warnings = append(b.made.warnings, b.problems([]api.Message{said})...)
	}
	if b.made.texts == nil {
		b.made.texts = map[string]string{}
	}
	b.made.texts[key] = text[:at] + hidden + text[at:]
	return true
}

// placeOf is the index in a text that a place of esbuild means. False: the line there is not the one that esbuild has seen,
// but for what was hidden in it since, so nothing must be put in.
func placeOf(text string, place *api.Location) (at int, ok bool) {
	rest := text
	for range place.Line - 1 {
		end := lineEnd(rest)
		if end == len(rest) {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(rest[end:])
		if strings.HasPrefix(rest[end:], "\r\n") {
			size = len("\r\n")
		}
		rest = rest[end+size:]
	}
	line := rest[:lineEnd(rest)]
	if place.Column > len(line) || strings.ReplaceAll(line, hidden, "") != strings.ReplaceAll(place.LineText, hidden, "") {
		return 0, false
	}
	return len(text) - len(rest) + place.Column, true
}

// lineEnd is where the first line of a text ends. esbuild counts what ends a line in JavaScript (ECMAScript, 12.3).
func lineEnd(text string) int {
	if end := strings.IndexAny(text, "\n\r\u2028\u2029"); end >= 0 {
		return end
	}
	return len(text)
}

// hidden is put before a text that is made of pieces. There is no such property, so the value stays what it was, but esbuild
// does not know that.
const hidden = "Math._||"
