package fetch_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"trackhook/scripting/internal/fetch"
)

// Other hosts mean other connections: one that was kept may lead where the plugin may no longer go.
func TestSetHostsDropsKeptConnections(t *testing.T) {
	var opened atomic.Int32
	closed := make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "reached") }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			opened.Add(1)
		case http.StateClosed:
			closed <- struct{}{}
		case http.StateActive, http.StateIdle, http.StateHijacked:
		}
	}
	server.Start()
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	client, err := fetch.New(&fetch.Config{Plugin: "notify", AllowHosts: []string{host}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	get := func() {
		t.Helper()
		response, err := client.Send(t.Context(), &fetch.Request{Method: http.MethodGet, URL: server.URL, Header: http.Header{}, Redirect: "follow"})
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatal(err)
		}
	}
	get()
	get()
	if n := opened.Load(); n != 1 {
		t.Errorf("two requests took %d connections, want 1", n)
	}
	if err := client.SetHosts([]string{host, "hooks.example.com"}); err != nil {
		t.Fatal(err)
	}
	<-closed
	get()
	if n := opened.Load(); n != 2 {
		t.Errorf("after other hosts it has taken %d connections, want 2", n)
	}
}
