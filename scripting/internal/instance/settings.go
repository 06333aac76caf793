package instance

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/node"
	"trackhook/scripting/internal/regex"
	"trackhook/scripting/internal/web"
)

// The defaults of the fields of [Settings].
const (
	// DefaultTimeout is the time limit of a run.
	DefaultTimeout = 5 * time.Second
	// DefaultGrace is how long promises of a replaced version may go on.
	DefaultGrace = 5 * time.Second
)

// Component marks the host's own lines in the log, in the field component, beside those of scripts.
const Component = "plugins"

// Settings are what the versions of all plugins of a host work with. Dir, Engine and DefaultApp are required.
type Settings struct {
	adjust.Settings
	// Dir is the plugins folder.
	Dir string
	// Log receives what scripts print, and what is said about them. Default: nothing is logged.
	Log zerolog.Logger
	// Heard is told of each line that scripts print and that is logged, on whatever goroutine; it must not wait. Default: it
	// is nobody.
	Heard func(*Line)
	// Said takes the lines that have nothing but a text, in the place of Log and Heard: those say more than is needed to those who
	// only pass them on. Default: Log and Heard take all.
	Said func(Line)
	// TellSeq has lines in the log bear the number of the response that the plugin ran on, as the field [SeqField].
	TellSeq bool
	// Timeout is the time limit for one run. Default [DefaultTimeout].
	Timeout time.Duration
	// Grace is how long promises of a replaced version may go on. Default [DefaultGrace].
	Grace time.Duration
	// Plugins grants things to plugins, by the plugin's name.
	Plugins map[string]Grants
}

// Grants are what one plugin may do. The zero value grants nothing.
type Grants struct {
	// AllowHosts restricts fetch to these hosts, and permits private ones among them: a name, *.name for the names below
	// one, an address, or * for every public host, each with or without :port, such as hooks.slack.com or 127.0.0.1:9000.
	// Without a port they mean 80 and 443, with :* every port. Names lead to public addresses only; one with its port,
	// and not with :*, also to private networks, and localhost to this machine.
	// Default: every host is allowed at public addresses, and no address of this machine or of private networks.
	AllowHosts []string
	// Env are the environment variables that the plugin finds in process.env. Their values, from six bytes on, are taken
	// out of all that is logged and recorded of the plugin, in whatever form; see [Secrets]. Default: none.
	Env map[string]string
	// Isolation is in which process the plugin runs. Default: as the host says.
	Isolation Isolation
	// Timeout is the plugin's own time limit. Default: that of all plugins.
	Timeout time.Duration
}

// Secrets are those among what is granted; nil when there are none.
func (g *Grants) Secrets() *Secrets { return secretsOf(g.Env) }

// Isolation says in which process a plugin runs.
type Isolation string

// The isolations: in that of the host, in one of its own, or in one that plugins share until one of them ends it.
const (
	InHost    Isolation = "none"
	InProcess Isolation = "process"
	InShared  Isolation = "auto"
)

// Known tells whether an isolation is one of those, or none.
func (i Isolation) Known() bool { return i == "" || i == InHost || i == InProcess || i == InShared }

// WithDefaults returns the settings with every default filled in, or says what is wrong with them.
func (s Settings) WithDefaults() (Settings, error) {
	if s.Dir == "" || s.Engine == nil || s.DefaultApp == (engine.App{}) {
		return s, errors.New("the fields Dir, Engine and DefaultApp are required")
	}
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return s, fmt.Errorf("plugins folder: %w", err)
	}
	s.Dir = dir
	if !slices.Contains(s.Apps, s.DefaultApp) {
		s.Apps = append(slices.Clone(s.Apps), s.DefaultApp)
	}
	for _, app := range s.Apps {
		if app.Token == "" || !app.Environment.Known() {
			return s, fmt.Errorf("app %s: needs a token, and an environment that is sandbox or production", app)
		}
	}
	if err := CheckGrants(s.Plugins); err != nil {
		return s, err
	}
	if s.Timeout, err = OrDefault("Timeout", s.Timeout, DefaultTimeout); err != nil {
		return s, err
	}
	s.Grace, err = OrDefault("Grace", s.Grace, DefaultGrace)
	return s, err
}

