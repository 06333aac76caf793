package admin_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"trackhook/engine"
	"trackhook/engine/admin"
)

func TestForgetPlugin(t *testing.T) {
	cfg, f := full()
	forgot := ""
	inner := cfg.Forget
	cfg.Forget = func(ctx context.Context, name string) error {
		forgot = name
		return inner(ctx, name)
	}
	h := admin.New(cfg)
	want(t, ask(h, "DELETE", "/api/v1/plugins/a%20b"), 200, `{"forgotten":"a b"}`)
	if forgot != "a b" {
		t.Errorf("forgot %q", forgot)
	}
	want(t, ask(h, "DELETE", "/api/v1/plugins/live"), 409, `{"error":"Conflict","detail":"plugin \"live\" is in the plugins folder; remove its file first, or rename it"}`)
	want(t, ask(h, "DELETE", "/api/v1/plugins/early"), 409, `{"error":"Conflict","detail":"plugin \"early\" cannot be forgotten yet: the host is still loading its plugins; try again in a moment"}`)
	want(t, ask(h, "DELETE", "/api/v1/plugins/nope"), 404, `{"error":"Plugin not found","detail":"nothing is kept of a plugin \"nope\""}`)
	want(t, ask(h, "GET", "/api/v1/plugins/nope"), 405, `{"error":"Method not allowed","detail":"use DELETE"}`)
	want(t, ask(h, "DELETE", "/api/v1/plugins/"), 404, `{"error":"Not found","detail":"there is nothing at \"/api/v1/plugins/\""}`)

	_, client := serve(t, h)
	ctx := t.Context()
	if err := client.ForgetPlugin(ctx, "ä%2F?"); err != nil || forgot != "ä%2F?" {
		t.Errorf("forgot %q, %v", forgot, err)
	}
	if err := client.ForgetPlugin(ctx, "nope"); !errors.Is(err, engine.ErrNotFound) {
		t.Error(err)
	}
	if refused, ok := errors.AsType[*admin.AnswerError](client.ForgetPlugin(ctx, "live")); !ok || refused.Status != http.StatusConflict {
		t.Error(refused)
	}
	for _, name := range []string{"", "a/b"} {
		if err := client.ForgetPlugin(ctx, name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	f.fail(errors.New("disk on fire"))
	want(t, ask(h, "DELETE", "/api/v1/plugins/count"), 503, `{"error":"Service unavailable","detail":"the store does not answer; the log of the host says why"}`)
}

func TestHealthyStates(t *testing.T) {
	healthy := map[admin.State]bool{admin.Loading: true, admin.Standby: true, admin.Live: true, admin.Removed: true}
	for _, state := range admin.States() {
		if state.Healthy() != healthy[state] {
			t.Errorf("%s: healthy is %v", state, state.Healthy())
		}
	}
}
