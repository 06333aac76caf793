package scripting

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wall"
)

// The defaults of the fields of [Config].
const (
	// DefaultTimeout is the time limit of a run, which internal/instance/settings.go says: versions run without a host, too.
	DefaultTimeout = instance.DefaultTimeout
	// DefaultGrace is how long promises of a replaced version may go on.
	DefaultGrace = instance.DefaultGrace
	// DefaultDebounce is how long a file must have been quiet before it is read.
	DefaultDebounce = source.DefaultDebounce
	// DefaultPoll is the polling interval: how often file contents are compared. It and the one before stand in
	// internal/source/watch.go, because tests wait for changes as well.
	DefaultPoll = source.DefaultPoll
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
	// Isolation says in which processes plugins run that do not say it themselves in Plugins. Default [InHost]. [Host.Regrant]
	// does not replace it, nor what plugins say. [Check], [Test] and [Replay] run in a process of their own unless it is InHost.
	Isolation Isolation
	// Worker is the command line of a worker process: of a program that calls [Work] with its standard input and output.
	// Required where a plugin is not to run in the process of the host.
	Worker []string
	// WorkerMemory is how many bytes a worker process may use, and a quarter of what one may use that plugins share. Default
	// [DefaultWorkerMemory].
	WorkerMemory int64
	// Debounce is how long a file must have been quiet before it is read. Default [DefaultDebounce].
	Debounce time.Duration
	// Poll is how often file contents are compared, as a net for file systems without events. Default [DefaultPoll].
	Poll time.Duration
	// Grace is how long promises of a replaced version may go on. Default [DefaultGrace].
	Grace time.Duration

	// home is what the plugins of all processes share, pool the process of those that share one, or nil, and spare the one that is
	// started ahead, or nil; set by New.
	home  adjust.Home
	pool  *wall.Pool
	spare *wall.Spare

	// noEvents leaves only polling, checked is called after a plugin was compared with the disk, and emptyPatience takes the
	// place of the constant of that name. All are for tests.
	noEvents      bool
	checked       func(plugin string)
	emptyPatience time.Duration
}

// Isolation says in which process a plugin runs.
type Isolation = instance.Isolation

// The isolations.
const (
	// InHost: in that of the host. A plugin that nests too deep, or takes too much memory, ends the host.
	InHost = instance.InHost
	// InProcess: in one of its own, which may die without the host.
	InProcess = instance.InProcess
	// InShared: in one that plugins share, which may die without the host. Those that ran when it died get processes of their
	// own: the one that has ended it stays there, others come back after a while.
	InShared = instance.InShared
)

// DefaultWorkerMemory is how many bytes a worker process may use.
const DefaultWorkerMemory = wall.DefaultMemory

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
	c.WorkerMemory = cmp.Or(c.WorkerMemory, DefaultWorkerMemory)
	if err := c.checkIsolation(); err != nil {
		return c, err
	}
	c.Poll, err = instance.OrDefault("Poll", c.Poll, DefaultPoll)
	return c, err
}

// checkIsolation says what is wrong with where plugins are to run; nil: nothing.
func (c *Config) checkIsolation() error {
	for name, granted := range c.Plugins {
		if !granted.Isolation.Known() {
			return fmt.Errorf("plugins.%s.isolation: %q is none of auto, process and none", name, granted.Isolation)
		}
	}
	switch {
	case !c.Isolation.Known():
		return fmt.Errorf("isolation: %q is none of auto, process and none", c.Isolation)
	case c.isolates() && len(c.Worker) == 0:
		return errors.New("the field Worker is required where plugins run in other processes")
	}
	return nil
}

// isolates tells whether plugins may run outside of the host's process.
func (c *Config) isolates() bool {
	outside := func(i Isolation) bool { return i == InProcess || i == InShared }
	for _, granted := range c.Plugins {
		if outside(granted.Isolation) {
			return true
		}
	}
	return outside(c.Isolation)
}

// isolation is in which process a plugin is to run.
func (c *Config) isolation(plugin string) Isolation {
	return cmp.Or(c.Plugins[plugin].Isolation, c.Isolation, InHost)
}

// settings is what a version at work needs of the configuration.
func (c Config) settings() instance.Settings {
	return instance.Settings{
		Settings: adjust.Settings{Engine: c.Engine, Home: c.home, Apps: c.Apps, DefaultApp: c.DefaultApp, Device: c.Device},
		Dir:      c.Dir, Log: c.Log, Timeout: c.Timeout, Grace: c.Grace, Plugins: c.Plugins,
	}
}
