package admin_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"trackhook/engine"
	"trackhook/engine/admin"
)

func TestSources(t *testing.T) {
	server := httptest.NewServer(admin.New(admin.Config{
		Stats: func(context.Context) (engine.Stats, error) { return engine.Stats{}, nil },
		Sources: func(_ context.Context, plugin string) (map[string][]byte, error) {
			if plugin == "lost" {
				return nil, errors.New("disk")
			}
			return map[string][]byte{"version/1": []byte("source of " + plugin)}, nil
		},
	}))
	defer server.Close()
	client := admin.Client{BaseURL: server.URL}
	got, err := client.Sources(t.Context(), "count")
	if err != nil || string(got["version/1"]) != "source of count" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := client.Sources(t.Context(), "lost"); err == nil {
		t.Error("a store that fails is no error")
	}
}
