package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
)

// check loads the draft: all that the bundler finds wrong with its text, or what its top level comes to.
func (w *work) check(ctx context.Context) (*scripts.Checked, error) {
	out := &scripts.Checked{
		Plugin: w.Draft.Plugin, Problems: []scripts.Problem{}, Registered: []scripts.Registration{}, Lines: []scripts.Line{}, Tracked: []string{},
	}
	defer func() { out.Took = w.took() }()
	if w.Draft.Plugin == "" {
		out.Problems = append(out.Problems, w.alone(nil)...)
		out.OK = len(out.Problems) == 0
		return out, nil
	}
	e, err := w.entry()
	if err != nil {
		return nil, err
	}
	if e.Problem != "" {
		out.Problems = append(out.Problems, *w.problemOf(&script.Error{File: e.Path, Message: e.Problem}))
		return out, nil
	}
	g := w.graph(e)
	built, err := bundle.Build(bundle.Options{Root: g.Root, Entry: g.Entry, Look: g.Read, Name: g.Name, Node: instance.NodeModule})
	out.Version = g.Version()
	out.Problems = append(out.Problems, w.alone(g.Paths())...)
	if failed, ok := errors.AsType[*bundle.Error](err); ok {
		out.Problems = append(w.bundled(scripts.SeverityError, failed.Problems), out.Problems...)
		return out, nil
	}
	if err != nil {
		out.Problems = append(out.Problems, *w.problemOf(&script.Error{File: e.Path, Message: err.Error()}))
		return out, nil
	}
	out.Problems = append(out.Problems, w.bundled(scripts.SeverityWarning, built.Warnings)...)
	s, loaded, err := stage.Open(ctx, &stage.Config{
		Settings: w.settings(), Entry: e, Now: time.Now(), Read: w.overlay.Reader(), Fetch: stage.AlwaysOK, Most: maxActs, MostBytes: maxActBytes,
	})
	if loaded != nil {
		out.Version = loaded.Version()
	}
	if err != nil {
		out.Problems = append(out.Problems, *w.loadProblem(err, e))
		return out, nil
	}
	w.look(s, out)
	out.OK = true
	return out, s.Close() //nolint:contextcheck // closing must not be cut short
}

// alone says what is wrong with the texts of files of the draft that are not among those that were read: tests, and what
// belongs to no plugin. They are not run.
func (w *work) alone(read []string) []scripts.Problem {
	var problems []scripts.Problem
	for _, name := range slices.Sorted(maps.Keys(w.Draft.Files)) {
		file := filepath.Join(w.overlay.Root, filepath.FromSlash(name))
		code := []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"}
		if w.Draft.Files[name] == nil || slices.Contains(read, file) || strings.HasSuffix(name, ".d.ts") || !slices.Contains(code, path.Ext(name)) {
			continue
		}
		g := w.graph(source.Entry{Path: file})
		built, err := bundle.Build(bundle.Options{Root: g.Root, Entry: file, Look: g.Read, Name: g.Name, Node: instance.NodeModule})
		if failed, ok := errors.AsType[*bundle.Error](err); ok {
			problems = append(problems, w.bundled(scripts.SeverityError, failed.Problems)...)
		} else if err == nil {
			problems = append(problems, w.bundled(scripts.SeverityWarning, built.Warnings)...)
		}
	}
	return problems
}

// graph is the files of the draft.
func (w *work) graph(e source.Entry) *source.Graph {
	g := source.NewGraph(w.overlay.Root)
	g.Entry = e.Path
	g.Reader = w.overlay.Reader()
	return g
}

// loadProblem is why a draft could not be loaded.
func (w *work) loadProblem(err error, e source.Entry) *scripts.Problem {
	if failure, ok := errors.AsType[*script.Error](err); ok {
		return w.problemOf(failure)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return w.problemOf(&script.Error{File: e.Path, Message: fmt.Sprintf("the top level did not end within %s", w.Limit)})
	}
	return w.problemOf(&script.Error{File: e.Path, Message: err.Error()})
}

// look takes down what the top level has done.
func (w *work) look(s *stage.Stage, out *scripts.Checked) {
	for _, r := range s.Inst.Registered() {
		out.Registered = append(out.Registered, scripts.Registration{
			AppToken: r.App.Token, Environment: string(r.App.Environment), Listeners: slices.Clone(r.Listeners),
		})
	}
	for _, warning := range s.Inst.Warnings() {
		p := w.problemOf(warning)
		p.Severity = scripts.SeverityWarning
		out.Problems = append(out.Problems, *p)
	}
	acts := s.Tape.Since(0)
	for i := range acts {
		switch a := &acts[i]; {
		case a.Line != nil:
			out.Lines = append(out.Lines, scripts.Line{Level: a.Line.Level, Text: cut(a.Line.Text)})
		case a.Failure != nil:
			out.Problems = append(out.Problems, *w.problemOf(a.Failure.ScriptError()))
		case a.Tracked != nil:
			a.Secrets = s.Inst.Secrets
			out.Tracked = append(out.Tracked, cut(a.Text()))
		}
	}
}
