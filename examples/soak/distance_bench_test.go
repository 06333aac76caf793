package main

import (
	"testing"
	"time"
)

// BenchmarkDistance drains a backlog to servers that are far away, that take only so much, that change their minds, or of
// which one is bad: over real connections, from a real disk, on this machine. Whether it can keep up with the servers
// depends on how busy the machine is; TestDistance has the same on a clock of its own, where that makes no difference.
// README.md says what the columns mean.
func BenchmarkDistance(b *testing.B) {
	part := 6 * time.Second
	if testing.Short() {
		part = 2 * tick
	}
	for _, t := range trips() {
		for _, inFlight := range limits() {
			b.Run(t.name+"/in_flight="+limitName(inFlight), func(b *testing.B) {
				t.inFlight, t.part = inFlight, part
				if testing.Short() {
					t.backlog = tripBacklog / 100
				}
				metrics, rounds := map[string]float64{}, 0.0
				for b.Loop() {
					rounds++
					for name, value := range t.run(b, listen{}) {
						metrics[name] += value
					}
				}
				b.ReportMetric(0, "ns/op") // it is what was waited for
				for name, value := range metrics {
					b.ReportMetric(value/rounds, name)
				}
			})
		}
	}
}
