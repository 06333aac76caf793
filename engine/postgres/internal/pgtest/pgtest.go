// Package pgtest starts a PostgreSQL server for tests: on a socket in a temporary folder, as an unprivileged user.
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }
//
//	func TestSomething(t *testing.T) { url, schema := pgtest.Shared(t) }
//
// The programs are found by TRACKHOOK_TEST_POSTGRES, a folder, or else by pg_config. Tests that ask for a server are
// skipped in short runs and where there are none, and fail there with TRACKHOOK_LONG, or where CI is "true".
//
// # Concurrency
//
// One server serves all tests of a package; the first that asks starts it. There is one go statement for each start of a
// server, which waits for its process and ends with it.
//
// # Files
//
//	pgtest.go       Run, Shared and Server
//	tls.go          a server that speaks TLS
//	proxy.go        Proxy, which does to connections what networks do
//	standby.go      servers that follow another
//	user_unix.go    the user that a server runs as
//	user_other.go   the same where there is nothing to do
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackhook/engine/proctest"
)

// Server is a server that belongs to a test.
type Server struct {
	bin, folder string
	settings    []string
	port        int // 0: the usual one, on a socket alone
	process     *exec.Cmd
	exited      chan struct{} // closed when process has ended
}

// errMissing means that there are no programs to start.
var errMissing = errors.New("PostgreSQL is not installed: neither TRACKHOOK_TEST_POSTGRES names the folder of initdb, nor does pg_config")

// bindir finds the programs.
func bindir() (string, error) {
	dirs := []string{os.Getenv("TRACKHOOK_TEST_POSTGRES")}
	if out, err := exec.CommandContext(context.Background(), "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin"); err == nil {
		dirs = append(dirs, found...)
	}
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); dir != "" && err == nil {
			return dir, nil
		}
	}
	return "", errMissing
}

// must tells whether everything is to be checked, so that missing programs are a failure.
func must() bool { return os.Getenv("CI") == "true" || os.Getenv("TRACKHOOK_LONG") != "" }

// onlyWhereWanted skips what takes a server, which is longer than a short run may take.
func onlyWhereWanted(tb testing.TB) {
	tb.Helper()
	if testing.Short() || !must() && os.Getenv("TRACKHOOK_TEST_POSTGRES") == "" {
		tb.Skip("a PostgreSQL server is started for this: set TRACKHOOK_LONG=1, or TRACKHOOK_TEST_POSTGRES to the folder of initdb, without -short")
	}
}

// Start makes a new server and starts it. Settings are NAME=VALUE, as in postgresql.conf. It skips the test where there are no programs.
func Start(tb testing.TB, settings ...string) *Server {
	tb.Helper()
	onlyWhereWanted(tb)
	s, err := start(settings)
	if errors.Is(err, errMissing) && !must() {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Remove)
	return s
}

func start(settings []string) (*Server, error) {
	s, err := prepare(settings)
	if err != nil {
		return nil, err
	}
	return s, s.begin()
}

// begin starts a server for the first time, and removes one that does not start.
func (s *Server) begin() error {
	err := s.Restart()
	if err != nil {
		s.Remove()
	}
	return err
}

// prepare makes a server that is not started.
func prepare(settings []string) (*Server, error) {
	bin, err := bindir()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, folder: folder, settings: settings}
	if err := s.make(); err != nil {
		s.Remove()
		return nil, err
	}
	return s, nil
}

// make makes an empty database, or copies the one that was made first.
func (s *Server) make() error {
	if err := own(s.folder); err != nil {
		return err
	}
	first.Lock()
	defer first.Unlock()
	if first.folder != "" {
		if out, err := s.command("cp", "-R", "-p", filepath.Join(first.folder, "data"), s.data()).CombinedOutput(); err != nil {
			return fmt.Errorf("copy an empty database: %w\n%s", err, out)
		}
		return nil
	}
	c := s.command("initdb", "-D", s.data(), "-A", "trust", "-U", "trackhook", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		return err
	}
	if err := own(folder); err != nil {
		return err
	}
	if out, err := s.command("cp", "-R", "-p", s.data(), filepath.Join(folder, "data")).CombinedOutput(); err != nil {
		return fmt.Errorf("copy an empty database: %w\n%s", err, out)
	}
	first.folder = folder
	return nil
}

// first is an empty database, of which others are copies.
var first struct { //nolint:gochecknoglobals // making one takes seconds
	sync.Mutex
	folder string
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	if own := filepath.Join(s.bin, name); name != "cp" {
		name = own
	}
	c := exec.CommandContext(context.Background(), name, args...)
	c.Dir = s.folder
	c.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	unprivileged(c)
	return c
}

