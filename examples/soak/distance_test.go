package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/sandbox"
)

// TestDistance drains a backlog to servers that are far away, on a clock that only moves when nothing else does: what it
// measures is what the engine decides, on any machine. Two short trips are made always; TRACKHOOK_SOAK_DISTANCE=1 makes
// all of them, which takes minutes, and -v prints the columns that README.md explains.
func TestDistance(t *testing.T) {
	long := os.Getenv("TRACKHOOK_SOAK_DISTANCE") != ""
	for _, trip := range trips() {
		trip.part, trip.backlog = 6*time.Second, cmp.Or(trip.backlog, tripBacklog)
		switch {
		case trip.paces[0].Latency.Least == 0:
			continue // on this clock, nothing at all would bound it
		case !long && trip.name != "wall=2000" && trip.name != "latency=150ms":
			continue
		case !long:
			trip.part, trip.backlog = 2*time.Second, tripBacklog/20
		}
		for i, inFlight := range limits() {
			if isFar := trip.name == "latency=150ms"; !long && os.Getenv("TRACKHOOK_LONG") == "" && isFar != (i == 0) {
				continue // each trip with one of the limits is enough for a short run
			}
			trip.inFlight = inFlight
			t.Run(trip.name+"/in_flight="+limitName(inFlight), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					measured := trip.run(t, &pipes{listeners: map[string]*pipeListener{}})
					t.Log(columns(measured))
					ideal := float64(inFlight) / 0.150
					if inFlight == auto {
						ideal = 2 * float64(engine.DefaultInFlight) / 0.150 // it has only begun
					}
					if rate := measured["packages/s"]; trip.name == "latency=150ms" && rate < 0.95*min(ideal, float64(trip.backlog)/2) {
						t.Errorf("%d attempts at once of 150 ms each are %.0f a second; %.0f were made", inFlight, ideal, rate)
					}
					if measured["of-capacity"] > 1.1 {
						t.Error("the server has taken more than it takes")
					}
				})
			})
		}
	}
}

// drains is how a backlog of an outage is drained from its first package to its last: with auto, and with the best fixed number.
const drains = 400_000

// TestDrain drains such a backlog at 150 ms, on a clock as that of TestDistance. It takes minutes, with TRACKHOOK_SOAK_DISTANCE=1.
func TestDrain(t *testing.T) {
	if os.Getenv("TRACKHOOK_SOAK_DISTANCE") == "" {
		t.Skip("drains 800,000 packages for minutes; TRACKHOOK_SOAK_DISTANCE=1 does it")
	}
	took := map[int]float64{}
	for _, inFlight := range []int{auto, adjust.DefaultMostInFlight} {
		t.Run("in_flight="+limitName(inFlight), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				whole := trip{
					name: "drain", paces: []sandbox.Pace{{Latency: sandbox.Latency{Least: 150 * time.Millisecond}}},
					inFlight: inFlight, part: time.Hour, backlog: drains,
				}
				measured := whole.run(t, &pipes{listeners: map[string]*pipeListener{}})
				took[inFlight] = drains / measured["packages/s"]
				t.Logf("%.1f s, %s", took[inFlight], columns(measured))
			})
		})
	}
	if len(took) < 2 {
		return // one of them was not asked for
	}
	if share := took[adjust.DefaultMostInFlight] / took[auto]; share < 0.9 {
		t.Errorf("a number that finds itself drains with %.2f of the rate of the best fixed one", share)
	} else {
		t.Logf("%.3f of the rate of the best fixed number", share)
	}
}

func columns(metrics map[string]float64) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		fmt.Fprintf(&out, "%10.4g %s", metrics[name], name)
	}
	return out.String()
}
