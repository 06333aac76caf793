package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine"
	"trackhook/engine/admin"
)

// hostile is what a sender, a script or a server may have chosen for any text: it clears the screen, turns the direction of
// text, and writes lines and columns of its own.
const hostile = "x\x1b[2J\x07\u009b2J\u202e\x7f\nforged\tcell\r\u2028y"

// fill sets everything in a value: texts to what is hostile, and lists to one element.
func fill(v reflect.Value) {
	switch {
	case !v.CanSet():
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		text, err := json.Marshal(hostile) // the server's own JSON is passed on as it is
		if err != nil {
			panic(err)
		}
		v.SetBytes([]byte(strings.ReplaceAll(string(text), `\u2028`, "\u2028")))
	case v.Type() == reflect.TypeFor[engine.Outcome]():
		v.Set(reflect.ValueOf(engine.Rejected))
	case v.Kind() == reflect.String:
		v.SetString(hostile)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(1)
	case v.CanUint():
		v.SetUint(1)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.Struct:
		for _, field := range v.Fields() {
			fill(field)
		}
	}
}

func filled[T any]() (value T) {
	fill(reflect.ValueOf(&value).Elem())
	return value
}

// Whatever a host answers, no command lets it steer the terminal, and a row of a table stays one row.
func TestNothingSteersTheTerminal(t *testing.T) {
	problem := map[string]string{"error": hostile, "detail": hostile}
	answers := map[string]any{
		"/api/v1/packages":     map[string]any{"packages": []admin.Package{filled[admin.Package]()}},
		"/api/v1/packages/1":   filled[admin.Timeline](),
		"/api/v1/dead/summary": filled[admin.Summary](),
		"/api/v1/plugins":      map[string]any{"plugins": []admin.Plugin{filled[admin.Plugin]()}},
		"/api/v1/host":         filled[admin.Host](),
		"/api/v1/counts":       map[string]any{"counts": []admin.Count{filled[admin.Count]()}},
	}
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, known := answers[r.URL.Path]
		if !known || r.Method != http.MethodGet {
			answer = problem
			w.WriteHeader(http.StatusNotFound)
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	defer host.Close()
	for _, row := range []struct {
		args  string
		lines int // 0: any number
		fails bool
	}{
		{"queue list", 2, false},
		{"queue list --json", 1, false},
		{"queue list --summary", 0, false},
		{"queue list --summary --json", 0, false},
		{"queue show 1", 0, false},
		{"queue show 1 --json", 0, false},
		{"queue show 2", 0, true},
		{"plugin list", 0, false},
		{"plugin list --json", 0, false},
		{"report counts", 2, false},
		{"report counts --json", 0, false},
		{"track event --event-token abc123 --device adid=x", 0, true},
		{"plugin forget no --yes", 0, true},
		{"queue drop 1 --yes", 0, true},
	} {
		var out strings.Builder
		root := newRoot()
		root.SetOut(&out)
		root.SetErr(&out)
		root.SetArgs(append(strings.Fields(row.args), "--host", host.URL))
		err := root.Execute()
		text := out.String()
		if err != nil {
			text += terminal.Visible("trackhook: " + err.Error()) // as main says it
		}
		switch {
		case (err != nil) != row.fails:
			t.Errorf("%s: %v", row.args, err)
		case terminal.Visible(text) != text:
			t.Errorf("%s printed %q", row.args, text)
		case !strings.Contains(text, "2J"):
			t.Errorf("%s left out what is hostile: %q", row.args, text)
		case !row.fails && strings.Contains(text, "\nforged"):
			t.Errorf("%s printed a forged line: %q", row.args, text)
		case row.lines > 0 && strings.Count(text, "\n") != row.lines:
			t.Errorf("%s printed %d lines, want %d: %q", row.args, strings.Count(text, "\n"), row.lines, text)
		}
		if command.IsSilent(err) {
			t.Errorf("%s ended without a word", row.args)
		}
	}
}

func TestVisibleJSONStaysTheSame(t *testing.T) {
	var out strings.Builder
	if err := terminal.JSONLine(&out, map[string]string{"text": hostile}); err != nil {
		t.Fatal(err)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back["text"] != hostile {
		t.Errorf("%q is read as %q, %v", out.String(), back["text"], err)
	}
}
