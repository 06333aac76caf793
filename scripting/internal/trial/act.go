package trial

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/stage"
)

// cut shortens a text to what is told, and says so.
func cut(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s ... (%d bytes more)", text[:end], len(text)-end)
}

// pathOf is the path of a file in the plugins folder, from its name in messages; empty: it is none.
func (w *work) pathOf(file string) string {
	inside, ok := strings.CutPrefix(file, filepath.Base(w.overlay.Root)+"/")
	if !ok || path.Clean(inside) != inside {
		return ""
	}
	return inside
}

// problemOf shows an error of a script.
func (w *work) problemOf(e *script.Error) *scripts.Problem {
	file := e.File
	if inside, err := filepath.Rel(w.overlay.Root, file); err == nil && filepath.IsAbs(file) && filepath.IsLocal(inside) {
		file = path.Join(filepath.Base(w.overlay.Root), filepath.ToSlash(inside))
	}
	return &scripts.Problem{
		Severity: scripts.SeverityError, Message: cut(e.Message), File: file, Path: w.pathOf(file), Line: e.Line, Column: e.Column,
		Source: cut(e.Source), Notes: e.Notes,
	}
}

// bundled shows what the bundler has found.
func (w *work) bundled(severity string, problems []bundle.Problem) []scripts.Problem {
	shown := make([]scripts.Problem, 0, len(problems))
	for i := range problems {
		p := &problems[i]
		message := p.Message
		if p.Foreign && severity == scripts.SeverityError {
			message = "SyntaxError: " + message
		}
		shown = append(shown, scripts.Problem{
			Severity: severity, Message: cut(message), File: p.File, Path: w.pathOf(p.File), Line: p.Line, Column: p.Column, Length: p.Length,
			Source: cut(p.Source), Notes: p.Notes,
		})
	}
	return shown
}

// acts shows what a script did.
func (w *work) acts(acts []stage.Act) []scripts.Act {
	shown := make([]scripts.Act, 0, len(acts))
	for i := range acts {
		shown = append(shown, w.act(&acts[i]))
	}
	return shown
}

func (w *work) act(a *stage.Act) scripts.Act {
	out := scripts.Act{Text: cut(a.Text())}
	switch {
	case a.Line != nil:
		out.Type, out.Text, out.Level = scripts.ActLine, cut(a.Line.Text), a.Line.Level
	case a.Tracked != nil:
		out.Type, out.Kind = scripts.ActTracked, a.Tracked.Kind
	case a.Fetch != nil:
		out.Type, out.Fetch = scripts.ActFetch, fetched(a.Fetch)
	case a.Stored != nil:
		out.Type = scripts.ActStored
		if a.Stored.Key != nil {
			out.Key = new(cut(*a.Stored.Key))
		}
		if a.Stored.Value != nil {
			out.Value = new(cut(*a.Stored.Value))
		}
	case a.Failure != nil:
		out.Type, out.In, out.Stack = scripts.ActError, a.Failure.In, cut(a.Failure.Stack)
		out.Problem = w.problemOf(a.Failure.ScriptError())
	}
	return out
}

// fetched shows a request, without what lets somebody in.
func fetched(f *stage.Fetch) *scripts.Fetch {
	out := &scripts.Fetch{Method: cut(f.Method), URL: cut(f.URL), Body: cut(f.Body)}
	for name, value := range f.Headers {
		if out.Headers == nil {
			out.Headers = map[string]string{}
		}
		if stage.IsSecret(name) {
			value = "(hidden)"
		}
		out.Headers[cut(name)] = cut(value)
	}
	return out
}

func lines(recorded []stage.Line) []scripts.Line {
	shown := make([]scripts.Line, 0, len(recorded))
	for _, line := range recorded {
		shown = append(shown, scripts.Line{Level: line.Level, Text: cut(line.Text)})
	}
	return shown
}
