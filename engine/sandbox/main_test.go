package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const appToken = "abc123def456"

func app() engine.App { return engine.App{Token: appToken, Environment: engine.Sandbox} }

// params are name and value in turn.
func params(pairs ...string) url.Values {
	v := url.Values{
		"s2s": {"1"}, "app_token": {appToken}, "environment": {"sandbox"}, "gps_adid": {"d1"},
		"created_at_unix": {strconv.FormatInt(time.Now().Unix(), 10)},
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		} else {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

func ago(d time.Duration) string { return strconv.FormatInt(time.Now().Add(-d).Unix(), 10) }

func newServer(t *testing.T, cfg sandbox.Config) *sandbox.Server {
	t.Helper()
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// post sends a form without a network.
func post(s http.Handler, path string, v url.Values, header ...string) (status int, body string) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return serve(s, r, header...)
}

// query sends parameters in the query.
func query(s http.Handler, method, path string, v url.Values) (status int, body string) {
	return serve(s, httptest.NewRequest(method, path+"?"+v.Encode(), nil))
}

func serve(s http.Handler, r *http.Request, header ...string) (status int, body string) {
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// start listens, for faults that need a connection.
func start(t *testing.T, cfg sandbox.Config) *sandbox.LocalServer {
	t.Helper()
	s, err := sandbox.Start(context.Background(), "127.0.0.1:0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// client is one without kept connections and redirects.
func client(t *testing.T, timeout time.Duration) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// send posts a form over the network.
func send(t *testing.T, c *http.Client, address string, v url.Values) (status int, body string, err error) {
	t.Helper()
	response, err := c.PostForm(address, v)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	return response.StatusCode, string(b), err
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}
