package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the command itself, so that scripts run what users run.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == workerCommand {
		main() // the process of a plugin, started by this binary as trackhook
	}
	// Scripts wait for the programs that they start, and keep no processor busy meanwhile.
	if err := flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){
		"trackhook": func() { os.Exit(execute(os.Args[1:])) },
	})
}

// TestScripts runs testdata/script/*.txtar. Beside testscript's own commands there are:
//
//	start NAME ARGS...          start trackhook in the background; its stderr goes to NAME.log
//	pipe NAME closed|full ARGS  as start, but stderr is a pipe whose reader reads one line, and then goes away or sleeps
//	await NAME REGEXP [ENV...]  wait until a line of NAME.log after the last match matches; groups go to ENV
//	answers URL REGEXP          ask until the answer matches
//	absent NAME REGEXP          fail when any line of NAME.log matches
//	signal NAME int|term|kill|hup  send a signal
//	ended NAME CODE             wait for the end, and compare the exit code (-1 for killed)
//	write FILE TEXT             replace the content of a file in place; \n is a new line
//	expand FILE                 replace $NAME and ${NAME} in a file where the script's environment has that name
//	fill DIR N                  make a data folder with N events, each of a device of its own
//	deep FILE                   write a script that nests 400,000 deep
//	flip FILE                   flip a bit in the middle of a file
//	manager NAME                be a service manager for what is started next; NAME.log has what it is told, a line each
//	pour URL                    hand events in, one after the other, until the script ends; each is of a device of its own
//	poured N ENV                wait until N more were accepted, and say how many that makes
//	holds URL N                 fail unless the host has the first N events that were poured
//	freeport ENV                a port that nobody listens on
//	signIn PORT CODE STATUS REGEXP  sign in to the console, and compare the answer
//	opened ENV                  the code of the link that the last command has printed
//	certificate CHAIN KEY       a certificate for localhost, and its key
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("scripts start the binary; leave out -short to run them")
	}
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setup, Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": cmdStart, "await": cmdAwait, "awaits": cmdAwaits, "absent": cmdAbsent, "signal": cmdSignal, "ended": cmdEnded,
			"write": cmdWrite, "expand": cmdExpand, "freeport": cmdFreePort, "pipe": cmdPipe, "answers": cmdAnswers,
			"fill": cmdFill, "deep": cmdDeep, "flip": cmdFlip, "spoil": cmdSpoil, "pour": cmdPour, "poured": cmdPoured, "holds": cmdHolds, "manager": cmdManager,
			"certificate": cmdCertificate, "signIn": cmdSignIn, "opened": cmdOpened,
		},
	})
}

// setup prepares the folder of a script. $EXAMPLES is the folder of the project's example scripts.
func setup(env *testscript.Env) error {
	env.Values["procs"] = map[string]*proc{}
	env.Values["stream"] = &stream{}
	env.Defer(func() {
		for _, p := range procs(env.Values["procs"]) {
			p.kill()
		}
	})
	env.Setenv("NO_COLOR", "1")
	examples, err := filepath.Abs("../../examples/scripts")
	env.Setenv("EXAMPLES", examples)
	return err
}

// proc is a background process.
type proc struct {
	cmd  *exec.Cmd
	log  string
	read int // bytes of the log that await has passed
	done chan struct{}
	// signal sends a signal to trackhook, which a shell may have started.
	signal func(os.Signal) error
}

func procs(v any) map[string]*proc { return v.(map[string]*proc) }

func (p *proc) kill() {
	if p.cmd != nil {
		_ = p.signal(os.Kill)
		_ = p.cmd.Process.Kill()
	}
	<-p.done
}

func find(ts *testscript.TestScript, name string) *proc {
	p := procs(ts.Value("procs"))[name]
	if p == nil {
		ts.Fatalf("nothing was started as %q", name)
	}
	return p
}

func cmdStart(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: start NAME ARGS...")
	}
	path, err := exec.LookPath(filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], "trackhook"))
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Env = environ(ts)
	background(ts, args[0], cmd)
}

