package ingest_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine/ingest"
)

func TestChunkedBody(t *testing.T) {
	h, r := newHandler(t, ingest.Config{MaxBody: 1000})
	server := httptest.NewServer(h)
	defer server.Close()
	post := func(body string) (int, string) {
		t.Helper()
		answer, err := server.Client().Post(server.URL+"/event", form, io.MultiReader(strings.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	if status, body := post(event); status != 200 {
		t.Errorf("answer %d %s", status, body)
	}
	if status, body := post(event + "&x=" + strings.Repeat("x", 1000)); status != 413 || body != `{"error":"Event request failed (Request size too large)","detail":"the body has more than 1000 bytes"}` {
		t.Errorf("answer %d %s", status, body)
	}
	if len(r.packages) != 1 {
		t.Errorf("%d packages", len(r.packages))
	}
}

func TestSlowBody(t *testing.T) {
	h, r := newHandler(t, ingest.Config{BodyTimeout: 50 * time.Millisecond, MaxBody: 1000, MaxBatch: 1000, MaxMemory: 1000})
	server := httptest.NewUnstartedServer(nil)
	server.Config = ingest.NewServer(h, zerolog.Nop())
	server.Start()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /event HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
	text, _ := io.ReadAll(conn)
	if !strings.HasPrefix(string(text), "HTTP/1.1 408 ") || !strings.Contains(string(text), "Event request failed (Request timeout)") {
		t.Errorf("answer %s", text)
	}
	answer, err := server.Client().Post(server.URL+"/event", form, strings.NewReader(event))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(r.packages) != 1 {
		t.Errorf("status %d, %d packages", answer.StatusCode, len(r.packages))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	h, _ := newHandler(t, ingest.Config{MaxBody: 1000, MaxBatch: 1000, MaxMemory: 1500})
	held := make(chan struct{})
	release, hold := io.Pipe()
	go func() {
		defer close(held)
		r := httptest.NewRequest(http.MethodPost, "/event", release)
		r.ContentLength = 1000
		h.ServeHTTP(httptest.NewRecorder(), r)
	}()
	_, _ = hold.Write([]byte("a")) // returns when the handler reads
	w := call(h, http.MethodPost, "/event", event+"&x="+strings.Repeat("x", 600))
	want(t, w, 503, `{"error":"Event request failed (Service unavailable)","detail":"too many large requests at once and nothing was stored; send it again after the time in Retry-After"}`)
	if w.Header().Get("Retry-After") != "1" {
		t.Errorf("headers %v", w.Header())
	}
	want(t, call(h, http.MethodPost, "/event", event), 200, ok)
	hold.Close()
	<-held
	want(t, call(h, http.MethodPost, "/event", event+"&x="+strings.Repeat("x", 600)), 200, ok)
}

func TestShortBody(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	request := httptest.NewRequest(http.MethodPost, "/event", io.MultiReader(strings.NewReader(event), broken{}))
	request.ContentLength = 500
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request)
	want(t, w, 400, `{"error":"Event request failed (Invalid body)","detail":"the body ended early"}`)
	if r.calls != 0 {
		t.Error("something was stored")
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
