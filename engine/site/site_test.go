package site_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trackhook/engine/site"
)

func TestHosts(t *testing.T) {
	for _, row := range []struct {
		listen, allowed string
		yes, no         string
	}{
		{
			"127.0.0.1:8787", "",
			"localhost localhost:8787 LOCALHOST. 127.0.0.1 127.0.0.1:1 127.9.9.9:8787 [::1] [::1]:8787 [::ffff:127.0.0.1]:1 a.localhost",
			"evil.example evil.example:8787 127.0.0.1.evil.example localhost.evil.example 192.0.2.1 0.0.0.0 0.0.0.0:8787 [::] notlocalhost . : 2130706433",
		},
		{"192.0.2.1:8787", "", "192.0.2.1 192.0.2.1:80 localhost", "192.0.2.2 evil.example 0.0.0.0"},
		{"[2001:db8::1]:8787", "", "[2001:db8::1]:8787 [2001:db8::1] [::1]", "[2001:db8::2] evil.example"},
		{"box.internal:8787", "", "box.internal BOX.internal:8787 box.internal.", "a.box.internal evil.example"},
		{"0.0.0.0:8787", "", "192.0.2.1 10.0.0.1:8787 [2001:db8::1]:8787 localhost", "evil.example 0.0.0.0 [::]:8787"},
		{
			":8787", "Track.Example.com *.pods.example.com 203.0.113.7:80 tracks:443",
			"track.example.com track.example.com:443 a.pods.example.com a.b.pods.example.com 203.0.113.7 tracks",
			"pods.example.com xpods.example.com example.com a.track.example.com",
		},
		{"127.0.0.1:8787", "203.0.113.7 [2001:db8::5]", "203.0.113.7:1 [2001:db8::5]:1", "203.0.113.8"},
	} {
		hosts, err := site.NewHosts(row.listen, strings.Fields(row.allowed)...)
		if err != nil {
			t.Fatal(err)
		}
		for host := range strings.FieldsSeq(row.yes) {
			if !hosts.Allow(host) {
				t.Errorf("%s %s: %s is refused", row.listen, row.allowed, host)
			}
		}
		for host := range strings.FieldsSeq(row.no) {
			if hosts.Allow(host) {
				t.Errorf("%s %s: %s is taken", row.listen, row.allowed, host)
			}
		}
		if !hosts.Allow("") {
			t.Errorf("%s: a client of HTTP 1.0 is refused", row.listen)
		}
	}
	for _, wrong := range []string{"", "http://a.example", "a.example/x", "*", "a b", "*.", "a*b", "user@a"} {
		if _, err := site.NewHosts("127.0.0.1:1", wrong); err == nil {
			t.Errorf("allowed host %q is taken", wrong)
		}
	}
	for _, wrong := range []string{"localhost", "::1:8787", "[::1]", ""} {
		if _, err := site.NewHosts(wrong); err == nil || !strings.Contains(err.Error(), "it must be HOST:PORT, such as 127.0.0.1:8787 or [::1]:8787") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := site.NewHosts("8787"); err == nil {
		t.Error("an address without a port is taken")
	}
}

func TestCheck(t *testing.T) {
	hosts, err := site.NewHosts("127.0.0.1:8787")
	if err != nil {
		t.Fatal(err)
	}
	h := hosts.Check(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "in") }))
	for host, want := range map[string]string{
		"127.0.0.1:8787": "200 in",
		"evil.example":   `421 {"detail":"this host does not answer to the name \"evil.example\"; call it by localhost or by the address that it listens on, or add the name to its allowed hosts (allowed_hosts, --allowed-hosts)","error":"Misdirected request"}`,
	} {
		r := httptest.NewRequest(http.MethodGet, "/healthz", http.NoBody)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := fmt.Sprint(w.Code, " ", w.Body); got != want {
			t.Errorf("%s: %s", host, got)
		}
	}
}

func TestForeign(t *testing.T) {
	for _, row := range []struct {
		fetchSite, origin string
		want              bool
	}{
		{"", "", false},
		{"same-origin", "", false},
		{"none", "", false},
		{"cross-site", "", true},
		{"same-site", "", true},
		{"odd", "", true},
		{"", "http://127.0.0.1:8787", false},
		{"", "http://evil.example", true},
		{"", "null", true},
		{"", "http://127.0.0.1:9999", true},
		{"same-origin", "http://127.0.0.1:8787", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8787/event", http.NoBody)
		r.Header.Set("Sec-Fetch-Site", row.fetchSite)
		r.Header.Set("Origin", row.origin)
		if got := site.Foreign(r); got != row.want {
			t.Errorf("%+v: got %v", row, got)
		}
	}
}
