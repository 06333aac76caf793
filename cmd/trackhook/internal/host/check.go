package host

import (
	"fmt"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/store"
	"trackhook/engine/adjust"
	"trackhook/scripting"
)

// Check reads what the settings name, as [Open] does, and starts nothing. An error is what Open would have said.
func Check(settings config.Config, lookup func(string) (string, bool)) error {
	h := &Host{settings: settings, endpoint: settings.Endpoint}
	if err := h.begin(); err != nil {
		return err
	}
	if err := h.openDeliverer(mostInFlight(&settings, descriptors())); err != nil {
		return asMistake(err)
	}
	breaker := &settings.Breaker
	_, err := adjust.NewGate(h.deliverer, adjust.GateConfig{Faults: breaker.Faults, Window: breaker.Window, Probe: breaker.Probe.Backoff()})
	if err == nil {
		err = checkParts(&settings, lookup)
	}
	if closeErr := h.deliverer.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return asMistake(err)
	}
	return nil
}

// checkParts finds what only the parts know to be wrong.
func checkParts(settings *config.Config, lookup func(string) (string, bool)) error {
	if err := store.Check(settings); err != nil {
		return err
	}
	grants, err := settings.Grants(lookup)
	if err != nil {
		return err
	}
	if err := settings.Retry.Schedule().Check(); err != nil {
		return mistake(err)
	}
	if err := scripting.CheckGrants(grants); err != nil {
		return mistake(err)
	}
	return nil
}

// mistake is an error of a part that speaks of keys of the file by itself.
func mistake(err error) error { return &config.Error{Err: fmt.Errorf("configuration: %w", err)} }
