package instance

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/web"
)

var shrinkWPT = flag.Bool("wpt.shrink", false, "take subtests of web-platform-tests that pass now off the list of those that fail")

// wptFailures is the list of subtests that are known to fail, by file. It may only become shorter.
const wptFailures = "testdata/wpt/failures.json"

// wptFolders are the folders of web-platform-tests whose tests a plugin can run. Folders in them are not searched.
func wptFolders() []string {
	return []string{
		"fetch/api/headers", "fetch/api/request", "fetch/api/response", "fetch/api/body", "fetch/api/abort", "fetch/api/basic", "fetch/data-urls",
		"FileAPI/blob", "FileAPI/file", "FileAPI/url", "xhr/formdata", "url", "encoding", "encoding/streams", "dom/abort", "dom/events",
		"streams", "streams/readable-streams", "streams/readable-byte-streams", "streams/writable-streams", "streams/transform-streams",
		"streams/piping", "WebCryptoAPI", "WebCryptoAPI/digest", "WebCryptoAPI/sign_verify",
		"html/webappapis/structured-clone", "html/webappapis/timers", "html/webappapis/microtask-queuing", "html/webappapis/atob",
		"webidl/ecmascript-binding/es-exceptions", "hr-time",
	}
}

// withoutWPT says why a file cannot be run here; "": it can.
func withoutWPT(name string) string {
	for _, reason := range [][2]string{
		{"idlharness", "it tests the descriptions of whole standards, of which a host has parts"},
		{"/request-cache", "a host has no cache"},
		{".h2.", "it needs a server that speaks HTTP/2 its own way"},
		{"sign_verify/e", "a host has no elliptic curves"},
		{"sign_verify/rsa", "a host has no RSA"},
		{"fatal-single-byte", "a host decodes utf-8, utf-16 and windows-1252"},
	} {
		if strings.Contains(name, reason[0]) {
			return reason[1]
		}
	}
	return ""
}

// TestWebPlatformTests runs the tests of web-platform-tests that a plugin can run, each file as a plugin, with the genuine
// harness, and compares the subtests that fail with the list of those that are known to. testdata/wpt/README.md says where
// the files come from.
func TestWebPlatformTests(t *testing.T) {
	root := os.Getenv("TRACKHOOK_WPT")
	if root == "" {
		t.Skip("web-platform-tests are not there: fetch them with .ci/wpt FOLDER and set TRACKHOOK_WPT=FOLDER")
	}
	if _, err := os.Stat(filepath.Join(root, "resources", "testharness.js")); err != nil {
		t.Fatalf("TRACKHOOK_WPT names no folder of web-platform-tests: %v", err)
	}
	known := map[string][]string{}
	text, err := os.ReadFile(wptFailures)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	w := &wptRun{root: root, server: httptest.NewServer(wptServer(root)), known: known, totals: map[string]*[2]int{}}
	t.Cleanup(w.server.Close)
	ran := 0
	for _, folder := range wptFolders() {
		files, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
		if errors.Is(err, fs.ErrNotExist) {
			t.Logf("%s is not there", folder)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name := path.Join(folder, file.Name())
			if file.IsDir() || !strings.HasSuffix(name, ".any.js") || withoutWPT(name) != "" {
				continue
			}
			ran++
			t.Run(name, func(t *testing.T) { w.file(t, name) })
		}
	}
	if ran == 0 {
		t.Fatal("TRACKHOOK_WPT has no tests that can be run")
	}
	w.report(t)
}

// wptRun is one run of the tests.
type wptRun struct {
	root   string
	server *httptest.Server
	known  map[string][]string

	mu sync.Mutex
	// totals are the subtests that passed, and all, by folder.
	totals map[string]*[2]int
}

