package plugins_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/engine/nodetest"
	"trackhook/scripting"
)

var onlyProgram = flag.String("program", "", "the one program of testdata/packages or testdata/modules to run")

// moduleDifferences are the modules whose programs print something else than in Node, with the reason.
func moduleDifferences() map[string]string {
	return map[string]string{"console": "it has no `Console` for other streams"}
}

var patience = flag.Duration("patience", 3*time.Minute, "how long to wait for the lines of a program")

// differences are the packages whose programs print something else than in Node, with the reason. A program that prints the
// same must not stand here.
func differences() map[string]string {
	const (
		emoji   = `it asks regular expressions for \p{RGI_Emoji}, which stands for sequences of characters`
		sockets = "it makes its own connections, and scripts have no sockets: fetch does"
	)
	return map[string]string{
		"string-width": emoji, "undici": sockets, "ws": sockets,
	}
}

// TestPackages runs a small program for each of many well-known packages of npm, in a host and in Node, and compares what
// they print.
func TestPackages(t *testing.T) {
	needsNode(t)
	dir := nodetest.Locked(t, "packages", "testdata/packages", false)
	comparePrograms(t, "testdata/packages", dir, differences())
}

// TestModules does so for the modules of Node.
func TestModules(t *testing.T) {
	needsNode(t)
	comparePrograms(t, "testdata/modules", t.TempDir(), moduleDifferences())
}

// needsNode skips what takes longer than other tests, and Node.js.
func needsNode(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("programs are run in Node.js for this: leave out -short")
	}
	if os.Getenv("TRACKHOOK_LONG") == "" && os.Getenv("CI") == "" && *onlyProgram == "" {
		t.Skip("programs are run in Node.js for this: set TRACKHOOK_LONG=1")
	}
	if _, err := exec.LookPath("node"); err != nil && os.Getenv("CI") == "" {
		t.Skip("Node.js is not installed")
	}
}

// comparePrograms runs the programs of a folder beside the node_modules of dir.
func comparePrograms(t *testing.T, folder, dir string, reasons map[string]string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(answerPrograms))
	defer server.Close()
	names := programNames(t, folder)
	for _, program := range names {
		if *onlyProgram != "" && *onlyProgram != program {
			continue
		}
		t.Run(program, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(folder, program+".js"))
			if err != nil {
				t.Fatal(err)
			}
			want := runInNode(t, dir, program, string(text), server.URL)
			got := runInHost(t, dir, string(text), server.URL, len(want))
			if strings.HasPrefix(string(text), "// in any order\n") {
				slices.Sort(want)
				slices.Sort(got)
			}
			diff := cmp.Diff(want, got)
			switch reason := reasons[program]; {
			case diff != "" && reason == "":
				t.Errorf("prints (-Node +host):\n%.4000s", diff)
			case diff == "" && reason != "":
				t.Errorf("prints what it prints in Node, and stands among the differences: %s", reason)
			}
		})
	}
	for name := range reasons {
		if !slices.Contains(names, name) {
			t.Errorf("there is no program %s, which stands among the differences", name)
		}
	}
}

// programNames are the names of the programs, which are those of packages or modules with _ in the place of /.
func programNames(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.js"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(filepath.Base(files[i]), ".js")
	}
	return files
}

// runInNode returns the lines that a program prints in Node.
func runInNode(t *testing.T, dir, name, text, server string) []string {
	t.Helper()
	file := filepath.Join(dir, "program-"+name+".cjs")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--no-warnings", file)
	cmd.Env = append(os.Environ(), "SERVER="+server)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("in Node: %v\n%s", err, out)
	}
	return lines(string(out))
}

func lines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }

// printed collects the lines of a host's plugin, and closes enough when there are so many, or when it has failed.
type printed struct {
	mu     sync.Mutex
	lines  []string
	want   int
	enough chan struct{}
	once   sync.Once
}

func (p *printed) Write(line []byte) (int, error) {
	var entry struct{ Level, Plugin, Message, Error, File, Source, Component string }
	if err := json.Unmarshal(line, &entry); err != nil {
		return 0, err
	}
	if entry.Plugin == "" || entry.Component != "" && entry.Level == "info" {
		return len(line), nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if entry.Error != "" {
		entry.Message += ": " + entry.Error + " " + entry.File + " " + entry.Source
	}
	p.lines = append(p.lines, strings.Split(entry.Message, "\n")...)
	if len(p.lines) >= p.want || entry.Error != "" {
		p.once.Do(func() { close(p.enough) })
	}
	return len(line), nil
}

// runInHost returns the lines that a program prints as a plugin, once they are so many as wanted.
func runInHost(t *testing.T, dir, text, server string, want int) []string {
	t.Helper()
	plugins := filepath.Join(dir, "plugins")
	if err := os.MkdirAll(plugins, 0o755); err != nil {
		t.Fatal(err)
	}
	_, isThere := os.Stat(filepath.Join(plugins, "node_modules"))
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err == nil && isThere != nil {
		if err := os.Rename(filepath.Join(dir, "node_modules"), filepath.Join(plugins, "node_modules")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join("plugins", "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(plugins, "program.js"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	eng, err := engine.New(engine.Config{Store: memory.New(), Deliverer: nobody{}})
	if err != nil {
		t.Fatal(err)
	}
	out := &printed{want: want, enough: make(chan struct{})}
	host, err := scripting.New(scripting.Config{
		Dir: plugins, Engine: eng, DefaultApp: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Log: zerolog.New(out),
		Timeout: time.Minute,
		Plugins: map[string]scripting.PluginConfig{"program": {
			AllowHosts: []string{strings.TrimPrefix(server, "http://")}, Env: map[string]string{"SERVER": server},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	over := make(chan error, 1)
	go func() { over <- host.Run(ctx) }()
	select {
	case <-out.enough:
	case <-time.After(*patience): // a program that prints less is told by what it has printed
	}
	cancel()
	if err := <-over; err != nil {
		t.Error(err)
	}
	out.mu.Lock()
	defer out.mu.Unlock()
	return lines(strings.Join(out.lines, "\n"))
}

type nobody struct{}

func (nobody) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Retry}
}

// answerPrograms is the server that programs talk to.
func answerPrograms(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/echo":
		body, _ := io.ReadAll(r.Body)
		header := map[string]string{}
		for name := range r.Header {
			header[strings.ToLower(name)] = r.Header.Get(name)
		}
		w.Header().Set("Content-Type", "application/json")
		text, err := json.Marshal(struct {
			Method  string            `json:"method"`
			URL     string            `json:"url"`
			Headers map[string]string `json:"headers"`
			Body    string            `json:"body"`
		}{r.Method, r.RequestURI, header, string(body)})
		if err == nil {
			_, _ = w.Write(text)
		}
	case "/json":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"list":[1,2]}`)
	case "/status/404":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "not here")
	case "/redirect":
		http.Redirect(w, r, "/json", http.StatusFound)
	case "/gzip":
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		_, _ = io.WriteString(writer, "zipped")
		_ = writer.Close()
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	case "/ok":
		_, _ = io.WriteString(w, "ok")
	}
}
