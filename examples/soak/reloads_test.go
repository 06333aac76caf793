package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/proctest"
)

// TestReloads saves five kinds of plugin of the built binary again and again, and compares the memory of all its processes
// after 1,000 reloads with what it is after as many as it is asked for: a host that is edited live for months must not grow.
// The memory is what is private and was written, of which no other process has a part: the least of what is seen within
// four minutes, because a process at rest frees its garbage every two. What the store has written since it last made tables
// is in memory, too, up to the size of a memtable, whoever wrote it: a third more than its log has, which is taken off.
func TestReloads(t *testing.T) {
	reloads, err := strconv.Atoi(os.Getenv("TRACKHOOK_SOAK_RELOADS"))
	if err != nil {
		t.Skip("reloads plugins for as long as half an hour; set TRACKHOOK_SOAK_RELOADS to a number of reloads, as 20000, to run it")
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what memory is private")
	}
	const first, most, settles = 1000, 5 << 20, 480
	r := startReloading(t)
	r.reload(first)
	before := r.memory(settles)
	for done := first; done < reloads; {
		step := min(first, reloads-done)
		r.reload(step)
		done += step
		t.Logf("after %d reloads: %s; after %d it was %s", done, r.memory(1), first, before)
	}
	after := r.memory(settles)
	t.Logf("at rest after %d reloads: %s; after %d it was %s", reloads, after, first, before)
	if after.total() > before.total()+most {
		t.Errorf("after %d reloads the processes have %s, after %d they had %s", reloads, after, first, before)
	}
}

// TestIdle measures the processor time of the built binary, with the processes of its scripts, while it has nothing to do for
// a minute: five plugins, and nothing queued.
func TestIdle(t *testing.T) {
	if os.Getenv("TRACKHOOK_SOAK_IDLE") == "" {
		t.Skip("watches an idle host for more than a minute; set TRACKHOOK_SOAK_IDLE to run it")
	}
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells the processor time of processes that run")
	}
	const watched, most = time.Minute, 0.002
	r := start(t, "", []savedPlugin{{"a", "a.js", ""}, {"b", "b.js", ""}, {"c", "c.ts", "const n: number = 1;\n"}, {"d", "d.mjs", ""}, {"e", "e.js", ""}})
	engine.Wait(t.Context(), watched/6) // what follows the start is no idleness
	host, scripts := r.cpu()
	engine.Wait(t.Context(), watched)
	hostAfter, scriptsAfter := r.cpu()
	host, scripts = hostAfter-host, scriptsAfter-scripts
	t.Logf("%.2f %% of a core, of which %.2f the host's", 100*float64(host+scripts)/float64(watched), 100*float64(host)/float64(watched))
	if share := float64(host+scripts) / float64(watched); share > most {
		t.Errorf("an idle host takes %.2f %% of a core, want %.2f", 100*share, 100*most)
	}
}

// cpu is the processor time of the host, and of the processes of its scripts.
func (r *reloading) cpu() (host, scripts time.Duration) {
	pid := r.host.process.Process.Pid
	for _, child := range childrenOf(pid) {
		scripts += proctest.CPU(strconv.Itoa(child))
	}
	return proctest.CPU(strconv.Itoa(pid)), scripts
}

// reloading is a host whose plugins are saved again and again.
type reloading struct {
	*testing.T
	host    *host
	log     *bufio.Reader
	plugins []savedPlugin
	version int
}

// savedPlugin is one kind of plugin: the file, and what stands before its listener.
type savedPlugin struct{ name, file, before string }

// startReloading starts a host with five kinds of plugin.
func startReloading(t *testing.T) *reloading {
	t.Helper()
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(hanging.Close)
	allow := fmt.Sprintf("plugins: { open: { allow_hosts: [%q] } }\n", strings.TrimPrefix(hanging.URL, "http://"))
	return start(t, allow, []savedPlugin{
		{"plain", "plain.js", ""},
		{"typed", "typed.ts", "const n: number = 1;\n"},
		{"package", "package.js", "const money = require('money-text'), c = require('crypto'), u = require('util'); money(1);\n"},
		{"timers", "timers.js", "setInterval(() => {}, 1000); setTimeout(() => {}, 3_600_000);\n"},
		{"open", "open.mjs", "fetch('" + hanging.URL + "/').catch(() => {});\n"},
	})
}

