package admin_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/admin"
)

func TestClientProbes(t *testing.T) {
	server := httptest.NewServer(admin.New(several().config()))
	defer server.Close()
	client := admin.Client{BaseURL: server.URL}
	again := noon()
	want := admin.Probe{Hastened: 2, Result: admin.ProbeRefused, Outcome: "blocked", Status: 401, Message: "Unauthorized", Again: &again}
	want.AppToken, want.Environment = token, "sandbox"
	got, err := client.ProbeApp(t.Context(), admin.ProbedApp{AppToken: token, Environment: "sandbox"})
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v; (-want +got):\n%s", err, diff)
	}
	want.AppToken, want.Environment, want.Endpoint = "", "", "https://a.example"
	got, err = client.ProbeEndpoint(t.Context(), "https://a.example")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v; (-want +got):\n%s", err, diff)
	}
}

func TestMakeProbe(t *testing.T) {
	soon := time.Now()
	for want, probed := range map[admin.ProbeResult]engine.Probed{
		admin.ProbeTaken:   {Response: &engine.Response{Outcome: engine.Rejected, Status: 400}},
		admin.ProbeRefused: {Response: &engine.Response{Outcome: engine.Blocked, Status: 401, NextAttempt: soon}},
		admin.ProbeFailed:  {Response: &engine.Response{Outcome: engine.Retry}},
		admin.ProbeIdle:    {Idle: true},
		admin.ProbePending: {Hastened: 1},
	} {
		if got := admin.MakeProbe(&probed); got.Result != want || (got.Again != nil) != (want == admin.ProbeRefused) {
			t.Errorf("%+v of %+v, want %s", got, probed, want)
		}
	}
}
