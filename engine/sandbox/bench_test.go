package sandbox_test

import (
	"testing"

	"trackhook/engine/sandbox"
)

// BenchmarkServe measures one event without a network, so that it is known how much of a benchmark against the sandbox
// is the sandbox.
func BenchmarkServe(b *testing.B) {
	for name, cfg := range map[string]sandbox.Config{"compact": {Compact: true}, "faults": {Compact: true, Faults: sandbox.Mix(0.001, sandbox.FaultResetBefore, sandbox.FaultResetAfter, sandbox.FaultSilent, sandbox.FaultGarbage)}} {
		b.Run(name, func(b *testing.B) {
			s, err := sandbox.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			post(s, "/session", params())
			v := params("event_token", "abc123", "revenue", "1.99", "currency", "EUR")
			b.ReportAllocs()
			for b.Loop() {
				post(s, "/event", v)
			}
		})
	}
}
