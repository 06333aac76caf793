package engine_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
)

func demoApp() engine.App { return engine.App{Token: "abc123def456", Environment: engine.Sandbox} }

func event(params ...string) engine.Package {
	p := engine.Package{
		Kind: engine.KindEvent, App: demoApp(),
		Params: map[string]string{"gps_adid": "g1", "event_token": "abc123"},
	}
	for i := 0; i < len(params); i += 2 {
		p.Params[params[i]] = params[i+1]
	}
	return p
}

func adRevenue(impressions string) engine.Package {
	p := event("revenue", "1", "currency", "EUR", "source", "publisher", "ad_impressions_count", impressions)
	p.Kind = engine.KindAdRevenue
	return p
}

func TestPrepareFillsWhatWasLeftEmpty(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	p := event("external_device_id", "pc-1")
	if err := p.Prepare(now); err != nil {
		t.Fatal(err)
	}
	if !p.Created.Equal(now) || p.Device != "gps_adid=g1" || len(p.ID) != 32 {
		t.Errorf("got created %v, device %q, id %q", p.Created, p.Device, p.ID)
	}
	id := p.ID
	if err := p.Prepare(now.Add(time.Hour)); err != nil || p.ID != id || !p.Created.Equal(now) {
		t.Errorf("a second call changed the package: %v, %v", p, err)
	}
	other := event()
	if err := other.Prepare(now.Add(time.Millisecond)); err != nil || other.ID <= id {
		t.Errorf("ids do not sort by time: %q after %q (%v)", other.ID, id, err)
	}
}

func TestDeduplicationIDMakesTheSameID(t *testing.T) {
	now := time.Now()
	one, two := event("deduplication_id", "order-7"), event("deduplication_id", "order-7")
	session := event("deduplication_id", "order-7")
	session.Kind = engine.KindSession
	for _, p := range []*engine.Package{&one, &two, &session} {
		if err := p.Prepare(now); err != nil {
			t.Fatal(err)
		}
	}
	if one.ID != two.ID {
		t.Errorf("ids differ: %q, %q", one.ID, two.ID)
	}
	if one.ID == session.ID {
		t.Error("an event and a session share an id")
	}
	if engine.DerivedID("a", "bc") == engine.DerivedID("ab", "c") {
		t.Error("parts of a derived id are not kept apart")
	}
}

// Countless devices have the same placeholder: it must neither name a lane nor make packages of two devices one.
func TestPlaceholdersAreNoIdentity(t *testing.T) {
	now := time.Now()
	for _, id := range []string{
		"00000000-0000-0000-0000-000000000000", "0000000000000000", "0", " ", "-", "00:00:00:00:00:00", "null", "NULL", "(null)",
		"undefined", "Unknown", "none", "nil", "n/a", "NaN", "{idfa}", "{{gps_adid}}", "${idfa}", "%idfa%", "[IDFA]", "<idfa>", "__IDFA__",
		"9774d56d682e549c", "d41d8cd98f00b204e9800998ecf8427e", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
		"ffffffff-ffff-ffff-ffff-ffffffffffff",
	} {
		for _, name := range []string{"idfa", "gps_adid"} {
			first, second := event(name, id, "android_id", "a1", "deduplication_id", "order-7"), event(name, id, "android_id", "b1", "deduplication_id", "order-7")
			for _, p := range []*engine.Package{&first, &second} {
				if name == "idfa" {
					delete(p.Params, "gps_adid")
				}
				if err := p.Prepare(now); err != nil {
					t.Fatalf("%s=%q: %v", name, id, err)
				}
			}
			if first.Device != "android_id=a1" || second.Device != "android_id=b1" || first.ID == second.ID {
				t.Errorf("%s=%q: devices %q and %q, ids %q and %q", name, id, first.Device, second.Device, first.ID, second.ID)
			}
			if first.Params[name] != id {
				t.Errorf("%s=%q is not sent as given", name, id)
			}
			alone, named := event("gps_adid", id), event("gps_adid", id)
			named.Device = "gps_adid=" + id
			for _, p := range []*engine.Package{&alone, &named} {
				refused, ok := errors.AsType[*engine.RefusedError](p.Prepare(now))
				if !ok || refused.Field != "device" {
					t.Errorf("%q alone: got %v on device %q, want a refusal", id, refused, p.Device)
				}
			}
		}
	}
	for _, id := range []string{
		"00000000-0000-0000-0000-000000000001", "f0", "fffffff", "unknown-1", "nobody", "{1", "1", "u1", "nullam", "9774d56d682e549d", "_", "__",
		"01", "d1", "[x", "0x1F",
	} {
		if p := event("gps_adid", id); p.Prepare(now) != nil || p.Device != "gps_adid="+id {
			t.Errorf("%q: got device %q", id, p.Device)
		}
	}
}

