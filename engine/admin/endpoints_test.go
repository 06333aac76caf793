package admin_test

import (
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/admin"
)

func TestEndpoints(t *testing.T) {
	h := admin.New(several().config())
	want(t, ask(h, "GET", "/api/v1/endpoints"), 200, `{"endpoints":[`+
		`{"endpoint":"https://a.example","attempts":64,"in_flight":3,"most":64,"rate":1.5},`+
		`{"endpoint":"https://b.example","attempts":288,"in_flight":288,"most":1024,"why":"answers come as fast as before","changed":"2026-01-02T12:00:00Z","rate":1931.2}]}`)
	server := httptest.NewServer(h)
	defer server.Close()
	client := admin.Client{BaseURL: server.URL}
	all, err := client.Endpoints(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i := range all {
		lines = append(lines, all[i].Text())
	}
	if diff := cmp.Diff([]string{
		"https://a.example: 3 of at most 64 attempts at once, 2 a second",
		"https://b.example: 288 of at most 288 attempts at once (found out, up to 1024; last: answers come as fast as before), 1931 a second",
	}, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	bare := several().config()
	bare.Limits = func() []engine.EndpointLimit { return nil }
	want(t, ask(admin.New(bare), "GET", "/api/v1/endpoints"), 200, `{"endpoints":[]}`)
}
