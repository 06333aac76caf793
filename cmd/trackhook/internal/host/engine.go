package host

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"strings"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/metrics"
	"trackhook/scripting"
)

// openEngine makes the parts that send and run scripts. What it finds wrong are mistakes in the settings.
func (h *Host) openEngine() error {
	// One number bounds the engine, the gate and the connections: each alone would hold up the others, or waste them.
	inFlight := mostInFlight(&h.settings, descriptors())
	if err := h.openDeliverer(inFlight); err != nil {
		return asMistake(err)
	}
	breaker := &h.settings.Breaker
	var err error
	h.gate, err = adjust.NewGate(h.deliverer, adjust.GateConfig{
		MaxInFlight: inFlight, FindLimit: h.settings.InFlight == 0, Faults: breaker.Faults, Window: breaker.Window, Probe: breaker.Probe.Backoff(),
	})
	if err != nil {
		return asMistake(err)
	}
	h.metrics = metrics.New(h.apps...)
	h.engine, err = engine.New(engine.Config{
		Store: h.store, Deliverer: h.metrics.Deliverer(h.deliverer), Gate: h.gate, Schedule: h.settings.Retry.Schedule(),
		InFlight: inFlight, Drain: h.sendingDrain(), HoldEvents: h.holdEvents, Serves: h.serves, Log: h.log,
		Hooks: engine.Hooks{
			App:      func(a engine.AppHealth) { h.metrics.Blocked(a.App, a.Cause == engine.PauseBlocked) },
			Endpoint: func(e engine.EndpointHealth) { h.metrics.Breaker(e.Endpoint, e.Down != "") },
		},
	})
	if err != nil {
		return asMistake(err)
	}
	return h.openScripts()
}

// mostInFlight is how many attempts may be made at once at one endpoint: the number that was chosen, or what one that finds
// itself may grow to: of the descriptors that the process may have (0: nobody knows) as many as the door leaves; see
// doorConnections.
func mostInFlight(settings *config.Config, descriptors uint64) int {
	if settings.InFlight != 0 {
		return int(settings.InFlight)
	}
	most := cmp.Or(settings.InFlightMost, adjust.DefaultMostInFlight)
	if descriptors == 0 {
		return most
	}
	return min(most, max(int(min(leftByStore(descriptors), 1<<30)/4), 16)) //nolint:gosec // it was bounded
}

// asMistake makes a mistake in the settings of what a part was not made from. Parts speak of their own fields; the prefix
// that names the part goes, and the name of the field becomes that of the key.
func asMistake(err error) error {
	if mistake, ok := errors.AsType[*config.Error](err); ok {
		return mistake
	}
	for _, part := range []string{"new adjust deliverer: ", "new adjust gate: ", "new engine: ", "new plugin host: ", "adjust deliverer: ", "plugin host: "} {
		if text, ok := strings.CutPrefix(err.Error(), part); ok {
			return &config.Error{Err: partError{text: strings.ReplaceAll(text, "CAFile", "ca_file"), cause: err}}
		}
	}
	return &config.Error{Err: err}
}

// partError is an error of a part in the words of the file.
type partError struct {
	text  string
	cause error
}

func (e partError) Error() string { return "configuration: " + e.text }
func (e partError) Unwrap() error { return e.cause }

func (h *Host) openDeliverer(inFlight int) (err error) {
	if file := h.settings.CAFile; file != "" {
		if _, err := os.ReadFile(file); err != nil {
			return config.Unreadable("ca_file: the file", file, err)
		}
	}
	cfg := h.adjustConfig(h.inForce.Load())
	cfg.Endpoint, cfg.MaxConns, cfg.Version, cfg.CAFile = h.endpoint, inFlight, h.version, h.settings.CAFile
	cfg.TokenRefused = h.tokenRefused
	h.deliverer, err = adjust.New(cfg)
	return err
}

// adjustConfig is what can be replaced of the deliverer's configuration.
func (h *Host) adjustConfig(now *inForce) adjust.Config {
	return adjust.Config{Apps: now.secrets.adjustSettings(&now.settings), Rules: now.rules.rules, Timeout: now.settings.AttemptTimeout}
}

// tokenRefused says which of two tokens of an app the server takes.
func (h *Host) tokenRefused(app engine.App, kind engine.Kind, old bool) {
	line, which := h.log.Info(), "the server does not take the old S2S token of this app any more; the new one is sent, and the old one can be taken out"
	if old {
		line, which = h.log.Warn(), "the server does not take the new S2S token of this app; the old one is sent. Check the new one before the old one ends"
	}
	line.Str("app", app.Token).Str("environment", string(app.Environment)).Str("kind", string(kind)).Msg(which)
}

func (h *Host) openScripts() error {
	grants, err := h.settings.Grants(os.LookupEnv)
	if err != nil {
		return err
	}
	h.scripts, err = scripting.New(scripting.Config{
		Plugins: grants, Dir: h.settings.PluginsDir, Engine: h.engine, Apps: h.apps, DefaultApp: h.apps[0], Device: h.device,
		Log: h.log, Timeout: h.settings.RunTimeout, Isolation: scripting.Isolation(h.settings.Isolation), Worker: h.worker,
	})
	if err != nil {
		return asMistake(err)
	}
	return nil
}

// serves tells whether an app is one of those that this host was configured with. Packages that an earlier configuration
// has left behind must not go to an endpoint that was not meant for them, without their token.
func (h *Host) serves(app engine.App) bool { return slices.Contains(h.apps, app) }

func (h *Host) holdEvents(app engine.App) bool {
	settings := h.inForce.Load().settings.SettingsOf(app)
	return settings != nil && settings.HoldEvents
}
