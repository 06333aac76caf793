package host

import (
	"cmp"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
	"trackhook/engine/adjust"
)

// Check reads what the settings name, as [Open] does, and starts nothing. An error is what Open would have said.
func Check(settings config.Config, lookup func(string) (string, bool)) error {
	h := &Host{settings: settings, endpoint: settings.Endpoint}
	if _, err := h.tokens(); err != nil {
		return err
	}
	if err := h.openDeliverer(cmp.Or(settings.InFlight, engine.DefaultInFlight)); err != nil {
		return asMistake(err)
	}
	breaker := &settings.Breaker
	_, err := adjust.NewGate(h.deliverer, adjust.GateConfig{Faults: breaker.Faults, Window: breaker.Window, Probe: breaker.Probe.Backoff()})
	if err == nil {
		_, err = settings.Grants(lookup)
	}
	if closeErr := h.deliverer.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return asMistake(err)
	}
	return nil
}
