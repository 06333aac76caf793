package host

import (
	"cmp"
	"errors"
	"fmt"
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
	inFlight := cmp.Or(h.settings.InFlight, engine.DefaultInFlight)
	if err := h.openDeliverer(inFlight); err != nil {
		return asMistake(err)
	}
	breaker := &h.settings.Breaker
	gate, err := adjust.NewGate(h.deliverer, adjust.GateConfig{
		MaxInFlight: inFlight, Faults: breaker.Faults, Window: breaker.Window, Probe: breaker.Probe.Backoff(),
	})
	if err != nil {
		return asMistake(err)
	}
	h.metrics = metrics.New(h.apps...)
	h.engine, err = engine.New(engine.Config{
		Store: h.store, Deliverer: h.metrics.Deliverer(h.deliverer), Gate: gate, Schedule: h.settings.Retry.Schedule(),
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

// asMistake makes a mistake in the settings of what a part was not made from. Parts speak of their own fields; the prefix
// that names the part goes, and the name of the field becomes that of the key.
func asMistake(err error) error {
	if mistake, ok := errors.AsType[*config.Error](err); ok {
		return mistake
	}
	for _, part := range []string{"new adjust deliverer: ", "new adjust gate: ", "new engine: ", "new plugin host: "} {
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

func (h *Host) openDeliverer(inFlight int) error {
	settings, err := h.adjustSettings()
	if err != nil {
		return err
	}
	rules, err := h.rules()
	if err != nil {
		return err
	}
	if file := h.settings.CAFile; file != "" {
		if _, err := os.ReadFile(file); err != nil {
			return config.Unreadable("ca_file: the file", file, err)
		}
	}
	h.deliverer, err = adjust.New(adjust.Config{
		Apps: settings, Endpoint: h.endpoint, Timeout: h.settings.AttemptTimeout, MaxConns: inFlight, Version: h.version,
		Rules: rules, CAFile: h.settings.CAFile,
	})
	return err
}

func (h *Host) openScripts() error {
	grants, err := h.settings.Grants(os.LookupEnv)
	if err != nil {
		return err
	}
	h.scripts, err = scripting.New(scripting.Config{
		Plugins: grants, Dir: h.settings.PluginsDir, Engine: h.engine, Apps: h.apps, DefaultApp: h.apps[0], Device: h.device,
		Log: h.log, Timeout: h.settings.RunTimeout,
	})
	if err != nil {
		return asMistake(err)
	}
	return nil
}

// adjustSettings is what the deliverer must know of each app, with the secrets.
func (h *Host) adjustSettings() (map[engine.App]adjust.Settings, error) {
	settings := make(map[engine.App]adjust.Settings, len(h.settings.Apps))
	for i := range h.settings.Apps {
		app := &h.settings.Apps[i]
		token, err := app.AuthToken()
		if err != nil {
			return nil, err
		}
		settings[app.EngineApp()] = adjust.Settings{
			Endpoint: app.Endpoint, GDPREndpoint: app.GDPREndpoint, Token: adjust.NewSecret(token),
		}
	}
	return settings, nil
}

// rules reads the file that comes before the built-in rules.
func (h *Host) rules() (*adjust.Rules, error) {
	if h.settings.Rules == "" {
		return nil, nil //nolint:nilnil // no file means the built-in rules, which is what nil means to adjust
	}
	text, err := os.ReadFile(h.settings.Rules)
	if err != nil {
		return nil, config.Unreadable("rules: the file", h.settings.Rules, err)
	}
	rules, err := adjust.LoadRules(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.settings.Rules, err)
	}
	return rules, nil
}

// serves tells whether an app is one of those that this host was configured with. Packages that an earlier configuration
// has left behind must not go to an endpoint that was not meant for them, without their token.
func (h *Host) serves(app engine.App) bool { return slices.Contains(h.apps, app) }

func (h *Host) holdEvents(app engine.App) bool {
	settings := h.settings.SettingsOf(app)
	return settings != nil && settings.HoldEvents
}
