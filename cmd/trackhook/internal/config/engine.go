package config

import (
	"slices"

	"trackhook/engine"
)

// EngineApp is the app in the words of the engine.
func (a *App) EngineApp() engine.App {
	return engine.App{Token: a.Token, Environment: engine.Environment(a.Environment)}
}

// EngineApps are the apps to serve, in the order of the file. None: the host is the demo.
func (c *Config) EngineApps() []engine.App {
	var apps []engine.App
	for i := range c.Apps {
		apps = append(apps, c.Apps[i].EngineApp())
	}
	return apps
}

// SettingsOf are the settings of an app, nil when it is not configured.
func (c *Config) SettingsOf(app engine.App) *App {
	i := slices.IndexFunc(c.Apps, func(a App) bool { return a.EngineApp() == app })
	if i < 0 {
		return nil
	}
	return &c.Apps[i]
}

// Backoff is the clock in the words of the engine.
func (c *Clock) Backoff() engine.Backoff {
	return engine.Backoff{Base: c.Base, Max: c.Max, JitterMin: c.JitterMin, JitterMax: c.JitterMax}
}

// Schedule holds the clocks in the words of the engine.
func (r *Retry) Schedule() engine.Schedule {
	return engine.Schedule{
		Default: r.Default.Backoff(), Install: r.Install.Backoff(), Device: r.Device.Backoff(), DeviceLimit: r.DeviceLimit,
		Blocked: r.Blocked.Backoff(), EventAge: r.EventAge, AdRevenueAge: r.AdRevenueAge,
	}
}
