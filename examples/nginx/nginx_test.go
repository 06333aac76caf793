package nginx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

// TestDevicesAreThose shows that the configuration looks for the device as a host does.
func TestDevicesAreThose(t *testing.T) {
	text, err := os.ReadFile("nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, found := range regexp.MustCompile(`(?m)^ *"~\(\?:\^\|&\)(\w+)=.*" "(\w+)=\$id";$`).FindAllSubmatch(text, -1) {
		if string(found[1]) != string(found[2]) {
			t.Errorf("%s is taken for %s", found[1], found[2])
		}
		got = append(got, string(found[1]))
	}
	if !slices.Equal(got, engine.DeviceIDs()) {
		t.Errorf("the devices are looked for by %q, want %q", got, engine.DeviceIDs())
	}
}

// host is a host that takes packages in and notes their devices.
type host struct {
	server  *httptest.Server
	address string

	mu      sync.Mutex
	devices []string // guarded by mu
}

func (h *host) Track(_ context.Context, packages ...engine.Package) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range packages {
		h.devices = append(h.devices, packages[i].Device)
	}
	return nil
}

func (h *host) start(t *testing.T) {
	t.Helper()
	handler, err := ingest.New(ingest.Config{Tracker: h})
	if err != nil {
		t.Fatal(err)
	}
	address := h.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	h.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}}
	h.server.Start()
	h.address = listener.Addr().String()
}

// balanced is three hosts behind nginx.
type balanced struct {
	t     *testing.T
	url   string
	hosts []*host
}

func newBalanced(t *testing.T) *balanced {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("nginx is missing: apt-get install nginx-light")
	}
	if err != nil {
		t.Skip("nginx is not installed, so its configuration is not tried: apt-get install nginx-light")
	}
	text, err := os.ReadFile("nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	b := &balanced{t: t}
	for n := range 3 {
		h := &host{}
		h.start(t)
		t.Cleanup(func() { h.server.Close() })
		b.hosts = append(b.hosts, h)
		text = replace(t, text, fmt.Sprintf("192.0.2.1%d:8787", n+1), h.address)
	}
	folder := t.TempDir()
	door := freeAddress(t)
	text = replace(t, text, "listen 8080;", "listen "+door+";")
	temporary := []string{"http {"}
	for _, what := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temporary = append(temporary, what+"_temp_path "+filepath.Join(folder, what)+";")
	}
	text = replace(t, text, "http {", strings.Join(temporary, "\n"))
	file := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	globals := "daemon off; master_process off; pid " + filepath.Join(folder, "pid") + "; error_log stderr;"
	nginx := exec.CommandContext(context.Background(), program, "-p", folder, "-c", file, "-e", "stderr", "-g", globals)
	nginx.Stderr = &logged{t: t}
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = nginx.Process.Kill()
		_ = nginx.Wait()
	})
	b.url = "http://" + door
	b.until("it answers", func() bool { return b.send("/event?external_device_id=first", "") == http.StatusOK })
	return b
}

// logged keeps what nginx says for a test that fails.
type logged struct{ t *testing.T }

func (l *logged) Write(p []byte) (int, error) {
	l.t.Logf("nginx: %s", p)
	return len(p), nil
}

