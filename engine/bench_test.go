package engine_test

import (
	"fmt"
	"testing"
	"time"

	"trackhook/engine"
)

// parsed are packages as the door makes them, of about 400 bytes.
func parsed() engine.Package {
	return engine.Package{
		Kind: engine.KindEvent, App: demoApp(), Created: time.Unix(1_735_689_600, 0), CallbackID: "order-20260101-000017",
		Params: map[string]string{
			"gps_adid": "38400000-8cf0-11bd-b23e-10b96e40000d", "event_token": "abc123", "revenue": "1.99", "currency": "EUR",
			"ip_address": "192.0.2.1", "os_name": "android", "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8)",
		},
		CallbackParams: map[string]string{"user": "u-1029384756", "level": "17"},
		PartnerParams:  map[string]string{"item": "gems-500"},
	}
}

// BenchmarkPrepare measures the checks of the door: the first time, and again, as Track does after an intake has
// prepared what it answers with.
func BenchmarkPrepare(b *testing.B) {
	now := time.Now()
	for _, device := range []string{"", "gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d"} {
		for _, id := range []string{"", "0193f2a45b6c00112233445566778899"} {
			b.Run(fmt.Sprintf("device=%t/id=%t", device != "", id != ""), func(b *testing.B) {
				p := parsed()
				b.ReportAllocs()
				for b.Loop() {
					p.Device, p.ID = device, id
					if err := p.Prepare(now); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
