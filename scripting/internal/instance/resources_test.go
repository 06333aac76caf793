package instance

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/scripting/internal/fetch"
)

// slowStore is a store that says when it is asked for what a plugin keeps, and answers when it is let.
type slowStore struct {
	*memoryStore
	asked, answer chan struct{}
}

func (s *slowStore) Values(ctx context.Context, space string) (map[string][]byte, error) {
	close(s.asked)
	<-s.answer
	return s.memoryStore.Values(ctx, space)
}

// Rights that are replaced hold for a plugin that is just being opened, with those it had before.
func TestSetHostsMeetsWhatIsOpening(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "reached") }))
	defer server.Close()
	granted := map[string]Grants{"a": {AllowHosts: []string{strings.TrimPrefix(server.URL, "http://")}}}
	store := &slowStore{newMemoryStore(), make(chan struct{}), make(chan struct{})}
	b := newBench(t, func(c *Settings) {
		var err error
		if c.Engine, err = engine.New(engine.Config{Store: store, Deliverer: noDeliverer{}}); err != nil {
			t.Fatal(err)
		}
		c.Plugins = granted
	})
	pool := NewResourcePool(b.Shared)
	opened, told := make(chan *Resources, 1), make(chan error, 1)
	go func() {
		own, err := pool.Open(t.Context(), "a")
		if err != nil {
			t.Error(err)
		}
		opened <- own
	}()
	<-store.asked
	if was := b.Shared.Regrant(nil, 0)("a"); len(was.AllowHosts) != 1 {
		t.Errorf("before: %+v", was)
	}
	go func() { told <- pool.SetHosts() }()
	close(store.answer)
	own := <-opened
	defer pool.Release("a")
	if err := <-told; err != nil {
		t.Fatal(err)
	}
	if err := reach(t, own, server.URL); err == nil || !strings.Contains(err.Error(), "plugin a may not connect") {
		t.Errorf("it reaches what it may not reach any more: %v", err)
	}
	b.Shared.Regrant(granted, 0)
	if err := pool.SetHosts(); err != nil {
		t.Fatal(err)
	}
	if err := reach(t, own, server.URL); err != nil {
		t.Error(err)
	}
}

// reach asks for an address with the connections of a plugin.
func reach(t *testing.T, own *Resources, address string) error {
	t.Helper()
	request := &fetch.Request{Method: http.MethodGet, URL: address, Header: http.Header{}, Redirect: "follow"}
	response, err := own.Fetcher.Send(t.Context(), request)
	if err == nil {
		response.Body.Close()
	}
	return err
}
