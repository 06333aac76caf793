package scripting

import (
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
)

// The defaults of the fields of [Config].
const (
	// DefaultTimeout is the time limit of a run.
	DefaultTimeout = instance.DefaultTimeout
	// DefaultGrace is how long promises of a replaced version may go on.
	DefaultGrace = instance.DefaultGrace
	// DefaultDebounce is how long a file must have been quiet before it is read.
	DefaultDebounce = 20 * time.Millisecond
	// DefaultPoll is how often file contents are compared.
	DefaultPoll = 2 * time.Second
)

// Config says what a [Host] works with. Dir, Engine and DefaultApp are required; every other zero field means its
// default.
type Config struct {
	// Dir is the folder that plugins are dropped into. It need not exist, and is not made: it may be a slip. Plugins are
	// loaded when it appears.
	Dir string
	// Engine hands over responses and takes the packages that scripts track.
	Engine *engine.Engine
	// Apps are the apps that scripts may name in a config; DefaultApp is what {YourAppToken} and the globals appToken and
	// environment mean. DefaultApp is one of Apps, or is added to them.
	Apps       []engine.App
	DefaultApp engine.App
	// Device are the S2S parameters of the host's own device, with at least one identifier. Empty: this host is a gateway
	// and is not measured itself; scripts that track something without setExternalDeviceId get an error.
	Device map[string]string
	// Log receives the host's own lines and what scripts print. The host's own have the field component=plugins. Default:
	// nothing is logged.
	Log zerolog.Logger
	// Timeout is the time limit for one run of a listener, and for the top level of a script. Default [DefaultTimeout].
	Timeout time.Duration
	// Plugins grants things to plugins, by the plugin's name; [Host.Regrant] replaces it. A name that no plugin has is warned about at start. Default:
	// nothing is granted beyond what every plugin may do.
	Plugins map[string]PluginConfig
	// Debounce is how long a file must have been quiet before it is read. Default [DefaultDebounce].
	Debounce time.Duration
	// Poll is how often file contents are compared, as a net for file systems without events. Default [DefaultPoll].
	Poll time.Duration
	// Grace is how long promises of a replaced version may go on. Default [DefaultGrace].
	Grace time.Duration

	// noEvents leaves only polling, checked is called after a plugin was compared with the disk, and emptyPatience takes the
	// place of the constant of that name. All are for tests.
	noEvents      bool
	checked       func(plugin string)
	emptyPatience time.Duration
}

// PluginConfig is what one plugin may do. The zero value grants nothing.
type PluginConfig = instance.Grants

// withDefaults returns the configuration with every default filled in, or says what is wrong with it.
func (c Config) withDefaults() (Config, error) {
	settings, err := c.settings().WithDefaults()
	if err != nil {
		return c, err
	}
	c.Dir, c.Apps, c.Timeout, c.Grace = settings.Dir, settings.Apps, settings.Timeout, settings.Grace
	if c.emptyPatience == 0 {
		c.emptyPatience = emptyPatience
	}
	if c.Debounce, err = instance.OrDefault("Debounce", c.Debounce, DefaultDebounce); err != nil {
		return c, err
	}
	c.Poll, err = instance.OrDefault("Poll", c.Poll, DefaultPoll)
	return c, err
}

// settings is what a version at work needs of the configuration.
func (c Config) settings() instance.Settings {
	return instance.Settings{
		Settings: adjust.Settings{Engine: c.Engine, Apps: c.Apps, DefaultApp: c.DefaultApp, Device: c.Device},
		Dir:      c.Dir, Log: c.Log, Timeout: c.Timeout, Grace: c.Grace, Plugins: c.Plugins,
	}
}
