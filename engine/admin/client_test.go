package admin_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// serve starts a server; the client closes its connections with it.
func serve(t *testing.T, h http.Handler) (*httptest.Server, *admin.Client) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server, &admin.Client{BaseURL: server.URL, Transport: server.Client().Transport}
}

func TestClient(t *testing.T) {
	host := admin.Host{
		Version: "1.2.3", AppToken: "abc123def456", Environment: "sandbox", Device: map[string]string{"external_device_id": "kiosk-17"},
		Endpoint: "s2s.adjust.com", Demo: true, Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	_, client := serve(t, admin.New(admin.Config{Stats: fine, Plugins: somePlugins, Host: host}))
	ctx := t.Context()

	plugins, err := client.Plugins(ctx)
	expect := somePlugins()
	for i := range expect {
		if expect[i].Registered == nil {
			expect[i].Registered = []admin.Registration{}
		}
	}
	if diff := cmp.Diff(expect, plugins); diff != "" || err != nil {
		t.Error(diff, err)
	}
	gotHost, err := client.Host(ctx)
	if diff := cmp.Diff(host, gotHost); diff != "" || err != nil {
		t.Error(diff, err)
	}
	counts, err := client.Stats(ctx)
	all, _ := fine(ctx)
	if counts != all || err != nil {
		t.Errorf("%+v, %v", counts, err)
	}
	health, err := client.Health(ctx)
	if health.Status != "degraded" || len(health.Reasons) != 2 || err != nil {
		t.Errorf("%+v, %v", health, err)
	}
}

func TestClientOfAFailingHost(t *testing.T) {
	server, client := serve(t, admin.New(admin.Config{Stats: failing}))
	health, err := client.Health(t.Context())
	if health.Status != "failing" || len(health.Reasons) != 1 || err != nil {
		t.Errorf("%+v, %v", health, err)
	}
	address := strings.TrimPrefix(server.URL, "http://")
	_, err = client.Stats(t.Context())
	wantError(t, err, "the host at "+address+" answered: Service unavailable: the store does not answer; the log of the host says why")
	if answer, ok := errors.AsType[*admin.AnswerError](err); !ok || answer.Status != 503 {
		t.Errorf("%#v", err)
	}
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if got := fmt.Sprint(err); got != text {
		t.Errorf("error %q\n want %q", got, text)
	}
}

func TestClientToken(t *testing.T) {
	server, client := serve(t, admin.New(admin.Config{
		Stats: fine, Access: bearing("s3cret"),
	}))
	address := strings.TrimPrefix(server.URL, "http://")
	_, err := client.Stats(t.Context())
	wantError(t, err, "the host at "+address+" did not accept the token; give one of its tokens that has no scopes")
	client.Token = "s3cret"
	if _, err := client.Stats(t.Context()); err != nil {
		t.Error(err)
	}
	// The scheme may be left out.
	client.BaseURL = address
	if _, err := client.Stats(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestClientWithoutHost(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	client := &admin.Client{BaseURL: "http://user:s3cret@" + address}
	_, err = client.Plugins(t.Context())
	wantError(t, err, "no trackhook host answers at "+address+"; start one with `trackhook run`")
	if !errors.Is(err, admin.ErrNoHost) {
		t.Error("the error must be ErrNoHost")
	}
}

func TestClientTimeout(t *testing.T) {
	_, client := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	client.Timeout = time.Millisecond
	if _, err := client.Host(t.Context()); !errors.Is(err, admin.ErrNoHost) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestClientOfSomethingElse(t *testing.T) {
	for name, row := range map[string]struct {
		status      int
		body, error string
	}{
		"page":      {200, "<html>", "what answers at %s is not a trackhook host: its answer is not the JSON that was expected"},
		"other":     {200, "{}", "what answers at %s is not a trackhook host: its answer is not the JSON that was expected"},
		"not found": {404, "nope", "%s answered with status 404; is it a trackhook host?"},
		"redirect":  {302, "", "%s answered with status 302; is it a trackhook host?"},
		"short":     {403, `{"error":"Forbidden"}`, "the host at %s answered: Forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(row.status)
				fmt.Fprint(w, row.body)
			}))
			_, err := client.Health(t.Context())
			wantError(t, err, fmt.Sprintf(row.error, strings.TrimPrefix(server.URL, "http://")))
		})
	}
}

func TestClientAddress(t *testing.T) {
	for _, address := range []string{"ftp://x", "http://", "://", "http://user:s3cret@x:port"} {
		client := &admin.Client{BaseURL: address}
		_, err := client.Host(t.Context())
		wantError(t, err, "the address of the host must be a URL such as http://127.0.0.1:8787")
	}
}

func TestClientLists(t *testing.T) {
	f := several()
	f.lanes = make([]engine.LaneState, 250)
	_, client := serve(t, admin.New(f.config()))
	for n := range 250 {
		f.add(1000+n, nil)
	}
	var all []admin.Package
	seq := client.Packages(t.Context(), engine.Filter{Environment: engine.Sandbox})
	for p, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) != 253 {
		t.Errorf("%d packages", len(all))
	}
	for p, err := range seq { // once more from the front
		if err != nil || p.ID != "p1" {
			t.Error(p.ID, err)
		}
		break
	}
	lanes := 0
	for _, err := range client.Lanes(t.Context(), engine.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		lanes++
	}
	if lanes != 250 {
		t.Errorf("%d lanes", lanes)
	}
	for _, err := range client.Lanes(t.Context(), engine.Filter{Kind: engine.KindEvent}) {
		if err == nil || !strings.Contains(err.Error(), `parameter "kind" is not known`) {
			t.Error(err)
		}
	}
	summary, err := client.DeadSummary(t.Context(), engine.Filter{Reason: engine.Unclear})
	if err != nil || summary.Dead != 1 || len(summary.Reasons) != 1 {
		t.Errorf("%+v %v", summary, err)
	}
}

func TestClientPackage(t *testing.T) {
	f := history()
	f.add(2, func(s *engine.PackageState) { s.Package.ID = "a/b ?%c" })
	_, client := serve(t, admin.New(f.config()))
	timeline, err := client.Package(t.Context(), "p1")
	if err != nil || len(timeline.History) != 2 || timeline.History[1].Outcome != engine.Rejected || timeline.Request.Curl != "curl p1" {
		t.Errorf("%+v %v", timeline, err)
	}
	if timeline, err = client.Package(t.Context(), "a/b ?%c"); err != nil || timeline.Package.ID != "a/b ?%c" {
		t.Errorf("%+v %v", timeline, err)
	}
	if err := client.DropPackage(t.Context(), "a/b ?%c"); err != nil {
		t.Error(err)
	}
	if _, err := client.Package(t.Context(), "nope"); !errors.Is(err, engine.ErrNotFound) {
		t.Error(err)
	}
	if err := client.DropPackage(t.Context(), "nope"); !errors.Is(err, engine.ErrNotFound) {
		t.Error(err)
	}
	if _, err := client.Package(t.Context(), ""); err == nil {
		t.Error("no error for no id")
	}
	if err := client.DropPackage(t.Context(), ""); err == nil {
		t.Error("no error for no id")
	}
	responses, next, err := client.Responses(t.Context(), 1, 10)
	if err != nil || len(responses) != 1 || next != 2 {
		t.Errorf("%+v %d %v", responses, next, err)
	}
}
