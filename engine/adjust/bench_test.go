package adjust_test

import (
	"bytes"
	"net/url"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// benchPackage makes a form of about 400 bytes.
func benchPackage() engine.Package {
	p := purchase()
	p.Params["gps_adid"] = "38400000-8cf0-11bd-b23e-10b96e40000d"
	p.Params["deduplication_id"] = "order-2024-07-09-000123"
	p.Params["user_agent"] = "Mozilla/5.0 (X11; Linux x86_64)"
	p.Params["ip_address"], p.Params["os_name"] = "192.0.2.1", "linux"
	p.CallbackParams = map[string]string{"level": "12", "player": "tango-4711"}
	p.PartnerParams = map[string]string{"campaign": "summer"}
	return p
}

func formOf(p *engine.Package) []byte {
	v := url.Values{}
	for _, param := range adjust.Form(p) {
		v.Set(param.Name, param.Value)
	}
	return []byte(v.Encode())
}

// BenchmarkEncode measures writing the form, beside url.Values doing the same with what Form gives it.
func BenchmarkEncode(b *testing.B) {
	p := benchPackage()
	// A connection that answers at once leaves our own part of an attempt: encoding, bookkeeping, classification.
	d, err := adjust.New(adjust.Config{Endpoint: "http://s2s.test", Dial: answering(okAnswer, nil)})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	b.Run("deliver=without network", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d.Deliver(b.Context(), engine.Delivery{Package: p, Attempt: 1})
		}
	})
	b.Run("form", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			adjust.Form(&p)
		}
	})
	b.Run("floor=url.Values", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			formOf(&p)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	for _, test := range []struct{ name, body string }{
		{"ok", `{"status":"OK"}`},
		{"install", installTracked},
		{"device not found", `{"error":"Event request failed (Device not found)"}`},
		{"size=16KB", `{"filler":"` + string(bytes.Repeat([]byte("x"), 16<<10)) + `"}`},
	} {
		b.Run(test.name, func(b *testing.B) {
			a := answer(200, test.body)
			a.Date = "Tue, 09 Jul 2024 01:31:14 GMT"
			if test.name == "device not found" {
				a.Status = 404
			}
			d := engine.Delivery{Package: benchPackage(), Attempt: 1}
			rules := adjust.DefaultRules()
			b.ReportAllocs()
			b.SetBytes(int64(len(test.body)))
			for b.Loop() {
				rules.Classify(d, a)
			}
		})
	}
}
