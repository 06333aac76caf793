package ingest_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

const ok = `{"status":"OK"}`

// parameters returns every parameter that the notes on Adjust's protocol name, where those are present, and a few.
func parameters(t *testing.T) []string {
	t.Helper()
	names := []string{"user_agent", "att_status", "app_version_short", "sent_at", "npa", "Case_Sensitive", "unknown.one", "a b", "ü"}
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "spec", "params.tsv"))
	if err != nil {
		t.Log("the list of parameters is absent; only a few are tried")
		return names
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if columns := strings.Split(lines.Text(), "\t"); len(columns) > 1 && columns[0] != "tag" {
			names = append(names, columns[1])
		}
	}
	return names
}

// ours are the parameters that have a field of their own or are checked.
func ours(name string) bool {
	switch name {
	case "app_token", "environment", "created_at", "created_at_unix", "callback_params", "partner_params",
		"event_callback_id", "s2s", "revenue", "currency", "ip_address", "event_token", "gps_adid", "source", "idfa", "deduplication_id", "ad_impressions_count",
		"sharing", "granular_third_party_sharing_options", "partner_sharing_settings":
		return true
	default:
		return false
	}
}

func TestEveryParameterArrives(t *testing.T) {
	values := url.Values{
		"s2s": {"1"}, "app_token": {token}, "environment": {"production"}, "gps_adid": {device}, "event_token": {"abc123"},
		"revenue": {"1.99"}, "currency": {"EUR"}, "ip_address": {"192.0.2.1"}, "source": {"publisher"}, "ad_impressions_count": {"1"},
		"created_at_unix": {"1484085154"}, "event_callback_id": {"order 17"},
		"callback_params": {`{"key":"va+l & ü","foo":""}`}, "partner_params": {`{"p":"\u00e9\ud83d\ude00\n"}`},
	}
	params := map[string]string{
		"gps_adid": device, "event_token": "abc123", "revenue": "1.99", "currency": "EUR", "ip_address": "192.0.2.1", "source": "publisher",
		"ad_impressions_count": "1",
	}
	for _, name := range parameters(t) {
		if ours(name) {
			continue
		}
		value := "va lue+&=%;ü of " + name
		values.Set(name, value)
		params[name] = value
	}
	const partners = `{"partner":{"install":true}}`
	values.Set("sharing", "disable")
	values.Set("partner_sharing_settings", partners)
	params["sharing"], params["partner_sharing_settings"] = "disable", partners
	text := values.Encode()
	percent := strings.ReplaceAll(text, "+", "%20")
	for _, kind := range engine.Kinds() {
		expect := engine.Package{
			Kind: kind, App: engine.App{Token: token, Environment: engine.Production}, Device: "gps_adid=" + device, Params: params,
			CallbackParams: map[string]string{"key": "va+l & ü", "foo": ""}, PartnerParams: map[string]string{"p": "é😀\n"},
			CallbackID: "order 17", Created: time.Unix(1484085154, 0),
		}
		path := "/" + string(kind)
		half := strings.LastIndexByte(text[:len(text)/2], '&')
		for name, send := range map[string][]string{
			"get":            {http.MethodGet, path + "?" + text, ""},
			"query":          {http.MethodPost, path + "?" + text, ""},
			"percent":        {http.MethodPost, path + "?" + percent, ""},
			"form":           {http.MethodPost, path, text},
			"query and form": {http.MethodPost, path + "?" + text[:half], text[half+1:]},
			"both whole":     {http.MethodPost, path + "?" + text, percent},
		} {
			if (kind == engine.KindGDPRForgetDevice || kind == engine.KindThirdPartySharing) && send[0] == http.MethodGet {
				continue
			}
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				h, r := newHandler(t, ingest.Config{})
				w := call(h, send[0], send[1], send[2], "Content-Type", form+"; charset=UTF-8", "Authorization", "Bearer ignored")
				want(t, w, http.StatusOK, ok)
				p := r.one(t)
				if id := w.Header().Get("X-Trackhook-Id"); id == "" || id != p.ID {
					t.Errorf("header says %q, the package has %q", id, p.ID)
				}
				p.ID = ""
				if diff := cmp.Diff(expect, p); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestMissingTimeIsStampedAtIntake(t *testing.T) {
	h, r := newHandler(t, ingest.Config{})
	before := time.Now()
	want(t, call(h, http.MethodPost, "/session", base), http.StatusOK, ok)
	if at := r.one(t).Created; at.Before(before) || at.After(time.Now()) {
		t.Errorf("stamped %s", at)
	}
}

func TestTimes(t *testing.T) {
	second := time.Unix(1672671845, 0) // 2023-01-02T15:04:05Z
	for _, row := range []struct {
		query string
		want  time.Time
	}{
		{"created_at_unix=1672671845", second},
		{"created_at_unix=1672671845250", second.Add(250 * time.Millisecond)},
		{"created_at=2023-01-02T15:04:05.000%2B0000", second},
		{"created_at=2023-01-02T15:04:05.000+0000", second}, // the plus sign arrives as a space
		{"created_at=2023-01-02T17:04:05Z%2B0200", second},
		{"created_at=2023-01-02T17:04:05Z+0200", second},
		{"created_at=2023-01-02T11:04:05.288Z-0400", second.Add(288 * time.Millisecond)},
		{"created_at=2023-01-02T15:04:05Z", second},
		{"created_at=2023-01-02T16:04:05%2B01:00", second},
		{"created_at=2023-01-02T15:04:05.123456Z", second.Add(123456 * time.Microsecond)},
		{"created_at=2020-01-02T15:04:05Z&created_at_unix=1672671845", second},
		{"created_at=2023-01-02T15:04Z", second.Truncate(time.Minute)}, // Java, when the seconds are zero
		{"created_at=2023-01-02T16:04:05%2B01", second},
		{"created_at=2023-01-02t15:04:05z", second},
		{"created_at=2023-01-02+15:04:05.000000%2B00:00", second},                 // Python
		{"created_at=2023-01-02T16:04:05%2B01:00%5BEurope/Berlin%5D", second},     // Java
		{"created_at=2023-01-02+16:04:05+%2B0100+CET+m%3D%2B0.000012345", second}, // Go
	} {
		h, r := newHandler(t, ingest.Config{})
		want(t, call(h, http.MethodGet, "/session?"+base+"&"+row.query, ""), http.StatusOK, ok)
		if at := r.one(t).Created; !at.Equal(row.want) {
			t.Errorf("%s became %s", row.query, at.UTC())
		}
	}
}

func TestForwardedFor(t *testing.T) {
	for _, row := range []struct{ header, query, want string }{
		{"192.0.2.7", "", "192.0.2.7"},
		{"192.0.2.7, 198.51.100.1", "", "192.0.2.7"},
		{"::ffff:192.0.2.7", "", "192.0.2.7"},
		{"192.0.2.7", "&ip_address=192.0.2.8", "192.0.2.8"},
		{"192.0.2.7", "&ip_address=", "192.0.2.7"},
		{"192.0.2.7", "&ip_address=::ffff:192.0.2.8", "192.0.2.8"},
		{"192.0.2.7:51034", "", "192.0.2.7"},
		{"[::ffff:192.0.2.7]:51034", "", "192.0.2.7"},
		{"::ffff:192.0.2.7%eth0", "", "192.0.2.7"},
		{"2001:db8::1", "", ""},
		{"[2001:db8::1]:51034", "", ""},
		{"fe80::1%eth0", "", ""},
		{"unknown, 198.51.100.1", "", ""},
		{"_hidden", "", ""},
		{"-", "", ""},
	} {
		h, r := newHandler(t, ingest.Config{})
		want(t, call(h, http.MethodPost, "/session", base+row.query, "X-Adjust-Forwarded-For", row.header), http.StatusOK, ok)
		if got := r.one(t).Params["ip_address"]; got != row.want {
			t.Errorf("%+v gave %s", row, got)
		}
	}
}

// Without environment, Adjust counts production. To take it for what happens to be configured would send real traffic as
// a test.
func TestNoEnvironmentIsProduction(t *testing.T) {
	apps := []engine.App{{Token: token, Environment: engine.Sandbox}, {Token: token, Environment: engine.Production}}
	for name, apps := range map[string][]engine.App{"any app": nil, "production only": apps[1:], "both": apps} {
		for _, query := range []string{"", "&environment="} {
			h, r := newHandler(t, ingest.Config{Apps: apps})
			want(t, call(h, http.MethodGet, "/session?app_token="+token+"&adid=x"+query, ""), http.StatusOK, ok)
			if got := r.one(t).App.Environment; got != engine.Production {
				t.Errorf("%s: environment %s", name, got)
			}
		}
	}
}

func TestIdempotency(t *testing.T) {
	send := func(body string, headers ...string) string {
		t.Helper()
		h, r := newHandler(t, ingest.Config{})
		w := call(h, http.MethodPost, "/event", body, headers...)
		want(t, w, http.StatusOK, ok)
		return r.one(t).ID
	}
	event := base + "&event_token=abc123"
	key := send(event, "Idempotency-Key", "k1")
	if want := engine.DerivedID("idempotency-key", token, "sandbox", "event", "k1"); key != want {
		t.Errorf("ID %s, want %s", key, want)
	}
	if send(event, "Idempotency-Key", "k2") == key {
		t.Error("two keys made one ID")
	}
	if send(event+"&deduplication_id=d", "Idempotency-Key", "k1") != key {
		t.Error("the header must win over deduplication_id")
	}
	if send(event+"&deduplication_id=d") != send(event+"&deduplication_id=d&revenue=1&currency=EUR") {
		t.Error("one deduplication_id made two IDs")
	}
	if first, second := send(event), send(event); first == second {
		t.Error("two packages without a key got one ID")
	}
}

// refusals are the checks at the door: status, words, and nothing stored.
func TestRefusals(t *testing.T) {
	const event = base + "&event_token=abc123"
	apps := []engine.App{{Token: token, Environment: engine.Sandbox}, {Token: "two456two456", Environment: engine.Sandbox}, {Token: "two456two456", Environment: engine.Production}}
	for _, row := range []struct {
		name, path, body string
		status           int
		error, detail    string
	}{
		{"no app token", "/event", "environment=sandbox&adid=x", 400, "Event request failed (Invalid app token)", "app_token is missing; it is the 12 letters and digits of Adjust's dashboard"},
		{"bad app token", "/event", "app_token=abc&environment=sandbox&adid=x", 400, "Event request failed (Invalid app token)", `app_token "abc" must be the 12 letters and digits of Adjust's dashboard`},
		{"unknown app", "/event", "app_token=zzz123def456&environment=sandbox&adid=x&event_token=abc123", 404, "Event request failed (App token not found)", "app zzz123def456 is not configured on this host; add it to apps in the configuration"},
		{"other environment", "/session", "app_token=" + token + "&environment=production&adid=x", 400, "Session request failed (Invalid environment)", "app " + token + " is configured on this host for sandbox only"},
		{"no environment", "/session", "app_token=" + token + "&adid=x", 400, "Session request failed (Invalid environment)", "environment is missing, which means production, as at Adjust, and app " + token + " is configured on this host for sandbox only; send environment=sandbox, or configure the app for production"},
		{"bad environment", "/session", "app_token=" + token + "&environment=Sandbox&adid=x", 400, "Session request failed (Invalid environment)", `environment "Sandbox" must be sandbox or production`},
		{"no device", "/session", "app_token=" + token + "&environment=sandbox", 400, "Session request failed (Missing device identifier)", "send one device identifier, such as gps_adid, idfa or external_device_id"},
		{"no event token", "/event", base, 400, "Event request failed (Invalid event token)", `event_token "" must be the token of an event in Adjust's dashboard: 6 letters and digits, such as abc123`},
		{"name of an event", "/event", base + "&event_token=purchase", 400, "Event request failed (Invalid event token)", `event_token "purchase" must be the token of an event in Adjust's dashboard: 6 letters and digits, such as abc123`},
		{"revenue", "/event", event + "&revenue=abc&currency=EUR", 400, "Event request failed (Invalid revenue)", `revenue "abc" must be a number of full currency units between 0.001 and 100000000000, such as 1.99`},
		{"small revenue", "/event", event + "&revenue=0.0001&currency=EUR", 400, "Event request failed (Invalid revenue)", `revenue "0.0001" must be a number of full currency units between 0.001 and 100000000000, such as 1.99`},
		{"large revenue", "/event", event + "&revenue=100000000001&currency=EUR", 400, "Event request failed (Invalid revenue)", `revenue "100000000001" must be a number of full currency units between 0.001 and 100000000000, such as 1.99`},
		{"no currency", "/event", event + "&revenue=1", 400, "Event request failed (Invalid currency)", `currency "" must be the three letters of ISO 4217, such as EUR, whenever revenue is set`},
		{"nested callback", "/event", event + "&callback_params=" + url.QueryEscape(`{"a":{"b":"c"}}`), 400, "Event request failed (Invalid callback parameters)", `callback_params must be a flat JSON object of strings, such as {"key":"value"}: key "a" must have a string as its value`},
		{"number in callback", "/event", event + "&callback_params=" + url.QueryEscape(`{"a":1}`), 400, "Event request failed (Invalid callback parameters)", `callback_params must be a flat JSON object of strings, such as {"key":"value"}: key "a" must have a string as its value`},
		{"null in callback", "/event", event + "&callback_params=" + url.QueryEscape(`{"a":null}`), 400, "Event request failed (Invalid callback parameters)", `callback_params must be a flat JSON object of strings, such as {"key":"value"}: key "a" must have a string as its value`},
		{"array as callback", "/event", event + "&callback_params=[]", 400, "Event request failed (Invalid callback parameters)", `callback_params must be a flat JSON object of strings, such as {"key":"value"}: column 1: expected an object of strings`},
		{"callback twice", "/event", event + "&callback_params=" + url.QueryEscape(`{"a":"1","a":"2"}`), 400, "Event request failed (Invalid callback parameters)", `callback_params must be a flat JSON object of strings, such as {"key":"value"}: key "a" is given twice`},
		{"callback encoded twice", "/event", event + "&callback_params=%257B%257D", 400, "Event request failed (Invalid callback parameters)", `callback_params must be a flat JSON object of strings, such as {"key":"value"}: column 1: expected an object of strings; it is percent-encoded twice`},
		{"partner", "/event", event + "&partner_params=" + url.QueryEscape(`{"a":"1"} x`), 400, "Event request failed (Invalid partner parameters)", `partner_params must be a flat JSON object of strings, such as {"key":"value"}: column 11: expected nothing after the object`},
		{"IPv6", "/session", base + "&ip_address=2001:db8::1", 400, "Session request failed (Invalid IP address)", `ip_address "2001:db8::1" must be an IPv4 address, such as 192.0.2.1; the server takes no IPv6`},
		{"callback parameter in brackets", "/event", event + "&callback_params[user]=7", 400, "Event request failed (Invalid callback parameters)", `parameter "callback_params[user]" is not one that the server knows: send all callback parameters in one, as a JSON object of strings, such as callback_params={"user":"value"}`},
		{"callback parameter in encoded brackets", "/event", event + "&callback_params%5Buser%5D=7", 400, "Event request failed (Invalid callback parameters)", `parameter "callback_params[user]" is not one that the server knows: send all callback parameters in one, as a JSON object of strings, such as callback_params={"user":"value"}`},
		{"list of callback parameters", "/event", event + "&callback_params[]=7", 400, "Event request failed (Invalid callback parameters)", `parameter "callback_params[]" is not one that the server knows: send all callback parameters in one, as a JSON object of strings, such as callback_params={"key":"value"}`},
		{"callback parameter in query and brackets", "/event?callback_params[user]=7", event, 400, "Event request failed (Invalid callback parameters)", `parameter "callback_params[user]" is not one that the server knows: send all callback parameters in one, as a JSON object of strings, such as callback_params={"user":"value"}`},
		{"partner parameter behind a dot", "/event", event + "&partner_params.shop.id=7", 400, "Event request failed (Invalid partner parameters)", `parameter "partner_params.shop.id" is not one that the server knows: send all partner parameters in one, as a JSON object of strings, such as partner_params={"shop.id":"value"}`},
		{"revenue in brackets", "/event", event + "&revenue[]=1&currency=EUR", 400, "Event request failed (Invalid parameters)", `parameter "revenue[]" is not one that the server knows: brackets have no meaning here; send "revenue" once, with a text as its value`},
		{"time", "/session", base + "&created_at_unix=yesterday", 400, "Session request failed (Invalid created_at)", `created_at_unix "yesterday" must be whole seconds since 1970, such as 1484085154; leave it out to have the package stamped now`},
		{"empty time", "/session", base + "&created_at_unix=", 400, "Session request failed (Invalid created_at)", `created_at_unix "" must be whole seconds since 1970, such as 1484085154; leave it out to have the package stamped now`},
		{"microseconds", "/session", base + "&created_at_unix=1484085154000000", 400, "Session request failed (Invalid created_at)", `created_at_unix "1484085154000000" must be whole seconds since 1970, such as 1484085154; leave it out to have the package stamped now`},
		{"negative time", "/session", base + "&created_at_unix=-1", 400, "Session request failed (Invalid created_at)", `created_at_unix "-1" must be whole seconds since 1970, such as 1484085154; leave it out to have the package stamped now`},
		{"early time", "/session", base + "&created_at_unix=17", 400, "Session request failed (Invalid created_at)", "the time 1970-01-01T00:00:17Z is before the year 1990; created_at_unix counts seconds since 1970"},
		{"future", "/session", base + "&created_at_unix=9000000000", 400, "Session request failed (Invalid created_at)", "the time 2255-03-14T16:00:00Z is more than a day in the future; check the clock of the sender"},
		{"time without zone", "/session", base + "&created_at=2023-01-02T15:04:05", 400, "Session request failed (Invalid created_at)", `created_at "2023-01-02T15:04:05" must be a time with a zone, such as 2023-01-02T15:04:05.000+0000; leave it out to have the package stamped now`},
		{"bad created_at beside a good unix", "/session", base + "&created_at=now&created_at_unix=1484085154", 400, "Session request failed (Invalid created_at)", `created_at "now" must be a time with a zone, such as 2023-01-02T15:04:05.000+0000; leave it out to have the package stamped now`},
		{"given twice", "/event", event + "&event_token=other1", 400, "Event request failed (Invalid parameters)", `parameter "event_token" is given twice with different values, "abc123" and "other1"`},
		{"given in query and form", "/event?event_token=other1", event, 400, "Event request failed (Invalid parameters)", `parameter "event_token" is given twice with different values, "other1" and "abc123"`},
		{"bad percent", "/event", event + "&x=%zz", 400, "Event request failed (Invalid parameters)", `the value of parameter "x" is not percent-encoded properly`},
		{"bad percent in name", "/event", event + "&%z=1", 400, "Event request failed (Invalid parameters)", `the name of parameter "%z=1" is not percent-encoded properly`},
		{"not UTF-8", "/event", event + "&x=%ff", 400, "Event request failed (Invalid parameters)", "every name and value must be UTF-8 text"},
		{"name without text", "/event", event + "&=1", 400, "Event request failed (Invalid parameters)", "a parameter has an empty name"},
		{"ad revenue without revenue", "/ad_revenue", base + "&source=publisher", 400, "Ad revenue request failed (Invalid revenue) (app_token:" + token + ")", `amount "" must be a number of full currency units between 0.001 and 100000000000, such as 1.99`},
		{"ad revenue without impressions", "/ad_revenue", base + "&revenue=1&currency=EUR&source=publisher", 400, "Ad revenue request failed (Invalid ad impressions count) (app_token:" + token + ")", `ad_impressions_count "" must be the whole number of impressions that the revenue is for, such as 1`},
		{"ad revenue without source", "/ad_revenue", base + "&revenue=1&currency=EUR", 400, "Ad revenue request failed (Missing source) (app_token:" + token + ")", "ad revenue needs a source, for example source=publisher"},
		{"zeros for a device", "/event", "app_token=" + token + "&environment=sandbox&idfa=00000000-0000-0000-0000-000000000000&event_token=abc123", 400, "Event request failed (Missing device identifier)", `idfa "00000000-0000-0000-0000-000000000000" stands for no device, because countless devices have it; send one device identifier, such as gps_adid, idfa or external_device_id`},
		{"erasure", "/gdpr_forget_device", "app_token=" + token + "&environment=sandbox", 400, "GDPR request failed (Missing device identifier)", "send one device identifier, such as gps_adid, idfa or external_device_id"},
		{"large body", "/event", event + "&x=" + strings.Repeat("x", engine.MaxPackageBytes), 413, "Event request failed (Request size too large)", "the body has 1048686 bytes; at most 1048576 are taken"},
		{"JSON as form", "/event", `{"app_token":"x"}`, 415, "Event request failed (Unsupported media type)", "the body looks like JSON: send application/x-www-form-urlencoded here, or JSON lines to /v1/packages"},
		{"empty", "/event", "", 400, "Event request failed (Invalid app token)", "app_token is missing; it is the 12 letters and digits of Adjust's dashboard"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, r := newHandler(t, ingest.Config{Apps: apps})
			w := call(h, http.MethodPost, row.path, row.body, "Content-Type", form)
			body := `{"error":` + quoted(row.error) + `,"detail":` + quoted(row.detail) + `}`
			want(t, w, row.status, body)
			if r.calls != 0 {
				t.Error("something was stored")
			}
			if w.Header().Get("X-Trackhook-Id") != "" {
				t.Error("a refused package has an ID")
			}
		})
	}
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}
