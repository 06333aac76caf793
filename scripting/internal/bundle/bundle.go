package bundle

import (
	"fmt"
	"strings"
)

// A plugin is either a classic script or a module, told apart by its syntax alone:
//
//   - A classic script has no import, export or await at its top level. It runs as the SDK's web views run it: its
//     top-level names are globals, it is sloppy unless it says otherwise, this is the global object. Its own text is
//     compiled, so every position is the author's. What it requires comes from a library, which is bundled from the
//     names in its require and import() calls. Only when goja cannot parse the text (TypeScript, async generators, ...)
//     is it translated first, still as a script.
//   - A module is bundled with everything that it imports, and its top-level names are its own.
//
// esbuild parses and translates; it never reads a file. Each path that it asks for goes through [Options.Look],
// which reads a file once, remembers it, and does not leave the plugins folder.

// Options says what bundle works on.
type Options struct {
	// Root is the plugins folder and entry the plugin's first file; both are absolute and clean.
	Root, Entry string
	// Look returns the text of the file at an absolute path, or that there is no regular file. Its error says why the
	// file cannot be read, without naming it. It is called from several goroutines at once, more than once for a path,
	// and has to give the same answer each time.
	Look func(file string) (text string, missing bool, err error)
	// Name makes the name that people see of an absolute path, such as plugins/count.js. Different paths have different
	// names.
	Name func(file string) string
	// Node finds a module of Node by its name without node:, with what to do instead where it cannot exist here; false: there is
	// none of that name. Nil: there are none at all.
	Node func(name string) (instead string, ok bool)
	// Quick spares a script that is plainly plain the look of esbuild, and so its warnings.
	Quick bool
}

// Bundle is a plugin, ready to be compiled.
type Bundle struct {
	// Code is the plugin. A classic script runs with the global names require, module and exports.
	Code *Code
	// Library, where it is not nil, is run before code. Its value is an object with a function for each name that a
	// classic script requires; the function returns the exports, and runs the module when it is called first.
	Library *Code
	// Module tells that the plugin is a module, which needs no require.
	Module bool
	// Async tells that the value of code is a promise, settled when the top level has run.
	Async bool
	// Generation is the version of the SDKs that the plugin seems to be written for, by the names in it: 5, 0 where it
	// names both ways to start a config, and 4 for all else. ReactNative tells that it imports the SDK of React Native.
	Generation  int
	ReactNative bool
	// Node tells that the code names modules of Node, which it gets from the function [NodeGlobal].
	Node bool
	// Warnings are what is probably wrong, but stops nothing.
	Warnings []Problem
}

// Plain tells that the plugin's own text runs, byte for byte.
func (b *Bundle) Plain() bool { return b.Code.Sources == nil }

// Build makes one or two scripts of a plugin and all that it imports. The error is a *Error when the plugin is
// to blame, and that of look when the first file cannot be read.
func Build(o Options) (*Bundle, error) {
	within := &bounds{look: o.Look, name: o.Name, seen: map[string]error{}}
	o.Look = within.Look
	text, missing, err := o.Look(o.Entry)
	if refused := within.failure(); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Name(o.Entry), err)
	}
	if missing {
		return nil, &Error{[]Problem{{
			File: o.Name(o.Entry), Message: "the file does not exist, or is no regular file",
		}}}
	}
	b := newBundler(o)
	out, err := b.bundle(text)
	if refused := within.failure(); refused != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	used := out.Code.usage
	if out.Library != nil {
		used.add(out.Library.usage)
	}
	out.Generation, out.ReactNative = used.generation(), b.usesReactNative()
	out.Node = b.usesNode()
	return out, nil
}

func (b *bundler) bundle(text string) (*Bundle, error) {
	if b.Quick {
		if code := b.plainScript(text); code != nil {
			return &Bundle{Code: code}, nil
		}
	}
	scan, err := b.scan(text)
	if err != nil {
		return nil, err
	}
	if scan.module {
		return b.module()
	}
	return b.script(text, scan)
}

// module bundles a module with everything that it imports.
func (b *bundler) module() (*Bundle, error) {
	result, err := b.build("import \"entry\"", "", nil)
	if err != nil {
		return nil, err
	}
	return &Bundle{Code: result.code, Module: true, Async: result.async, Warnings: result.warnings}, nil
}

// script leaves a classic script as it is, if goja takes it, and bundles what it requires.
func (b *bundler) script(text string, scan *scanned) (*Bundle, error) {
	out := &Bundle{Code: &Code{name: b.Name(b.Entry), Text: text}, Warnings: scan.warnings}
	// Some of what goja parses it does not compile, such as async generators.
	if _, err := out.Code.Compile(); err != nil {
		lowered, err := b.lower(text)
		if err != nil {
			return nil, err
		}
		out.Code = lowered
	}
	if len(scan.imports) == 0 {
		return out, nil
	}
	if shadows(out.Code.Text) {
		return b.module()
	}
	var table strings.Builder
	for _, name := range scan.imports {
		_, _ = fmt.Fprintf(&table, "%s[%[2]s] = () => require(%[2]s);\n", libraryTable, quoteJS(name))
	}
	library, err := b.build(table.String(), libraryTable, scan.reported)
	if err != nil {
		return nil, err
	}
	out.Library, out.Warnings = library.code, append(out.Warnings, library.warnings...)
	return out, nil
}

// libraryTable is the name of the object that a library fills and returns.
const libraryTable = "__trackhook_library"
