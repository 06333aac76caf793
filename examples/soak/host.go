package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// host is the process that is tested. start, kill and stop are called by one goroutine at a time.
type host struct {
	binary, dir, url string
	args             []string
	starts           int
	dead             uint64

	mu      sync.Mutex
	process *exec.Cmd // guarded by mu; nil while it does not run
	log     *os.File
}

const configuration = `
apps:
  - { token: soak12345678, environment: sandbox }
retry: { base: 20ms, max: 500ms, install: { base: 20ms, max: 500ms }, device: { base: 50ms, max: 500ms }, blocked: { base: 50ms, max: 500ms } }
`

// newHost prepares a host that has further lines in its configuration. One without a database has a folder for its data.
func newHost(binary, dir, endpoint, further string, database bool) (*host, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "trackhook.yaml")
	h := &host{
		binary: binary, dir: dir, url: "http://" + address,
		args: []string{
			"run", "--config", config, "--listen", address, "--endpoint", endpoint, "--log-format", "json",
			"--plugins", filepath.Join(dir, "plugins"),
		},
	}
	if !database {
		h.args = append(h.args, "--data", filepath.Join(dir, "data"))
	}
	if err := os.Mkdir(filepath.Join(dir, "plugins"), 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(config, []byte(configuration+further), 0o600); err != nil {
		return nil, err
	}
	return h, h.edit(0)
}

// start starts the process when it does not run, and waits until it answers.
func (h *host) start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.process != nil {
		return nil
	}
	h.starts++
	log, err := os.Create(filepath.Join(h.dir, fmt.Sprintf("host-%04d.log", h.starts)))
	if err != nil {
		return err
	}
	process := exec.Command(h.binary, h.args...) //nolint:noctx // it is ended by signals
	process.Stderr = log
	if err := process.Start(); err != nil {
		return err
	}
	h.process, h.log = process, log
	client := admin.Client{BaseURL: h.url, Timeout: 10 * time.Second}
	for deadline := time.Now().Add(2 * time.Minute); ; {
		if _, err := client.Stats(ctx); err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the host does not answer; it logged:\n%s", h.tail())
		}
		engine.Wait(ctx, 5*time.Millisecond)
	}
}

// kill ends the process without warning.
func (h *host) kill() { _ = h.end(os.Kill) } // the error says that it was killed

// stop ends the process in order; its exit code must be 0.
func (h *host) stop() error {
	if err := h.end(os.Interrupt); err != nil {
		return fmt.Errorf("the host did not stop well: %w; it logged:\n%s", err, h.tail())
	}
	return nil
}

func (h *host) end(signal os.Signal) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.process == nil {
		return nil
	}
	if err := h.process.Process.Signal(signal); err != nil {
		return err
	}
	err := h.process.Wait()
	h.process = nil
	_ = h.log.Close()
	return err
}

// edit replaces the script, every other time by rename, as editors do.
func (h *host) edit(version int) error {
	text := fmt.Sprintf(script, version)
	file := filepath.Join(h.dir, "plugins", "watch.js")
	if version%2 == 0 {
		return os.WriteFile(file, []byte(text), 0o600)
	}
	if err := os.WriteFile(file+".tmp", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".tmp", file)
}

const script = `// version %d
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setSessionTrackingSucceededCallbackListener((s) => console.log("done", s.request.callback_params.n));
config.setEventTrackingSucceededCallbackListener((e) => console.log("done", e.callbackId));
config.setEventTrackingFailedCallbackListener((e) => { if (!e.willRetry) console.log("done", e.callbackId); });
Adjust.create(config);
`

// addHeard counts how often the script was told that a package has ended, by name, over all starts.
func (h *host) addHeard(heard map[string]int) error {
	logs, err := filepath.Glob(filepath.Join(h.dir, "host-*.log"))
	if err != nil {
		return err
	}
	marker := []byte(`"message":"done `)
	for _, name := range logs {
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if _, rest, ok := bytes.Cut(lines.Bytes(), marker); ok {
				heard[string(rest[:max(bytes.IndexByte(rest, '"'), 0)])]++
			}
		}
		_ = file.Close()
		if err := lines.Err(); err != nil {
			return err
		}
	}
	return nil
}

// memory is the resident memory of the process in bytes, 0 where the system does not tell.
func (h *host) memory() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.process == nil {
		return 0
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.process.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kb uint64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			return kb << 10
		}
	}
	return 0
}

// tail is the end of the newest log.
func (h *host) tail() string {
	text, err := os.ReadFile(filepath.Join(h.dir, fmt.Sprintf("host-%04d.log", h.starts)))
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}