// file runs one file, with each of its variants.
func (w *wptRun) file(t *testing.T, name string) {
	t.Helper()
	meta, body := w.read(t, name)
	variants := meta["variant"]
	if len(variants) == 0 {
		variants = []string{""}
	}
	failed, passed := map[string]string{}, 0
	for _, variant := range variants {
		run := w.plugin(t, name, variant, meta, body)
		passed += run.passed
		maps.Copy(failed, run.failed)
	}
	w.mu.Lock()
	total := w.totals[path.Dir(name)]
	if total == nil {
		total = &[2]int{}
		w.totals[path.Dir(name)] = total
	}
	total[0] += passed
	total[1] += passed + len(failed)
	w.mu.Unlock()
	w.compare(t, name, failed)
}

// compare compares what failed with what is known to.
func (w *wptRun) compare(t *testing.T, name string, failed map[string]string) {
	t.Helper()
	known := w.known[name]
	for _, subtest := range slices.Sorted(maps.Keys(failed)) {
		if !slices.Contains(known, subtest) {
			t.Errorf("fails, and is not known to: %q: %s", subtest, failed[subtest])
		}
	}
	left := known[:0:0]
	for _, subtest := range known {
		if _, fails := failed[subtest]; fails {
			left = append(left, subtest)
			continue
		}
		if !*shrinkWPT {
			t.Errorf("%q passes, and is on the list of those that fail: take it off with go test -run %s -wpt.shrink", subtest, "TestWebPlatformTests")
		}
	}
	w.known[name] = left
	if len(left) == 0 {
		delete(w.known, name)
	}
}

