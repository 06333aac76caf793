package adjust_test

import (
	"os"
	"runtime/debug"
	"testing"
	"time"

	"go.uber.org/goleak"

	"trackhook/engine"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		serveBenchmarks()
		return
	}
	debug.SetGCPercent(400) // what tests make is garbage at once, and small
	goleak.VerifyTestMain(m)
}

func testApp() engine.App { return engine.App{Token: "abc123def456", Environment: engine.Sandbox} }

func created() time.Time { return time.Date(2024, 7, 9, 1, 31, 14, 373e6, time.UTC) }

func session() engine.Package {
	return engine.Package{
		ID: "s1", Kind: engine.KindSession, App: testApp(), Device: "gps_adid=d1", Created: created(),
		Params: map[string]string{"gps_adid": "d1", "os_name": "linux"},
	}
}

func event() engine.Package {
	return engine.Package{
		ID: "e1", Kind: engine.KindEvent, App: testApp(), Device: "gps_adid=d1", Created: created(),
		Params: map[string]string{"gps_adid": "d1", "event_token": "abc123"},
	}
}

func purchase() engine.Package {
	p := event()
	p.Params["revenue"], p.Params["currency"] = "1.99", "EUR"
	return p
}

func adRevenue() engine.Package {
	p := event()
	p.Kind = engine.KindAdRevenue
	p.Params = map[string]string{"gps_adid": "d1", "source": "publisher", "revenue": "0.01", "currency": "EUR"}
	return p
}

func erasure() engine.Package {
	return engine.Package{
		ID: "g1", Kind: engine.KindGDPRForgetDevice, App: testApp(), Device: "gps_adid=d1", Created: created(),
		Params: map[string]string{"gps_adid": "d1"},
	}
}
