package adjust_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	s := adjust.NewSecret("topsecret")
	settings := adjust.Settings{Token: s, Tokens: map[engine.Kind]adjust.Secret{engine.KindEvent: s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%T"} {
		fmt.Fprintf(&out, verb+" "+verb+" "+verb+"\n", s, &s, settings)
	}
	for _, v := range []any{s, &s, settings, map[adjust.Secret]int{s: 1}, adjust.Config{Apps: map[engine.App]adjust.Settings{}}.Apps} {
		b, err := json.Marshal(v)
		if err != nil && !strings.Contains(err.Error(), "unsupported type") {
			t.Fatal(err)
		}
		out.Write(b)
	}
	hidden := any(struct{ inner adjust.Secret }{s}) // fmt calls no methods on unexported fields
	fmt.Fprintf(&out, "%v %+v %#v", hidden, hidden, hidden)
	fmt.Fprint(&out, s, settings, fmt.Errorf("%v", settings))
	for _, shape := range []string{"topsecret", "746f70", "746F70", "top"} {
		if strings.Contains(out.String(), shape) {
			t.Errorf("%q was printed:\n%s", shape, out.String())
		}
	}
	if !strings.Contains(out.String(), "[redacted]") {
		t.Error("[redacted] was not printed")
	}
	if adjust.NewSecret("").String() != "" {
		t.Error("no secret must print as nothing, so that people see that it is missing")
	}
}

func TestNewRefuses(t *testing.T) {
	app := func(s adjust.Settings) adjust.Config {
		return adjust.Config{Apps: map[engine.App]adjust.Settings{testApp(): s}}
	}
	for _, test := range []struct {
		name string
		cfg  adjust.Config
		want string
	}{
		{"no URL", adjust.Config{Endpoint: "https://s2s.adjust.com:secret@%zz"}, "no URL"},
		{"no scheme", adjust.Config{Endpoint: "s2s.adjust.com"}, "http or https"},
		{"scheme", adjust.Config{Endpoint: "ftp://s2s.adjust.com"}, "http or https"},
		{"user", adjust.Config{Endpoint: "https://me:secret@s2s.adjust.com"}, "must not contain a user"},
		{"query", adjust.Config{GDPREndpoint: "https://gdpr.adjust.com?key=secret"}, "a query"},
		{"app", app(adjust.Settings{Endpoint: "nowhere"}), "abc123def456 (sandbox)"},
		{"token with a line end", app(adjust.Settings{Token: adjust.NewSecret("secret\n")}), "line ends"},
		{"kind", app(adjust.Settings{Tokens: map[engine.Kind]adjust.Secret{"click": adjust.NewSecret("x")}}), `"click"`},
		{"timeout", adjust.Config{Timeout: -1}, "negative"},
		{"body", adjust.Config{MaxBody: -1}, "negative"},
		{"version", adjust.Config{Version: "1\r\nX: y"}, "one line"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := adjust.New(test.cfg)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want one with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats a secret: %v", err)
			}
		})
	}
}

func TestEndpoints(t *testing.T) {
	url := func(cfg adjust.Config, p engine.Package) string {
		line, _, _ := strings.Cut(newDeliverer(t, cfg).Curl(&p), " \\\n")
		line, _, _ = strings.Cut(line, "?")
		return strings.Trim(strings.TrimPrefix(line, "curl --request POST "), "'")
	}
	app := func(s adjust.Settings) map[engine.App]adjust.Settings {
		return map[engine.App]adjust.Settings{testApp(): s}
	}
	for _, test := range []struct {
		name         string
		cfg          adjust.Config
		event, erase string
	}{
		{"default", adjust.Config{}, "https://s2s.adjust.com/event", "https://gdpr.adjust.com/gdpr_forget_device"},
		{"one for all", adjust.Config{Endpoint: "http://127.0.0.1:1"}, "http://127.0.0.1:1/event", "http://127.0.0.1:1/gdpr_forget_device"},
		{"both", adjust.Config{Endpoint: "http://a", GDPREndpoint: "http://b"}, "http://a/event", "http://b/gdpr_forget_device"},
		{"of an app", adjust.Config{Endpoint: "http://a", GDPREndpoint: "http://b", Apps: app(adjust.Settings{Endpoint: "https://c/d/"})}, "https://c/d/event", "https://c/d/gdpr_forget_device"},
		{"erasure of an app", adjust.Config{Apps: app(adjust.Settings{GDPREndpoint: "https://c"})}, "https://s2s.adjust.com/event", "https://c/gdpr_forget_device"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := url(test.cfg, event()); got != test.event {
				t.Errorf("event goes to %s, want %s", got, test.event)
			}
			if got := url(test.cfg, erasure()); got != test.erase {
				t.Errorf("erasure goes to %s, want %s", got, test.erase)
			}
		})
	}
}
