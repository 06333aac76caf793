package ingest_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
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

// A client that reads nothing before it has sent everything, as Python's do, is told all the same why its body is refused.
func TestRefusedBodyIsTakenOffTheWire(t *testing.T) {
	h, _ := newHandler(t, ingest.Config{MaxBody: 1000})
	server := httptest.NewUnstartedServer(nil)
	server.Config = ingest.NewServer(h, zerolog.Nop())
	server.Start()
	defer server.Close()
	body := strings.Repeat("x", 32<<20)
	for name, head := range map[string]string{
		"too long":       fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)),
		"too long chunk": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", len(body)),
		"gzip":           fmt.Sprintf("Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", 1000),
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		sent := body
		if name == "gzip" {
			sent = body[:1000]
		}
		if _, err := io.WriteString(conn, "POST /event HTTP/1.1\r\nHost: x\r\n"+head+sent); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil) //nolint:bodyclose // the connection is
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge && answer.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(string(text), "detail") || !answer.Close {
			t.Errorf("%s: %d %s (%v), closes: %v", name, answer.StatusCode, text, err, answer.Close)
		}
		conn.Close()
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

// Connections that declare much and send a byte keep nobody out.
func TestTrickles(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	var ended sync.WaitGroup
	var holds []*io.PipeWriter
	defer func() {
		for _, hold := range holds {
			hold.Close()
		}
		ended.Wait()
	}()
	for i := range 20 {
		release, hold := io.Pipe()
		ended.Go(func() {
			request := httptest.NewRequest(http.MethodPost, "/v1/packages", release)
			request.ContentLength = ingest.DefaultMaxBatch
			if i%2 == 0 {
				request.ContentLength = -1
			}
			h.ServeHTTP(httptest.NewRecorder(), request)
		})
		_, _ = hold.Write([]byte("{")) // returns when the handler reads
		holds = append(holds, hold)
	}
	line := `{"kind":"session",` + app + `,"device":"adid=x"}` + "\n"
	if w := call(h, http.MethodPost, "/v1/packages", strings.Repeat(line, 10_000)); w.Code != 200 {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	if len(r.packages) != 10_000 {
		t.Errorf("%d packages", len(r.packages))
	}
}

// One client that fills what it may have keeps the others not out.
func TestOneClientAmongOthers(t *testing.T) {
	h, _ := newHandler(t, ingest.Config{MaxBody: 1 << 20, MaxBatch: 1 << 20, MaxMemory: 4 << 20})
	body := event + "&x=" + strings.Repeat("x", 900<<10)
	var ended sync.WaitGroup
	var holds []*io.PipeWriter
	defer func() {
		for _, hold := range holds {
			hold.Close()
		}
		ended.Wait()
	}()
	for range 2 {
		release, hold := io.Pipe()
		ended.Go(func() {
			request := httptest.NewRequest(http.MethodPost, "/event", release)
			request.ContentLength = 1 << 20
			h.ServeHTTP(httptest.NewRecorder(), request)
		})
		_, _ = hold.Write([]byte(body))
		holds = append(holds, hold)
	}
	w := call(h, http.MethodPost, "/event", body)
	want(t, w, 503, `{"error":"Event request failed (Service unavailable)","detail":"this client has too many large requests in hand and nothing was stored; send it again after the time in Retry-After"}`)
	want(t, call(h, http.MethodPost, "/event", event), 200, ok)
	other := httptest.NewRequest(http.MethodPost, "/event", strings.NewReader(body))
	other.RemoteAddr = "198.51.100.7:1"
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, other)
	want(t, answer, 200, ok)
}

func TestParametersAreBounded(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	many := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	want(t, call(h, http.MethodPost, "/event", event+many(1000, "&p%d=")), 400,
		`{"error":"Event request failed (Too many parameters)","detail":"the request has 1004 parameters; at most 1000 are taken"}`)
	want(t, call(h, http.MethodPost, "/event?"+event+many(500, "&q%d="), event+many(600, "&p%d=")), 400,
		`{"error":"Event request failed (Too many parameters)","detail":"the request has 1108 parameters; at most 1000 are taken"}`)
	object := `{"a":"b"` + many(1000, `,"p%d":""`) + "}"
	want(t, call(h, http.MethodPost, "/event", event+"&callback_params="+object), 400,
		`{"error":"Event request failed (Invalid callback parameters)","detail":"callback_params must be a flat JSON object of strings, such as {\"key\":\"value\"}: key \"p999\" is one too many; at most 1000 are taken"}`)
	w := call(h, http.MethodPost, "/v1/packages", `{"kind":"session",`+app+`,"device":"adid=x","params":`+object+"}")
	want(t, w, 400, `{"error":"Batch request failed (Invalid parameters)","detail":"line 1: params: key \"p999\" is one too many; at most 1000 are taken","line":1,"field":"p999"}`)
	if r.calls != 0 {
		t.Error("something was stored")
	}
}