// background starts a process whose output goes to a file of its name.
func background(ts *testscript.TestScript, name string, cmd *exec.Cmd) *proc {
	p := &proc{cmd: cmd, log: ts.MkAbs(name + ".log"), done: make(chan struct{})}
	p.signal = func(signal os.Signal) error { return p.cmd.Process.Signal(signal) }
	file, err := os.Create(p.log)
	ts.Check(err)
	p.cmd.Dir, p.cmd.Stderr, p.cmd.Stdout = ts.MkAbs("."), file, file
	ts.Check(p.cmd.Start())
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait()
		_ = file.Close()
	}()
	procs(ts.Value("procs"))[name] = p
	return p
}

// cmdPipe starts a process whose log nobody reads any more: after the first line of it, the reader closes its end, or
// reads nothing until the process has ended.
func cmdPipe(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 || args[1] != "closed" && args[1] != "full" {
		ts.Fatalf("usage: pipe NAME closed|full ARGS...")
	}
	path, err := exec.LookPath(filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], "trackhook"))
	ts.Check(err)
	p := &proc{cmd: exec.Command(path, args[2:]...), log: ts.MkAbs(args[0] + ".log"), done: make(chan struct{})}
	p.signal = func(signal os.Signal) error { return p.cmd.Process.Signal(signal) }
	ts.Check(os.WriteFile(p.log, nil, 0o644))
	reader, writer, err := os.Pipe()
	ts.Check(err)
	p.cmd.Dir, p.cmd.Stderr, p.cmd.Env = ts.MkAbs("."), writer, environ(ts)
	ts.Check(p.cmd.Start())
	ts.Check(writer.Close())
	_, err = reader.Read(make([]byte, 1))
	ts.Check(err)
	if args[1] == "closed" {
		ts.Check(reader.Close())
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait()
		_ = reader.Close()
	}()
	procs(ts.Value("procs"))[args[0]] = p
}

func cmdAnswers(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[1])
	deadline, tick := time.After(time.Minute), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		answer, err := http.Get(args[0])
		text := []byte(nil)
		if err == nil {
			text, err = io.ReadAll(answer.Body)
			_ = answer.Body.Close()
		}
		if err == nil && pattern.Match(text) {
			return
		}
		select {
		case <-deadline:
			ts.Fatalf("%s answers %s (%v), not %s", args[0], text, err, args[1])
		case <-tick.C:
		}
	}
}

// environ is the environment of the script. testscript has no list of it, so the names that matter are asked for.
func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", "TMP", "SYSTEMROOT", "NO_COLOR", "ADJUST_TOKEN", "API_TOKENS", "HOOK_URL", "TRACKHOOK_LISTN", "TRACKHOOK_LISTEN",
		"TRACKHOOK_HOST", "NOTIFY_SOCKET", "WATCHDOG_USEC", "CREDENTIALS_DIRECTORY", "TRACKHOOK_LOG_FORMAT", "HTTP_PROXY",
	} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func cmdAwait(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: await NAME REGEXP [ENV...]")
	}
	pattern := regexp.MustCompile(args[1])
	awaitAll(ts, args[0], args[1:2], func(line []byte) bool {
		groups := pattern.FindSubmatch(line)
		for i, name := range args[2:] {
			if groups != nil {
				ts.Setenv(name, string(groups[i+1]))
			}
		}
		return groups != nil
	})
}

// cmdAwaits waits for a line like each of some regular expressions, in whatever order they come.
func cmdAwaits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: awaits NAME REGEXP REGEXP...")
	}
	missing := slices.Clone(args[1:])
	awaitAll(ts, args[0], args[1:], func(line []byte) bool {
		missing = slices.DeleteFunc(missing, func(pattern string) bool { return regexp.MustCompile(pattern).Match(line) })
		return len(missing) == 0
	})
}

// awaitAll reads the lines of a process that nobody has read, until enough says that they are enough.
func awaitAll(ts *testscript.TestScript, name string, patterns []string, enough func(line []byte) bool) {
	p := find(ts, name)
	deadline, tick := time.After(time.Minute), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for {
		text, err := os.ReadFile(p.log)
		ts.Check(err)
		// Whole lines only: the last one may be half written.
		fresh := text[p.read : bytes.LastIndexByte(text, '\n')+1]
		for line := range bytes.Lines(fresh) {
			p.read += len(line)
			if enough(bytes.TrimSuffix(line, []byte("\n"))) {
				return
			}
		}
		select {
		case <-p.done:
			if again, _ := os.ReadFile(p.log); len(again) == len(text) {
				ts.Fatalf("%s ended without a line like %q; it said:\n%s", name, patterns, text)
			}
		case <-deadline:
			ts.Fatalf("no line like %q; %s said:\n%s", patterns, name, text)
		case <-tick.C:
		}
	}
}

