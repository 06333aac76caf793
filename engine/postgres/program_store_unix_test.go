//go:build unix

package postgres_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackhook/engine/postgres/internal/pgtest"
)

// built is the program, which is built once for all tests.
var built struct {
	sync.Mutex
	folder string
}

// buildProgram builds the program.
func buildProgram(t *testing.T) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if built.folder == "" {
		folder, err := os.MkdirTemp("", "trackhook") //nolint:usetesting // other tests use it too
		if err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(folder, "trackhook"), "trackhook/cmd/trackhook").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		built.folder = folder
	}
	return filepath.Join(built.folder, "trackhook")
}

// removeProgram removes what buildProgram has built.
func removeProgram() {
	if built.folder != "" {
		_ = os.RemoveAll(built.folder)
	}
}

// shell runs commands of the program.
type shell struct {
	t      *testing.T
	binary string
	env    []string
}

// run runs a command, and checks how it ends and that what it prints has texts, and never the password.
func (s *shell) run(code int, command string, texts ...string) string {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), s.binary, strings.Fields(command)...)
	c.Env = append(os.Environ(), s.env...)
	out, _ := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != code {
		s.t.Fatalf("%s: the exit code is %d, want %d\n%s", command, got, code, out)
	}
	for _, text := range texts {
		if !strings.Contains(string(out), text) {
			s.t.Errorf("%s: %q is missing\n%s", command, text, out)
		}
	}
	if strings.Contains(string(out), "secret") {
		s.t.Errorf("%s tells the password\n%s", command, out)
	}
	return string(out)
}

// TestProgramSchema looks at a schema and makes it, with the program.
func TestProgramSchema(t *testing.T) {
	t.Parallel()
	server, schema := pgtest.SharedServer(t)
	proxy := pgtest.StartProxy(t, server)
	config := filepath.Join(t.TempDir(), "trackhook.yaml")
	if err := os.WriteFile(config, []byte("postgres_env: DATABASE_URL\ncluster: {schema: "+schema+", partitions: 8}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &shell{t, buildProgram(t), []string{"DATABASE_URL=" + proxy.URL()}}
	s.run(2, "store check", "no database is named")
	s.run(1, "store check --config "+config, "has no schema "+schema+" yet", "store migrate")
	s.run(0, "store migrate --config "+config, "version 1 now, after 1 step")
	s.run(0, "store migrate --config "+config, "up to date already")
	s.run(0, "store check --config "+config, "is right: version 1, 8 partitions")
	newer := func(by string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), server.URL())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(t.Context(), "UPDATE "+schema+".migrations SET version = version + "+by); err != nil {
			t.Fatal(err)
		}
	}
	newer("1")
	s.run(1, "store check --config "+config, "newer than this program")
	s.run(1, "store migrate --config "+config, "newer than this program")
	newer("-1")
	proxy.Close()
	s.run(1, "store check --config "+config, "cannot be used", "see whether PostgreSQL runs there")
}