func replace(t *testing.T, text []byte, from, to string) []byte {
	t.Helper()
	if strings.Count(string(text), from) != 1 {
		t.Fatalf("the configuration has %q %d times, want once", from, strings.Count(string(text), from))
	}
	return []byte(strings.Replace(string(text), from, to, 1))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

const fixed = "app_token=abc123def456&environment=sandbox&event_token=abc123"

// send sends a request, with a body by POST, and returns its status.
func (b *balanced) send(path, body string, header ...string) int {
	b.t.Helper()
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
		path += "&" + fixed
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

func (b *balanced) until(what string, yes func() bool) {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); !yes(); {
		if time.Now().After(end) {
			b.t.Fatalf("waited in vain until %s", what)
		}
		engine.Wait(b.t.Context(), 20*time.Millisecond)
	}
}

// take returns how often each host has taken a device in since the last call, by device.
func (b *balanced) take() map[string][3]int {
	all := map[string][3]int{}
	for i, h := range b.hosts {
		h.mu.Lock()
		for _, device := range h.devices {
			counts := all[device]
			counts[i]++
			all[device] = counts
		}
		h.devices = nil
		h.mu.Unlock()
	}
	return all
}

// only returns which host has taken a device in, and fails when several have.
func (b *balanced) only(device string, counts [3]int) int {
	b.t.Helper()
	at := slices.IndexFunc(counts[:], func(n int) bool { return n > 0 })
	if at < 0 || counts[0]+counts[1]+counts[2] != counts[at] {
		b.t.Errorf("%s was taken in by the hosts %v times, want by one", device, counts)
	}
	return max(at, 0)
}

// TestBalance shows that every device goes to one host, however its packages are sent, and all devices to all hosts; that a
// host that is down costs an answer, and its devices are taken in elsewhere; and that they return when it is back.
func TestBalance(t *testing.T) {
	b := newBalanced(t)
	b.take()
	const devices = 60
	id := func(n int) string { return fmt.Sprintf("38400000-8cf0-11bd-b23e-%012d", n+1) }
	for n := range devices {
		for _, sent := range []int{
			b.send("/event?gps_adid="+id(n)+"&external_device_id=x", ""),
			b.send("/event?external_device_id=y&gps_adid="+id(n), ""),
			b.send("/event", fixed+"&android_id=abc&gps_adid="+id(n)),
			b.send("/event?idfa=00000000-0000-0000-0000-000000000000", fixed+"&gps_adid="+id(n)),
			b.send("/session?gps_adid="+id(n), "app_token=abc123def456&environment=sandbox"),
		} {
			if sent != http.StatusOK {
				t.Fatalf("answered %d", sent)
			}
		}
	}
	at, share := map[string]int{}, [3]int{}
	for device, counts := range b.take() {
		at[device] = b.only(device, counts)
		share[at[device]]++
	}
	if len(at) != devices || min(share[0], share[1], share[2]) < devices/12 {
		t.Errorf("%d devices were divided into %v", len(at), share)
	}

	// A host goes down, and comes back.
	b.hosts[0].server.CloseClientConnections()
	b.hosts[0].server.Close()
	for n := range devices {
		b.until("the other hosts take it in", func() bool { return b.send("/event?gps_adid="+id(n), "") == http.StatusOK })
	}
	for device, counts := range b.take() {
		if now := b.only(device, counts); now == 0 || at[device] != 0 && now != at[device] {
			t.Errorf("%s is at host %d, and was at host %d", device, now, at[device])
		}
	}
	b.hosts[0].start(t)
	b.until("all devices are back", func() bool {
		for n := range devices {
			b.send("/event?gps_adid="+id(n), "")
		}
		for device, counts := range b.take() {
			if counts[at[device]] == 0 {
				return false
			}
		}
		return true
	})
}

// TestRoute shows that a sender can say where packages belong, and that batches go by their sender.
func TestRoute(t *testing.T) {
	b := newBalanced(t)
	b.take()
	line := func(n int) string {
		return fmt.Sprintf(`{"kind":"session","app_token":"abc123def456","environment":"sandbox","device":"external_device_id=pc-%d"}`+"\n", n)
	}
	var failed error
	for n := range 30 {
		if got := b.send("/v1/packages", line(n)+line(n+100)); got != http.StatusOK {
			failed = errors.Join(failed, fmt.Errorf("a batch was answered %d", got))
		}
	}
	hosts := map[int]bool{}
	for device, counts := range b.take() {
		hosts[b.only(device, counts)] = true
	}
	if len(hosts) != 1 || failed != nil {
		t.Errorf("batches of one sender went to %d hosts (%v)", len(hosts), failed)
	}
	for n := range 30 {
		b.send(fmt.Sprintf("/event?external_device_id=pc-%d", n), "", "X-Trackhook-Route", "shop-7")
		b.send("/v1/packages", line(n), "X-Trackhook-Route", "shop-7")
	}
	hosts = map[int]bool{}
	for device, counts := range b.take() {
		hosts[b.only(device, counts)] = true
	}
	if len(hosts) != 1 {
		t.Errorf("what belongs together went to %d hosts", len(hosts))
	}
	for n := range 20 {
		b.send("/v1/packages", line(n), "X-Trackhook-Route", fmt.Sprint("shop-", n))
	}
	hosts = map[int]bool{}
	for device, counts := range b.take() {
		hosts[b.only(device, counts)] = true
	}
	if len(hosts) < 2 {
		t.Error("all routes lead to one host")
	}
	for _, path := range []string{"/api/v1/stats", "/console"} {
		if got := b.send(path+"?x=y", ""); got != http.StatusNotFound {
			t.Errorf("%s is answered %d by the balancer, want 404", path, got)
		}
	}
}
