package adjust_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

const nasty = "a&b=c d+e%\"\\/'<>\n\té😀\x00"

func TestForm(t *testing.T) {
	p := purchase()
	p.CallbackID = "mine"
	p.CallbackParams = map[string]string{"z": "1", "a": nasty}
	p.PartnerParams = map[string]string{"k": "<&>"}
	got := adjust.Form(&p)
	want := []adjust.Param{
		{Name: "s2s", Value: "1"},
		{Name: "app_token", Value: "abc123def456"},
		{Name: "environment", Value: "sandbox"},
		{Name: "created_at_unix", Value: "1720488674"},
		{Name: "currency", Value: "EUR"},
		{Name: "event_token", Value: "abc123"},
		{Name: "gps_adid", Value: "d1"},
		{Name: "revenue", Value: "1.99"},
		{Name: "callback_params", Value: `{"a":"a&b=c d+e%\"\\/'<>\n\té😀\u0000","z":"1"}`},
		{Name: "partner_params", Value: `{"k":"<&>"}`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// arrival is what a server saw of a request.
type arrival struct {
	method, path, query, body string
	header                    http.Header
}

// recorder answers {"status":"OK"} and remembers what came.
func recorder(t *testing.T) (server *httptest.Server, arrivals chan arrival) {
	t.Helper()
	arrivals = make(chan arrival, 100)
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body strings.Builder
		_, _ = io.Copy(&body, r.Body)
		arrivals <- arrival{method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, body: body.String(), header: r.Header.Clone()}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"OK"}`))
	}))
	t.Cleanup(server.Close)
	return server, arrivals
}

func newDeliverer(t *testing.T, cfg adjust.Config) *adjust.Deliverer {
	t.Helper()
	d, err := adjust.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestRequests(t *testing.T) {
	server, arrivals := recorder(t)
	d := newDeliverer(t, adjust.Config{
		Endpoint: server.URL + "/base/", Version: "1.2.3",
		Apps: map[engine.App]adjust.Settings{testApp(): {
			Token: adjust.NewSecret("topsecret"), Tokens: map[engine.Kind]adjust.Secret{engine.KindSession: adjust.NewSecret("sessionsecret")},
		}},
	})
	deliver := func(p engine.Package) arrival {
		t.Helper()
		if r := d.Deliver(t.Context(), engine.Delivery{Package: p, Attempt: 1}); r.Outcome != engine.Delivered {
			t.Fatalf("%s: %s: %s", p.Kind, r.Outcome, r.Message)
		}
		return <-arrivals
	}
	const form = "s2s=1&app_token=abc123def456&environment=sandbox&created_at_unix=1720488674&"

	s := session()
	s.Params["ip_address"] = "192.0.2.1"
	got := deliver(s)
	if got.method != "POST" || got.path != "/base/session" || got.query != "" || got.body != form+"gps_adid=d1&ip_address=192.0.2.1&os_name=linux" {
		t.Errorf("session: %+v", got)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer sessionsecret", "X-Adjust-Forwarded-For": "192.0.2.1", "User-Agent": "trackhook/1.2.3",
		"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": "",
	} {
		if got.header.Get(name) != want {
			t.Errorf("session: header %s = %q, want %q", name, got.header.Get(name), want)
		}
	}

	e := event()
	e.Params["ip_address"] = "192.0.2.1"
	e.CallbackParams = map[string]string{"k": nasty}
	got = deliver(e)
	if got.path != "/base/event" || got.header.Get("Authorization") != "Bearer topsecret" || got.header.Get("X-Adjust-Forwarded-For") != "" {
		t.Errorf("event: %+v", got)
	}
	values, err := url.ParseQuery(got.body)
	if err != nil {
		t.Fatal(err)
	}
	var callback map[string]string
	if err := json.Unmarshal([]byte(values.Get("callback_params")), &callback); err != nil || callback["k"] != nasty {
		t.Errorf("callback_params %q: %v", values.Get("callback_params"), err)
	}
	if got = deliver(adRevenue()); got.path != "/base/ad_revenue" {
		t.Errorf("ad revenue: %+v", got)
	}
	if got = deliver(erasure()); got.method != "POST" || got.path != "/base/gdpr_forget_device" || got.query != form+"gps_adid=d1" || got.body != "" {
		t.Errorf("erasure: %+v", got)
	}
	sharing := erasure()
	sharing.Kind, sharing.Params = engine.KindThirdPartySharing, map[string]string{"gps_adid": "d1", "sharing": "disable"}
	if got = deliver(sharing); got.method != "POST" || got.path != "/base/third_party_sharing" || got.body != form+"gps_adid=d1&sharing=disable" || got.query != "" ||
		got.header.Get("Authorization") != "Bearer topsecret" {
		t.Errorf("third party sharing: %+v", got)
	}
	asked := erasure()
	if answer := d.Attribution(t.Context(), &asked); answer.Status != 200 {
		t.Errorf("attribution: %+v", answer)
	}
	if got = <-arrivals; got.method != "GET" || got.path != "/base/attribution" || got.query != form+"gps_adid=d1" || got.body != "" ||
		got.header.Get("Authorization") != "Bearer sessionsecret" {
		t.Errorf("attribution: %+v", got)
	}
	other := event()
	other.App.Token = "otherotherot"
	if got = deliver(other); got.header.Get("Authorization") != "" {
		t.Errorf("an app without settings was sent with the token of another: %+v", got)
	}
}

func TestCurl(t *testing.T) {
	d := newDeliverer(t, adjust.Config{Apps: map[engine.App]adjust.Settings{testApp(): {Token: adjust.NewSecret("topsecret")}}, Version: "1"})
	s := session()
	s.Params["ip_address"] = "192.0.2.1"
	want := `curl --request POST 'https://s2s.adjust.com/session' \
  --header 'Authorization: Bearer [redacted]' \
  --header 'User-Agent: trackhook/1' \
  --header 'X-Adjust-Forwarded-For: 192.0.2.1' \
  --data-urlencode 's2s=1' \
  --data-urlencode 'app_token=abc123def456' \
  --data-urlencode 'environment=sandbox' \
  --data-urlencode 'created_at_unix=1720488674' \
  --data-urlencode 'gps_adid=d1' \
  --data-urlencode 'ip_address=192.0.2.1' \
  --data-urlencode 'os_name=linux'`
	if diff := cmp.Diff(want, d.Curl(&s)); diff != "" {
		t.Error(diff)
	}
	g := erasure()
	want = `curl --request POST 'https://gdpr.adjust.com/gdpr_forget_device?s2s=1&app_token=abc123def456&environment=sandbox&created_at_unix=1720488674&gps_adid=d1' \
  --header 'Authorization: Bearer [redacted]' \
  --header 'User-Agent: trackhook/1'`
	if diff := cmp.Diff(want, d.Curl(&g)); diff != "" {
		t.Error(diff)
	}
}

// A shell must take the command apart into exactly the parameters.
func TestCurlIsQuotedForShells(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a POSIX shell")
	}
	d := newDeliverer(t, adjust.Config{})
	p := event()
	p.Params["it's $(touch x) `y`"] = "'; echo \"$HOME\" \\"
	out, err := exec.CommandContext(t.Context(), shell, "-c", `curl() { printf '%s\n' "$@"; }; `+d.Curl(&p)).Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := "it%27s+%24%28touch+x%29+%60y%60='; echo \"$HOME\" \\\n"; !strings.Contains(string(out), want) {
		t.Errorf("the shell made\n%s\nwithout\n%s", out, want)
	}
}

func FuzzForm(f *testing.F) {
	f.Add("name", "value", "key", "text")
	f.Add("a b", nasty, nasty, "\xff\xfe")
	f.Fuzz(func(t *testing.T, name, value, key, text string) {
		p := engine.Package{
			Kind: engine.KindEvent, App: testApp(), Created: created(),
			Params: map[string]string{name: value, "event_token": "abc123"}, CallbackParams: map[string]string{key: text},
		}
		d, err := adjust.New(adjust.Config{Endpoint: "http://s2s.test", Dial: answering("", func(r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			arrived, err := url.ParseQuery(string(body))
			if err != nil {
				t.Errorf("the body cannot be parsed: %v", err)
			}
			for _, param := range adjust.Form(&p) {
				if !slices.Contains(arrived[param.Name], param.Value) {
					t.Errorf("%q = %q, want %q among them", param.Name, arrived[param.Name], param.Value)
				}
			}
			var callback map[string]string
			if err := json.Unmarshal([]byte(arrived["callback_params"][len(arrived["callback_params"])-1]), &callback); err != nil {
				t.Errorf("callback_params: %v", err)
			}
			want := map[string]string{strings.ToValidUTF8(key, "\uFFFD"): strings.ToValidUTF8(text, "\uFFFD")}
			// Each broken byte becomes one U+FFFD here and in encoding/json, but a run of them only one in ToValidUTF8.
			if !strings.Contains(key+text, "\uFFFD") && strings.ToValidUTF8(key+text, "") == key+text && !maps.Equal(callback, want) {
				t.Errorf("callback_params %q, want %q", callback, want)
			}
		})})
		if err != nil {
			t.Fatal(err)
		}
		d.Deliver(t.Context(), engine.Delivery{Package: p})
	})
}