// start builds and starts the binary with further lines of configuration, and waits until it has loaded the plugins.
func start(t *testing.T, further string, plugins []savedPlugin) *reloading {
	t.Helper()
	s := soak{Binary: filepath.Join(t.TempDir(), "trackhook")}
	if err := s.build(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	h, err := newHost(s.Binary, dir, "http://127.0.0.1:9", further, false)
	if err != nil {
		t.Fatal(err)
	}
	r := &reloading{T: t, host: h, plugins: plugins}
	// watch.js is the one that a soak edits.
	if err := os.Remove(filepath.Join(dir, "plugins", "watch.js")); err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(dir, "plugins", "node_modules", "money-text")
	if err := os.MkdirAll(library, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(library, "index.js"), []byte("module.exports = (x) => x + ' EUR';"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.save()
	if err := h.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.kill)
	log, err := os.Open(filepath.Join(dir, "host-0001.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	r.log = bufio.NewReader(log)
	r.await("plugin loaded")
	return r
}

// save saves a new version of each plugin.
func (r *reloading) save() {
	r.Helper()
	r.version++
	for _, p := range r.plugins {
		file := filepath.Join(r.host.dir, "plugins", p.file)
		if err := os.WriteFile(file+".tmp", []byte(p.before+fmt.Sprintf(script, r.version)), 0o600); err != nil {
			r.Fatal(err)
		}
		if err := os.Rename(file+".tmp", file); err != nil {
			r.Fatal(err)
		}
	}
}

// reload saves until there were so many reloads.
func (r *reloading) reload(times int) {
	r.Helper()
	for done := 0; done < times; done += len(r.plugins) {
		r.save()
		r.await("plugin reloaded")
	}
}

// await waits until the host has said something of each plugin.
func (r *reloading) await(message string) {
	r.Helper()
	open := map[string]bool{}
	for _, p := range r.plugins {
		open[p.name] = true
	}
	var rest []byte
	for deadline := time.Now().Add(time.Minute); len(open) > 0; {
		text, err := r.log.ReadBytes('\n')
		rest = append(rest, text...)
		switch {
		case err == io.EOF && time.Now().Before(deadline):
			engine.Wait(context.Background(), time.Millisecond)
			continue
		case err != nil:
			r.Fatalf("the host does not say %q of %v; it logged:\n%s", message, open, r.host.tail())
		}
		var line struct{ Message, Plugin string }
		if err := json.Unmarshal(bytes.TrimSpace(rest), &line); err != nil {
			r.Fatal(err)
		}
		rest = nil
		if strings.HasPrefix(line.Message, message) {
			delete(open, line.Plugin)
		}
	}
}

// privateMemory is the memory of the host and of the processes of its scripts, in bytes.
type privateMemory struct{ host, scripts, memtable uint64 }

func (m privateMemory) total() uint64 { return m.host + m.scripts - min(m.host, m.memtable) }

func (m privateMemory) String() string {
	mb := func(n uint64) float64 { return float64(n) / (1 << 20) }
	return fmt.Sprintf("%.1f MB (the host has %.1f, of which %.1f are the memtable, and the scripts have %.1f)",
		mb(m.total()), mb(m.host), mb(m.memtable), mb(m.scripts))
}

// memory looks at the memory some times, twice a second, and returns the least.
func (r *reloading) memory(times int) privateMemory {
	r.Helper()
	var least privateMemory
	for range times {
		pid := r.host.process.Process.Pid
		now := privateMemory{host: privateDirty(pid)}
		logs, _ := filepath.Glob(filepath.Join(r.host.dir, "data", "*.log")) // the pattern is well formed
		for _, log := range logs {
			if info, err := os.Stat(log); err == nil {
				now.memtable += uint64(info.Size()) / 3 * 4 //nolint:gosec // not negative; a third is for the places of the entries
			}
		}
		for _, child := range childrenOf(pid) {
			now.scripts += privateDirty(child)
		}
		if least.total() == 0 || now.total() < least.total() {
			least = now
		}
		engine.Wait(r.Context(), 500*time.Millisecond)
	}
	return least
}

// childrenOf finds the processes that a process has started, whichever of its threads did.
func childrenOf(pid int) []int {
	var all []int
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well formed
	for _, file := range files {
		text, _ := os.ReadFile(file) // a thread that has ended has none
		for field := range strings.FieldsSeq(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(all, child)
			}
		}
	}
	return all
}

// privateDirty is the memory of a process that is its own and was written, 0 when it has ended.
func privateDirty(pid int) uint64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	for line := range strings.Lines(string(text)) {
		var kb uint64
		if _, err := fmt.Sscanf(line, "Private_Dirty: %d kB", &kb); err == nil {
			return kb << 10
		}
	}
	return 0
}
