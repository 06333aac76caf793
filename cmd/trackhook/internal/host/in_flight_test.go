package host

import (
	"testing"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/adjust"
)

// A number that finds itself stays below what the process may have open, and leaves room for the store and the door. One that
// was chosen is not touched.
func TestMostInFlight(t *testing.T) {
	for _, test := range []struct {
		inFlight, most int
		descriptors    uint64
		want           int
	}{
		{0, 0, 0, adjust.DefaultMostInFlight},
		{0, 0, 1 << 62, adjust.DefaultMostInFlight},
		{0, 0, 1 << 20, adjust.DefaultMostInFlight},
		{0, 0, 1024, 176}, // a quarter of what the store leaves
		{0, 0, 256, 24},
		{0, 0, 32, 16},
		{0, 100, 1 << 20, 100},
		{0, 4000, 1 << 20, 4000},
		{0, 4000, 1024, 176},
		{64, 0, 256, 64},
		{5000, 100, 256, 5000},
	} {
		settings := config.Config{InFlight: config.InFlight(test.inFlight), InFlightMost: test.most}
		if got := mostInFlight(&settings, test.descriptors); got != test.want {
			t.Errorf("in_flight %d, in_flight_most %d, %d descriptors: %d, want %d", test.inFlight, test.most, test.descriptors, got, test.want)
		}
		if test.inFlight != 0 || test.descriptors < 512 {
			continue
		}
		if all := mostInFlight(&settings, test.descriptors) + doorConnections(test.descriptors); uint64(all)+320 > test.descriptors {
			t.Errorf("%d descriptors do not do for %d connections beside the store", test.descriptors, all)
		}
	}
}