// CheckGrants says what is wrong with grants; nil: nothing.
func CheckGrants(plugins map[string]Grants) error {
	for _, name := range slices.Sorted(maps.Keys(plugins)) {
		granted := plugins[name]
		if err := fetch.CheckHosts(granted.AllowHosts); err != nil {
			return fmt.Errorf("plugins.%s.%w", name, err)
		}
		if granted.Timeout < 0 {
			return fmt.Errorf("plugins.%s.timeout must not be negative", name)
		}
	}
	return nil
}

// OrDefault returns a duration of a configuration, or its default in place of zero.
func OrDefault(field string, value, fallback time.Duration) (time.Duration, error) {
	switch {
	case value < 0:
		return 0, fmt.Errorf("%s must not be negative", field)
	case value == 0:
		return fallback, nil
	default:
		return value, nil
	}
}

// Shared is what all plugins of a host share: the settings, the watchdog, the devices that scripts act for, and the
// compiled form of the scripts that every machine runs. It may be used from many goroutines at once.
type Shared struct {
	settings Settings
	rights   atomic.Pointer[rights]
	watchdog *machine.Watchdog
	gaps     func() (*goja.Program, error)
	bounds   func() (*goja.Program, error)
	web      *web.Programs
	regexps  *regex.Engine
	node     *node.Programs
	devices  *adjust.Devices
}

// NewShared makes what the plugins of one host share. Nothing is started or compiled before it is needed.
func NewShared(settings Settings) *Shared {
	s := &Shared{
		settings: settings,
		watchdog: machine.NewWatchdog(),
		gaps:     sync.OnceValues(compileGaps),
		bounds:   sync.OnceValues(compileBounds),
		web:      web.NewPrograms(),
		regexps:  regex.NewEngine(),
		node:     node.NewPrograms(),
		devices:  adjust.NewDevices(settings.Settings),
	}
	s.rights.Store(&rights{maps.Clone(settings.Plugins), cmp.Or(settings.Timeout, DefaultTimeout)})
	return s
}

// Sibling makes what plugins share that run in the same process and have other settings: all but those.
func (s *Shared) Sibling(settings Settings) *Shared {
	sibling := &Shared{
		settings: settings, watchdog: s.watchdog, gaps: s.gaps, bounds: s.bounds, web: s.web, regexps: s.regexps, node: s.node,
		devices: s.devices.Sibling(settings.Settings),
	}
	sibling.rights.Store(&rights{maps.Clone(settings.Plugins), cmp.Or(settings.Timeout, DefaultTimeout)})
	return sibling
}

// rights are the grants of all plugins, and the time limit of those without one of their own.
type rights struct {
	plugins map[string]Grants
	timeout time.Duration
}

// of returns what a plugin may do, with its time limit filled in.
func (r *rights) of(plugin string) Grants {
	granted := r.plugins[plugin]
	granted.Timeout = cmp.Or(granted.Timeout, r.timeout)
	return granted
}

// Rights returns what a plugin may do now, with its time limit filled in. It is only read. A version keeps the variables
// and the time limit that it was started with.
func (s *Shared) Rights(plugin string) Grants { return s.rights.Load().of(plugin) }

// Granted returns the names that something is granted to now, sorted.
func (s *Shared) Granted() []string { return slices.Sorted(maps.Keys(s.rights.Load().plugins)) }

// Regrant replaces Plugins and Timeout of the settings, and returns what a plugin could do before. It checks nothing; see
// [CheckGrants].
func (s *Shared) Regrant(plugins map[string]Grants, timeout time.Duration) (before func(plugin string) Grants) {
	was := s.rights.Swap(&rights{maps.Clone(plugins), cmp.Or(timeout, DefaultTimeout)})
	return was.of
}