// Restart starts the server, after Kill too, and waits until it answers.
func (s *Server) Restart() error {
	args := []string{"-D", s.data(), "-k", s.folder, "-c", "listen_addresses=", "-c", "max_connections=200"}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server has its own
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if s.process == nil {
			s.process, s.exited = s.command("postgres", args...), make(chan struct{})
			s.process.Stdout, s.process.Stderr = log, log
			if err := s.process.Start(); err != nil {
				return err
			}
			go func(c *exec.Cmd, exited chan struct{}) {
				defer close(exited)
				_ = c.Wait()
			}(s.process, s.exited)
		}
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			text, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("start PostgreSQL: %w\n%s", err, text)
		case <-s.exited:
			<-again.C
			s.process = nil // processes of one that was killed may still be ending
		case <-again.C:
		}
	}
}

// URL is where the server is.
func (s *Server) URL() string {
	url := "postgres:///postgres?host=" + s.folder + "&user=trackhook"
	if s.port != 0 {
		url += "&port=" + strconv.Itoa(s.port)
	}
	return url
}

// CPU returns the time that all processes of the server have run on processors, as far as they live. Zero where the system, which is not
// Linux, does not tell.
func (s *Server) CPU() time.Duration {
	own := strconv.Itoa(s.process.Process.Pid)
	used := proctest.CPU(own)
	children, _ := filepath.Glob("/proc/" + own + "/task/*/children")
	for _, name := range children {
		text, _ := os.ReadFile(name)
		for child := range strings.FieldsSeq(string(text)) {
			used += proctest.CPU(child)
		}
	}
	return used
}

// Kill ends the server as a crash does: all of its processes at once.
func (s *Server) Kill() {
	if s.process != nil {
		kill(s.process)
		<-s.exited
		s.process = nil
	}
}

// Stop ends the server in order.
func (s *Server) Stop(tb testing.TB) {
	tb.Helper()
	c := s.command("pg_ctl", "-D", s.data(), "-m", "fast", "-w", "stop")
	if out, err := c.CombinedOutput(); err != nil {
		tb.Fatalf("pg_ctl: %v\n%s", err, out)
	}
	<-s.exited
	s.process = nil
}

// Remove ends the server and deletes what it holds.
func (s *Server) Remove() {
	s.Kill()
	_ = os.RemoveAll(s.folder)
}

// shared is the server of a package's tests.
var shared struct { //nolint:gochecknoglobals // one server serves all tests of a package
	sync.Mutex
	server *Server
	err    error
	count  int
}

// Run runs the tests of a package and removes the server that they have shared.
func Run(m *testing.M) int {
	defer Stop()
	return m.Run()
}

// Stop removes the server that tests have shared.
func Stop() {
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		shared.server.Remove()
		shared.server = nil
	}
	first.Lock()
	defer first.Unlock()
	if first.folder != "" {
		_ = os.RemoveAll(first.folder)
		first.folder = ""
	}
}

// Shared returns the server that all tests of a package share, which does not wait for the disk, and a name for a schema that is nobody else's.
func Shared(tb testing.TB) (url, schema string) {
	tb.Helper()
	server, schema := SharedServer(tb)
	return server.URL(), schema
}

// SharedServer is [Shared], with the server itself. It must not be killed.
func SharedServer(tb testing.TB) (server *Server, schema string) {
	tb.Helper()
	onlyWhereWanted(tb)
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = start([]string{"fsync=off", "full_page_writes=off", "autovacuum=off"})
	}
	if errors.Is(shared.err, errMissing) && !must() {
		tb.Skip(shared.err)
	}
	if shared.err != nil {
		tb.Fatal(shared.err)
	}
	shared.count++
	return shared.server, "t" + strconv.Itoa(shared.count)
}

// Require makes a user that logs in with a password, and returns a function that replaces it and ends the user's connections.
func (s *Server) Require(tb testing.TB, user, password string) (replace func(password string)) {
	tb.Helper()
	rules := "local all trackhook trust\nlocal all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"
	if err := os.WriteFile(filepath.Join(s.data(), "pg_hba.conf"), []byte(rules), 0o600); err != nil {
		tb.Fatal(err)
	}
	name := pgx.Identifier{user}.Sanitize()
	s.run(tb, "CREATE ROLE "+name+" LOGIN PASSWORD '"+password+"'", "GRANT CREATE ON DATABASE postgres TO "+name, "SELECT pg_reload_conf()")
	return func(password string) {
		s.run(tb, "ALTER ROLE "+name+" PASSWORD '"+password+"'",
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"+user+"'")
	}
}