// report logs how many subtests pass, and writes the list when it has become shorter.
func (w *wptRun) report(t *testing.T) {
	t.Helper()
	passed, all := 0, 0
	for _, folder := range slices.Sorted(maps.Keys(w.totals)) {
		total := w.totals[folder]
		t.Logf("%-45s %5d of %5d", folder, total[0], total[1])
		passed += total[0]
		all += total[1]
	}
	t.Logf("%-45s %5d of %5d", "all", passed, all)
	if !*shrinkWPT {
		return
	}
	text, err := json.MarshalIndent(w.known, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(wptFailures, append(text, '\n'), 0o644); err != nil { //nolint:gosec // a file of the project
		t.Fatal(err)
	}
}

var wptMeta = regexp.MustCompile(`(?m)^// META: *(\w+)=(.*)$`)

// read returns a file, and what its first lines say of it.
func (w *wptRun) read(t *testing.T, name string) (meta map[string][]string, body string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	meta = map[string][]string{}
	for _, match := range wptMeta.FindAllStringSubmatch(string(text), -1) {
		meta[match[1]] = append(meta[match[1]], strings.TrimSpace(match[2]))
	}
	return meta, string(text)
}

// wptResult is what came of a file.
type wptResult struct {
	passed int
	failed map[string]string
	ended  bool
}

// plugin runs a file as a plugin, in a time of its own, so that neither a slow machine nor a wait of the test matters.
func (w *wptRun) plugin(t *testing.T, name, variant string, meta map[string][]string, body string) *wptResult {
	t.Helper()
	result := &wptResult{failed: map[string]string{}}
	clock := NewClock(time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC))
	clock.Stall = time.Minute
	b := newBench(t, withTimeout(time.Minute))
	own, err := OfflineResources(t.Context(), "wpt", newMemoryStore())
	if err != nil {
		t.Fatal(err)
	}
	if own.Fetcher, err = fetch.New(&fetch.Config{Plugin: "wpt", AllowHosts: []string{w.server.Listener.Addr().String()}}); err != nil {
		t.Fatal(err)
	}
	defer own.Fetcher.Close()
	var mu sync.Mutex // the lines come on the machine's goroutine
	var finished string
	probe := &Probe{
		Clock: clock,
		Setup: func(m *machine.Machine, _ *web.Web) error {
			m.VM.SetPromiseRejectionTracker(nil) // tests let promises be rejected, and look later
			return nil
		},
		Line: func(_ zerolog.Level, text string) {
			mu.Lock()
			defer mu.Unlock()
			if line, ok := strings.CutPrefix(text, "WPT "); ok {
				result.note(line)
			}
		},
		Failure: func(where string, failure *script.Error) {
			mu.Lock()
			defer mu.Unlock()
			if finished == "" && !result.ended {
				finished = where + ": " + failure.Error()
			}
		},
	}
	i, _, err := Start(t.Context(), Config{Shared: b.Shared, Name: "wpt", Entry: b.write("wpt.js", w.page(t, name, variant, meta, body)), Resources: own, Probe: probe})
	if err != nil {
		result.failed["(the file)"] = err.Error()
		return result
	}
	defer func() { <-i.Retire() }()
	i.mu.Lock()
	m := i.current.Machine
	i.mu.Unlock()
	for range 40 {
		if err := clock.Advance(t.Context(), m, clock.Now().Add(10*time.Second)); err != nil {
			result.failed["(the file)"] = err.Error()
			return result
		}
		mu.Lock()
		ended := result.ended
		mu.Unlock()
		if ended {
			break
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if !result.ended {
		result.failed["(the file)"] = "did not come to its end " + finished
	}
	return result
}

// note takes a line of testdata/wpt/report.js.
func (r *wptResult) note(line string) {
	var values []any
	if err := json.Unmarshal([]byte(line), &values); err != nil {
		r.failed["(the file)"] = err.Error()
		return
	}
	switch {
	case values[0] == "end":
		r.ended = true
		if values[2] != float64(0) {
			r.failed["(the file)"] = fmt.Sprint(values[2:]...)
		}
	case values[2] == "PASS":
		r.passed++
	default:
		r.failed[fmt.Sprint(values[1])] = fmt.Sprint(values[2:]...)
	}
}

// page is what a file needs around it, as one script.
func (w *wptRun) page(t *testing.T, name, variant string, meta map[string][]string, body string) string {
	t.Helper()
	address, err := url.Parse(w.server.URL + "/" + name + variant)
	if err != nil {
		t.Fatal(err)
	}
	location, err := json.Marshal(map[string]string{
		"href": address.String(), "origin": w.server.URL, "protocol": "http:", "host": address.Host, "hostname": address.Hostname(),
		"port": address.Port(), "pathname": address.Path, "search": strings.TrimSuffix("?"+address.RawQuery, "?"), "hash": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	own := func(file string) string {
		text, err := os.ReadFile(filepath.Join("testdata", "wpt", file))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	parts := []string{strings.ReplaceAll(own("page.js"), "LOCATION", string(location))}
	for _, helper := range append([]string{"/resources/testharness.js"}, meta["script"]...) {
		if !strings.HasPrefix(helper, "/") {
			helper = path.Join("/", path.Dir(name), helper)
		}
		text, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(helper)))
		if err != nil {
			return "throw new Error('a helper of the test is not there: " + helper + "')"
		}
		parts = append(parts, string(text))
		if helper == "/resources/testharness.js" {
			parts = append(parts, own("report.js"))
		}
	}
	return strings.Join(append(parts, body), "\n;\n")
}

// wptServer serves the files, as the server of web-platform-tests does, and does what the simplest of its scripts do.
func wptServer(root string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(root)))
	const scripts = "/fetch/api/resources/"
	mux.HandleFunc(scripts+"inspect-headers.py", func(w http.ResponseWriter, r *http.Request) {
		for name := range strings.SplitSeq(r.FormValue("headers"), "|") {
			if value := r.Header.Get(name); value != "" {
				w.Header().Set("x-request-"+strings.ToLower(name), value)
			}
		}
	})
	mux.HandleFunc(scripts+"echo-content.py", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Method", r.Method)
		w.Header().Set("X-Request-Content-Length", cmp.Or(r.Header.Get("Content-Length"), "NO"))
		w.Header().Set("X-Request-Content-Type", cmp.Or(r.Header.Get("Content-Type"), "NO"))
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.Copy(w, r.Body)
	})
	mux.HandleFunc(scripts+"method.py", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("x-request-method", r.Method)
		_, _ = io.Copy(w, r.Body)
	})
	mux.HandleFunc(scripts+"status.py", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		w.Header().Set("Content-Type", query.Get("type"))
		code, err := strconv.Atoi(query.Get("code"))
		if err != nil || code < 200 {
			code = http.StatusBadRequest
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, query.Get("content"))
	})
	return mux
}