func TestAddressesBecomeIPv4(t *testing.T) {
	params := event("ip_address", "::ffff:192.0.2.1").Params
	p := event()
	p.Params = params
	if err := p.Prepare(time.Now()); err != nil || p.Params["ip_address"] != "192.0.2.1" {
		t.Errorf("Prepare made %q, %v", p.Params["ip_address"], err)
	}
	if params["ip_address"] != "::ffff:192.0.2.1" {
		t.Error("Prepare has written to the caller's map")
	}
}

func TestPrepareRefuses(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	with := func(change func(*engine.Package)) engine.Package {
		p := event()
		change(&p)
		return p
	}
	for name, row := range map[string]struct {
		pkg     engine.Package
		message string
		field   string
	}{
		"unknown kind":        {with(func(p *engine.Package) { p.Kind = "click" }), "Invalid kind", "kind"},
		"no app token":        {with(func(p *engine.Package) { p.App.Token = "" }), "Invalid app token", "app_token"},
		"long app token":      {with(func(p *engine.Package) { p.App.Token = "abc123def4567" }), "Invalid app token", "app_token"},
		"odd app token":       {with(func(p *engine.Package) { p.App.Token = "abc123def45?" }), "Invalid app token", "app_token"},
		"no environment":      {with(func(p *engine.Package) { p.App.Environment = "" }), "Invalid environment", "environment"},
		"no device":           {with(func(p *engine.Package) { delete(p.Params, "gps_adid") }), "Missing device identifier", "device"},
		"device without kind": {with(func(p *engine.Package) { p.Device = "g1" }), "Invalid device identifier", "device"},
		"device with newline": {event("gps_adid", "g\n1"), "Invalid device identifier", "device"},
		"device steers":       {event("gps_adid", "g\u009b2J"), "Invalid device identifier", "device"},
		"endless device":      {event("gps_adid", strings.Repeat("g", engine.MaxDeviceBytes)), "Invalid device identifier", "device"},
		"endless id":          {with(func(p *engine.Package) { p.ID = strings.Repeat("i", engine.MaxIDBytes+1) }), "Invalid id", "id"},
		"before 1990":         {with(func(p *engine.Package) { p.Created = time.Unix(1, 0) }), "Invalid created_at", "created_at_unix"},
		"in the future":       {with(func(p *engine.Package) { p.Created = now.Add(25 * time.Hour) }), "Invalid created_at", "created_at_unix"},
		"no event token":      {event("event_token", ""), "Invalid event token", "event_token"},
		"blank event token":   {event("event_token", "abc 123"), "Invalid event token", "event_token"},
		"short event token":   {event("event_token", "abc12"), "Invalid event token", "event_token"},
		"long event token":    {event("event_token", "abc1234"), "Invalid event token", "event_token"},
		"name of an event":    {event("event_token", "sign-up"), "Invalid event token", "event_token"},
		"odd event token":     {event("event_token", "äbc12"), "Invalid event token", "event_token"},
		"revenue is a word":   {event("revenue", "much", "currency", "EUR"), "Invalid revenue", "revenue"},
		"revenue is empty":    {event("revenue", "", "currency", "EUR"), "Invalid revenue", "revenue"},
		"revenue is hex":      {event("revenue", "0x10", "currency", "EUR"), "Invalid revenue", "revenue"},
		"revenue is infinite": {event("revenue", "Inf", "currency", "EUR"), "Invalid revenue", "revenue"},
		"revenue is tiny":     {event("revenue", "0.0009", "currency", "EUR"), "Invalid revenue", "revenue"},
		"revenue is negative": {event("revenue", "-1", "currency", "EUR"), "Invalid revenue", "revenue"},
		"revenue is huge":     {event("revenue", "100000000001", "currency", "EUR"), "Invalid revenue", "revenue"},
		"no currency":         {event("revenue", "1.99"), "Invalid currency", "currency"},
		"odd currency":        {event("revenue", "1.99", "currency", "euro"), "Invalid currency", "currency"},
		"reserved parameter":  {event("app_token", "x"), "Invalid parameters", "app_token"},
		"empty name":          {event("", "x"), "Invalid parameters", "params"},
		"brackets":            {event("name[first]", "x"), "Invalid parameters", "name[first]"},
		"brackets at the end": {event("user.name[first]", "x"), "Invalid parameters", "user.name[first]"},
		"half a bracket":      {event("user.name]", "x"), "Invalid parameters", "user.name]"},
		"not UTF-8":           {event("label", "\xff"), "Invalid parameters", "params"},
		"IPv6":                {event("ip_address", "2001:db8::1"), "Invalid IP address", "ip_address"},
		"too large":           {event("label", strings.Repeat("x", engine.MaxPackageBytes)), "Request size too large", "size"},
		"ad revenue without source": {with(func(p *engine.Package) {
			p.Kind = engine.KindAdRevenue
			p.Params["revenue"], p.Params["currency"] = "0.0001", "EUR"
		}), "Missing source", "source"},
		"ad revenue without impressions": {adRevenue(""), "Invalid ad impressions count", "ad_impressions_count"},
		"impressions are a word":         {adRevenue("abc"), "Invalid ad impressions count", "ad_impressions_count"},
		"half an impression":             {adRevenue("0.5"), "Invalid ad impressions count", "ad_impressions_count"},
		"impressions are negative":       {adRevenue("-1"), "Invalid ad impressions count", "ad_impressions_count"},
		"endless impressions":            {adRevenue("1234567890"), "Invalid ad impressions count", "ad_impressions_count"},
		"ad revenue without revenue":     {with(func(p *engine.Package) { p.Kind = engine.KindAdRevenue }), "Invalid revenue", "amount"},
	} {
		t.Run(name, func(t *testing.T) {
			err := row.pkg.Prepare(now)
			refused, ok := errors.AsType[*engine.RefusedError](err)
			if !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			if refused.Message != row.message || refused.Field != row.field || refused.Detail == "" {
				t.Errorf("got %q on %q (%s), want %q on %q", refused.Message, refused.Field, refused.Detail, row.message, row.field)
			}
			if row.pkg.ID != "" && name != "endless id" {
				t.Error("a refused package got an id")
			}
		})
	}
}

