package config

import (
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/disk"
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
	i := indexOf(c.Apps, app)
	if i < 0 {
		return nil
	}
	return &c.Apps[i]
}

// StoreConfig is the store in the data folder. Whoever opens it must open it with these settings: a store that does not
// know how long things are kept removes what is older than its defaults.
func (c *Config) StoreConfig(log zerolog.Logger) disk.Config {
	return disk.Config{
		Dir: c.Data, Retain: c.Log.Retain, RetainBytes: c.Log.RetainBytes, DeadAge: c.Log.DeadAge, Log: log,
		HighWater: disk.HighWater{
			Queued: c.HighWater.Queued, Bytes: c.HighWater.Bytes, Free: c.HighWater.Free, DeadBytes: c.HighWater.DeadBytes,
		},
	}
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
