package scripting

import (
	"errors"

	"trackhook/scripting/internal/script"

	"github.com/dop251/goja"
)

// program is a plugin as it is run: bundled and compiled once for each version, for any number of runtimes.
type program struct {
	// code is the plugin; library, where it is not nil, makes what a classic script requires. See [bundled].
	code, library *goja.Program
	module, async bool
	// gaps tells that the plugin may look for something of the standard library that goja lacks.
	gaps bool
	// maps lead from generated code to the author's files.
	maps []*sourceMap
}

// build bundles and compiles the plugin from what the graph reads. The error is a *ScriptError when the plugin is to
// blame.
func (i *instance) build() (*program, error) {
	b, err := bundle(bundleOptions{
		root: i.graph.Root, entry: i.cfg.entry, look: i.graph.Read, name: i.graph.Name, quick: !i.cfg.thorough,
	})
	if err != nil {
		return nil, bundleFailure(err)
	}
	out := &program{module: b.module, async: b.async, gaps: b.library != nil || !b.plain() || mentionsGaps(b.code.text)}
	for _, part := range []struct {
		code    *bundledCode
		program **goja.Program
	}{{b.library, &out.library}, {b.code, &out.code}} {
		if part.code == nil {
			continue
		}
		if *part.program, err = part.code.compile(); err != nil {
			return nil, bundleFailure(err)
		}
		if part.code.sources != nil {
			out.maps = append(out.maps, part.code.sources)
		}
	}
	i.warn(b.warnings)
	return out, nil
}

// sourceName returns the name of a file from what goja calls it in positions of generated code.
func (p *program) sourceName(gojas string) string {
	for _, m := range p.maps {
		if name := m.name(gojas); name != gojas {
			return name
		}
	}
	return gojas
}

// bundleFailure turns an error of the bundler into one of ours.
func bundleFailure(err error) error {
	failed, ok := errors.AsType[*bundleError](err)
	if !ok {
		return err
	}
	first := &failed.problems[0]
	failure := &script.Error{
		File: first.File, Line: first.Line, Column: first.Column, Message: first.Message, Source: first.Source, Notes: first.Notes,
	}
	if first.Foreign {
		failure.Message = "SyntaxError: " + first.Message
	}
	for _, more := range failed.problems[1:] {
		failure.Notes = append(failure.Notes, "also "+more.String())
	}
	return failure
}

// compileGaps compiles what is run in every fresh machine to add what goja lacks.
func compileGaps() (*goja.Program, error) { return compile(script.OwnPrefix+"gaps.js", languageGaps) }