func cmdAbsent(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile(find(ts, args[0]).log)
	ts.Check(err)
	if line := regexp.MustCompile("(?m)^.*(?:" + args[1] + ").*$").Find(text); line != nil {
		ts.Fatalf("unexpected line: %s", line)
	}
}

func cmdSignal(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]os.Signal{"int": os.Interrupt, "term": syscall.SIGTERM, "hup": syscall.SIGHUP, "kill": os.Kill}
	signal := signals[args[1]]
	if runtime.GOOS == "windows" {
		signal = os.Kill // Windows has no other signal to send to a process
	}
	ts.Check(find(ts, args[0]).signal(signal))
}

func cmdEnded(ts *testscript.TestScript, _ bool, args []string) {
	p := find(ts, args[0])
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		ts.Fatalf("%s does not end", args[0])
	}
	text, err := os.ReadFile(p.log)
	ts.Check(err)
	for line := range bytes.Lines(text) {
		if key := keyTwice(line); key != "" {
			ts.Fatalf("the key %q stands twice in %s", key, line)
		}
	}
	if code := strconv.Itoa(p.cmd.ProcessState.ExitCode()); code != args[1] && runtime.GOOS != "windows" {
		ts.Fatalf("%s ended with %s, want %s; it said:\n%s", args[0], code, args[1], text)
	}
}

// keyTwice returns a key that stands twice in a line of JSON: whoever reads the line sees one of its values only. Empty:
// none does, or the line is no JSON.
func keyTwice(line []byte) string {
	if !bytes.HasPrefix(line, []byte("{")) || !json.Valid(line) {
		return ""
	}
	seen := map[string]bool{}
	decoder := json.NewDecoder(bytes.NewReader(line))
	_, _ = decoder.Token() // {
	for decoder.More() {
		key, _ := decoder.Token()
		name, _ := key.(string)
		if seen[name] {
			return name
		}
		seen[name] = true
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return ""
		}
	}
	return ""
}

func TestKeyTwice(t *testing.T) {
	for line, want := range map[string]string{
		`{"a":1,"b":{"a":2}}`: "", `{"message":"x","level":"warn","message":"y"}`: "message", `{"a":[1],"a":{}}`: "a", "text": "", `{"a":`: "",
	} {
		if got := keyTwice([]byte(line)); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func cmdWrite(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.ReplaceAll(strings.Join(args[1:], " "), `\n`, "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

func cmdExpand(ts *testscript.TestScript, _ bool, args []string) {
	text := os.Expand(ts.ReadFile(args[0]), func(name string) string {
		if value := ts.Getenv(name); value != "" {
			return value
		}
		return "${" + name + "}"
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// lastPort is the port that was given out last; 0 before the first.
var lastPort atomic.Uint32

// freePort takes ports from below those that systems give to connections and to listeners that do not care: one of
// these could be taken by somebody else between now and the start of the process that is to listen there.
func freePort() (string, error) {
	const first, count = 20_000, 10_000
	lastPort.CompareAndSwap(0, 1+rand.Uint32N(count)) // tests of other processes begin elsewhere
	for range count {
		port := strconv.Itoa(int(first + lastPort.Add(1)%count))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		return port, l.Close()
	}
	return "", errors.New("no port is free")
}

func cmdFreePort(ts *testscript.TestScript, _ bool, args []string) {
	port, err := freePort()
	ts.Check(err)
	ts.Setenv(args[0], port)
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, cmd := range newRoot().Commands() {
		if cmd.Short == "" || !slices.Contains([]string{"run", "reload", "track", "plugin", "queue", "app", "endpoint", "report", "health", "backup", "store", "sandbox", "config", "version", "tail", "open", "host"}, cmd.Name()) {
			t.Errorf("command %q: %q", cmd.Name(), cmd.Short)
		}
	}
}
