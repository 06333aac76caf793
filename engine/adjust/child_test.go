package adjust_test

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
)

// childEnv makes the test binary the server of a benchmark instead of running tests.
const childEnv = "TRACKHOOK_BENCH_SERVER"

// addresses is where the child listens.
type addresses struct{ Plain, TLS, Two, CA string }

// serveBenchmarks answers every request with a success until standard input ends.
func serveBenchmarks() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = io.WriteString(w, `{"status":"OK"}`)
	})
	plain := httptest.NewServer(handler)
	secure, two := httptest.NewUnstartedServer(handler), httptest.NewUnstartedServer(handler)
	for _, s := range []*httptest.Server{secure, two} {
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.EnableHTTP2 = s == two
		s.StartTLS()
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := json.NewEncoder(os.Stdout).Encode(addresses{plain.URL, secure.URL, two.URL, string(ca)}); err != nil {
		log.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// startChild starts a server in a process of its own, so that the processor time of this one is the client's alone.
func startChild(b *testing.B) addresses {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), self)
	cmd.Env = append(os.Environ(), childEnv+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	var a addresses
	if err := json.NewDecoder(bufio.NewReader(out)).Decode(&a); err != nil {
		b.Fatal(err)
	}
	return a
}