func TestPrepareAccepts(t *testing.T) {
	now := time.Now()
	for name, p := range map[string]engine.Package{
		"a session":       {Kind: engine.KindSession, App: demoApp(), Params: map[string]string{"external_device_id": "kiosk 17"}},
		"a forgotten one": {Kind: engine.KindGDPRForgetDevice, App: demoApp(), Params: map[string]string{"adid": "a1"}},
		"smallest":        event("revenue", "0.001", "currency", "EUR"),
		"largest":         event("revenue", "100000000000", "currency", "eur"),
		"an amount": {Kind: engine.KindAdRevenue, App: demoApp(), Params: map[string]string{
			"idfa": "i", "amount": "0.00001", "currency": "USD", "source": "publisher", "ad_impressions_count": "12",
		}},
		"a currency alone": event("currency", "EUR"),
		"a name of parts":  event("user.name", "x"),
		"an old one":       {Kind: engine.KindEvent, App: demoApp(), Created: now.AddDate(0, 0, -57), Params: event().Params},
	} {
		t.Run(name, func(t *testing.T) {
			if err := p.Prepare(now); err != nil {
				t.Error(err)
			}
		})
	}
}

// What may be shared is said by one of three parameters.
func TestThirdPartySharing(t *testing.T) {
	const partners = `{"facebook":{"data_processing_options_country":"1"}}`
	for _, row := range []struct{ name, value, field string }{
		{"sharing", "enable", ""},
		{"sharing", "disable", ""},
		{"granular_third_party_sharing_options", partners, ""},
		{"partner_sharing_settings", `{"all":{"install":false}}`, ""},
		{"partner_sharing_settings", `{}`, ""},
		{"sharing", "true", "sharing"},
		{"sharing", "", "sharing"},
		{"partner_sharing_settings", `["all"]`, "partner_sharing_settings"},
		{"partner_sharing_settings", `null`, "partner_sharing_settings"},
		{"granular_third_party_sharing_options", `{"facebook":"x"}`, "granular_third_party_sharing_options"},
		{"other", "x", "sharing"},
	} {
		p := engine.Package{Kind: engine.KindThirdPartySharing, App: demoApp(), Params: map[string]string{"gps_adid": "d1", row.name: row.value}}
		err := p.Prepare(time.Now())
		refused, isRefused := errors.AsType[*engine.RefusedError](err)
		if isRefused != (row.field != "") || isRefused && (refused.Field != row.field || refused.Message != "Invalid third party sharing") {
			t.Errorf("%s=%s: %v", row.name, row.value, err)
		}
	}
}

func TestDeviceKeyPrefersAdvertisingIDs(t *testing.T) {
	all := map[string]string{}
	for _, name := range engine.DeviceIDs() {
		all[name] = "x"
	}
	for _, name := range engine.DeviceIDs() {
		p := engine.Package{Kind: engine.KindSession, App: demoApp(), Params: maps.Clone(all)}
		if err := p.Prepare(time.Now()); err != nil || p.Device != name+"=x" {
			t.Errorf("got %q (%v), want %s", p.Device, err, name)
		}
		delete(all, name)
	}
}
