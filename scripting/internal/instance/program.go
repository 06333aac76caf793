package instance

import (
	"errors"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
)

// program is a plugin as it is run: bundled and compiled once for each version, for any number of runtimes.
type program struct {
	// code is the plugin; library, where it is not nil, makes what a classic script requires. See [Bundle].
	code, library *goja.Program
	module, async bool
	// node tells that it names modules of Node.
	node bool
	// gaps tells that the plugin may look for something of the standard library that goja lacks.
	gaps bool
	// locales tells that it may write for people, by toLocaleString and its like.
	locales bool
	// dates tells that it may make dates.
	dates bool
	// datesOtherwise tells that it may make them in a way that the bundler does not see.
	datesOtherwise bool
	// regexps tells that it needs regular expressions of ours.
	regexps bool
	// locks tells that the plugin may freeze or seal objects.
	locks bool
	// bounded names the parts of what [bundle.BoundedBuiltins] bounds that the plugin may use.
	bounded string
	// dialect is which of the SDKs the plugin was written for.
	dialect adjust.Dialect
	// maps lead from generated code to the author's files.
	maps []*bundle.SourceMap
}

// build bundles and compiles the plugin from what the graph reads. The error is a *ScriptError when the plugin is to
// blame.
func (i *Instance) build() (*program, error) {
	b, err := bundle.Build(bundle.Options{
		Root: i.graph.Root, Entry: i.cfg.Entry, Look: i.graph.Read, Name: i.graph.Name, Quick: !i.cfg.Thorough, Node: NodeModule,
	})
	if err != nil {
		return nil, bundleFailure(err)
	}
	out := &program{module: b.Module, async: b.Async, node: b.Node, gaps: b.Library != nil || !b.Plain() || bundle.MentionsGaps(b.Code.Text)}
	if out.bounded = bundle.Bounded(b.Code.Text); b.Library != nil {
		out.bounded = bundle.Bounded(b.Code.Text, b.Library.Text)
	}
	out.dialect = adjust.Dialect{Generation: b.Generation, ReactNative: b.ReactNative}
	for _, part := range []struct {
		code    *bundle.Code
		program **goja.Program
	}{{b.Library, &out.library}, {b.Code, &out.code}} {
		if part.code == nil {
			continue
		}
		if *part.program, err = part.code.Compile(); err != nil {
			return nil, bundleFailure(err)
		}
		out.dates = out.dates || bundle.MentionsDates(part.code.Text)
		out.datesOtherwise = out.datesOtherwise || bundle.MakesDatesOtherwise(part.code.Text)
		out.locales = out.locales || bundle.MentionsLocales(part.code.Text)
		out.regexps = out.regexps || part.code.RegExps()
		out.locks = out.locks || bundle.MentionsLocks(part.code.Text)
		if part.code.Sources != nil {
			out.maps = append(out.maps, part.code.Sources)
		}
	}
	i.warn(b.Warnings)
	return out, nil
}

// sourceName returns the name of a file from what goja calls it in positions of generated code.
func (p *program) sourceName(gojas string) string {
	for _, m := range p.maps {
		if name := m.Name(gojas); name != gojas {
			return name
		}
	}
	return gojas
}

// bundleFailure turns an error of the bundler into one of ours.
func bundleFailure(err error) error {
	failed, ok := errors.AsType[*bundle.Error](err)
	if !ok {
		return err
	}
	first := &failed.Problems[0]
	failure := &script.Error{
		File: first.File, Line: first.Line, Column: first.Column, Message: first.Message, Source: first.Source, Notes: first.Notes,
	}
	if first.Foreign {
		failure.Message = "SyntaxError: " + first.Message
	}
	for _, more := range failed.Problems[1:] {
		failure.Notes = append(failure.Notes, "also "+more.String())
	}
	return failure
}

// compileBounds compiles what is run in the machines of plugins that may use what it bounds.
func compileBounds() (*goja.Program, error) {
	return machine.Compile(script.OwnPrefix+"builtins.js", bundle.BoundedBuiltins)
}

// compileGaps compiles what is run in every fresh machine to add what goja lacks.
func compileGaps() (*goja.Program, error) {
	return machine.Compile(script.OwnPrefix+"gaps.js", bundle.LanguageGaps)
}