// TestProgramCopy moves the data folder of a host into a database, with the program: what was queued is sent by a host with the
// database, in its order and once, its plugin hears all, and no host starts with the folder.
func TestProgramCopy(t *testing.T) {
	t.Parallel()
	server, schema := pgtest.SharedServer(t)
	proxy := pgtest.StartProxy(t, server)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	folder := t.TempDir()
	adjust := newCounting(t)
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	settings := func(endpoint string) string {
		return "apps: [{token: abc123def456, environment: sandbox, endpoint: \"" + endpoint + "\"}]\nretry: {base: 1s, max: 1s}\n"
	}
	down, up := write("down.yaml", settings("http://127.0.0.1:1")), write("up.yaml", settings(adjust.url))
	clustered := write("clustered.yaml", settings(adjust.url)+"postgres_file: "+write("address", proxy.URL())+"\ncluster: {schema: "+schema+"}\n")
	write("plugins/hear.js", "const config = new AdjustConfig('abc123def456', 'sandbox');\n"+
		"config.setEventTrackingSucceededCallbackListener((e) => console.log('heard ' + e.callbackId + ','));\nAdjust.create(config);\n")
	data := filepath.Join(folder, "data")
	s := &shell{t, buildProgram(t), nil}
	start := func(args ...string) *program {
		t.Helper()
		return startProgram(ctx, t, s.binary, "", append([]string{"--plugins", filepath.Join(folder, "plugins"), "--listen", "127.0.0.1:0", "--log-format", "json"}, args...)...)
	}
	send := func(h *program, device, id string) {
		t.Helper()
		about := url.Values{"external_device_id": {device}, "event_token": {"abc123"}, "event_callback_id": {id}, "n": {id}}
		if status := post(ctx, h.address+"/event", about, id); status != http.StatusOK {
			t.Fatalf("%s is answered with %d", id, status)
		}
	}
	first := start("--config", up, "--data", data)
	sent := &sending{hosts: []*program{first}}
	for d := range 5 {
		device := fmt.Sprint("device", d)
		send(first, device, device+"-0")
		sent.all = append(sent.all, device+"-0")
	}
	sent.await(ctx, t, "counted", adjust.missing)
	sent.await(ctx, t, "heard", func(all []string) int { return unheard(sent.hosts, all) })
	first.stop(t)
	second := start("--config", down, "--data", data)
	for d := range 5 {
		for n := range 4 {
			id := fmt.Sprintf("device%d-%d", d, n+1)
			send(second, fmt.Sprint("device", d), id)
			sent.all = append(sent.all, id)
		}
	}
	copying := "store copy --from " + data + " --config " + clustered
	s.run(1, copying, "is in use by process")
	second.stop(t)

	s.run(2, "store copy --config "+clustered, "--from")
	s.run(2, "store copy --from "+data, "name the database")
	s.run(1, "store copy --from "+filepath.Join(folder, "nothing")+" --config "+clustered, "there is no store in")
	s.run(0, copying+" --dry-run", "20 queued packages", "nothing was moved")
	s.run(0, "store verify --data "+data)
	s.run(0, copying, "20 queued packages", "all of that was moved from", "schema "+schema)
	s.run(1, copying, "it was moved to postgres://"+strings.TrimPrefix(proxy.URL()[strings.Index(proxy.URL(), "@")+1:], "@")[:9])
	s.run(1, "run --config "+up+" --listen 127.0.0.1:0 --data "+data, "was moved to postgres://", "schema "+schema, "remove "+filepath.Join(data, "MOVED"))
	s.run(0, "store check --config "+clustered, "is right")

	third := start("--config", clustered)
	sent.hosts = append(sent.hosts, third)
	send(third, "device0", "device0-0") // was accepted in the folder
	if status := post(ctx, third.address+"/event", url.Values{"external_device_id": {"other"}, "event_token": {"abc123"}}, "device0-0"); status != http.StatusUnprocessableEntity {
		t.Errorf("a key that was used in the folder for something else is answered with %d", status)
	}
	sent.await(ctx, t, "counted", adjust.missing)
	sent.await(ctx, t, "heard", func(all []string) int { return unheard(sent.hosts, all) })
	if wrong := adjust.disorder(); wrong != "" || adjust.repeated() > 0 {
		t.Errorf("%d events were sent twice; %s", adjust.repeated(), wrong)
	}
	third.stop(t)
	for _, id := range sent.all {
		if n := strings.Count(first.text()+second.text()+third.text(), "heard "+id+","); n != 1 {
			t.Errorf("%s was heard %d times", id, n)
		}
	}
	for _, h := range sent.hosts {
		if strings.Contains(h.text(), "secret") {
			t.Errorf("a host tells the password\n%s", h.text())
		}
	}
}

// unheard counts what no plugin has heard of.
func unheard(hosts []*program, all []string) (n int) {
	for _, id := range all {
		if !heard(hosts, id) {
			n++
		}
	}
	return n
}
