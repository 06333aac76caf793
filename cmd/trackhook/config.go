package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/admin"
	"trackhook/scripting"
)

// config is what `trackhook run` works with. Each setting has a flag, an environment variable and a key of the file,
// in that order of precedence; lists and maps have a key only.
type config struct {
	Listen    string        `yaml:"listen"`
	Data      string        `yaml:"data"`
	Plugins   string        `yaml:"plugins_dir"`
	Endpoint  string        `yaml:"endpoint"`
	LogFormat string        `yaml:"log_format"`
	LogLevel  string        `yaml:"log_level"`
	InFlight  int           `yaml:"in_flight"`
	Timeout   time.Duration `yaml:"attempt_timeout"`
	Drain     time.Duration `yaml:"drain"`
	RunLimit  time.Duration `yaml:"run_timeout"`

	Apps   []appConfig       `yaml:"apps"`
	Device map[string]string `yaml:"device"`
	Retry  retryConfig       `yaml:"retry"`
	API    apiConfig         `yaml:"api"`
	Log    logConfig         `yaml:"log"`
	Full   fullConfig        `yaml:"high_water"`
	Rules  string            `yaml:"rules"`
	CAFile string            `yaml:"ca_file"`
	Break  breakerConfig     `yaml:"breaker"`
	// Scripts grants rights to plugins by name.
	Scripts map[string]scriptConfig `yaml:"plugins"`

	// The short form for one app, by flags and environment.
	AppToken      string `yaml:"-"`
	Environment   string `yaml:"-"`
	AuthTokenFile string `yaml:"-"`
	AuthTokenEnv  string `yaml:"-"`
	// DeviceFlags are KIND=ID.
	DeviceFlags []string `yaml:"-"`

	origin origin
}

// appConfig is one app at Adjust.
type appConfig struct {
	Token         string `yaml:"token"`
	Environment   string `yaml:"environment"`
	AuthTokenEnv  string `yaml:"auth_token_env"`
	AuthTokenFile string `yaml:"auth_token_file"`
	Endpoint      string `yaml:"endpoint"`
	GDPREndpoint  string `yaml:"gdpr_endpoint"`
	// HoldEvents keeps events back until the server has accepted a session of their device.
	HoldEvents bool `yaml:"hold_events_until_session"`
}

// clockConfig is one back-off. Zero means the default.
type clockConfig struct {
	Base      time.Duration `yaml:"base"`
	Max       time.Duration `yaml:"max"`
	JitterMin float64       `yaml:"jitter_min"`
	JitterMax float64       `yaml:"jitter_max"`
}

// retryConfig holds the clocks of engine.Schedule.
type retryConfig struct {
	Default     clockConfig   `yaml:",inline"`
	Install     clockConfig   `yaml:"install"`
	Device      clockConfig   `yaml:"device"`
	DeviceLimit time.Duration `yaml:"device_limit"`
	Blocked     clockConfig   `yaml:"blocked"`
	// EventAge and AdRevenueAge are how old a package may become before the server refuses it.
	EventAge     time.Duration `yaml:"event_age"`
	AdRevenueAge time.Duration `yaml:"ad_revenue_age"`
}

// breakerConfig says when a server is held to be down. Zero means the default.
type breakerConfig struct {
	Faults int         `yaml:"faults"`
	Window int         `yaml:"window"`
	Probe  clockConfig `yaml:"probe"`
}

// fullConfig holds the marks over which nothing is taken in. Zero means the default.
type fullConfig struct {
	Queued    uint64 `yaml:"queued"`
	Bytes     uint64 `yaml:"bytes"`
	Free      uint64 `yaml:"free"`
	DeadBytes uint64 `yaml:"dead_bytes"`
}

// scriptConfig is what one plugin may do.
type scriptConfig struct {
	AllowHosts []string      `yaml:"allow_hosts"`
	Env        []string      `yaml:"env"`
	Timeout    time.Duration `yaml:"timeout"`
}

// grantsAtHand is grants for commands that run scripts beside the host, in CI for one: a variable that is not set is one
// that the script does not find.
func (c *config) grantsAtHand(lookup func(string) (string, bool)) map[string]scripting.PluginConfig {
	grants := make(map[string]scripting.PluginConfig, len(c.Scripts))
	for name, script := range c.Scripts {
		env := map[string]string{}
		for _, variable := range script.Env {
			if value, ok := lookup(variable); ok {
				env[variable] = value
			}
		}
		grants[name] = scripting.PluginConfig{AllowHosts: script.AllowHosts, Env: env, Timeout: script.Timeout}
	}
	return grants
}

// grants reads the environment variables that plugins are granted. One that is not set is a mistake of whoever starts
// the host, and better found now than by a purchase that nobody is told of.
func (c *config) grants(lookup func(string) (string, bool)) (map[string]scripting.PluginConfig, error) {
	grants := make(map[string]scripting.PluginConfig, len(c.Scripts))
	for name, script := range c.Scripts {
		env := make(map[string]string, len(script.Env))
		for _, variable := range script.Env {
			value, ok := lookup(variable)
			if !ok {
				return nil, fmt.Errorf("plugins.%s: the environment variable %s is not set", name, variable)
			}
			env[variable] = value
		}
		grants[name] = scripting.PluginConfig{AllowHosts: script.AllowHosts, Env: env, Timeout: script.Timeout}
	}
	return grants, nil
}

// apiConfig is about HTTP in.
type apiConfig struct {
	TokensEnv  string `yaml:"tokens_env"`
	TokensFile string `yaml:"tokens_file"`
}

// logConfig is about the log of responses.
type logConfig struct {
	Retain      time.Duration `yaml:"retain"`
	RetainBytes uint64        `yaml:"retain_bytes"`
	// DeadAge is how long dead letters are kept.
	DeadAge time.Duration `yaml:"dead_age"`
}

func defaultConfig() config {
	return config{
		Listen: admin.DefaultAddress, Data: ".trackhook", Plugins: "plugins",
		LogFormat: "auto", LogLevel: "info",
	}
}

// flags binds the settings to flags. The values before parsing are the defaults.
func (c *config) flags(set *pflag.FlagSet) {
	retry := engine.DefaultSchedule().Default
	set.StringVar(&c.Listen, "listen", c.Listen, "address to take packages in at")
	set.StringVar(&c.Data, "data", c.Data, "folder that holds the queue and the log")
	set.StringVar(&c.Plugins, "plugins", c.Plugins, "folder that holds the scripts")
	set.StringVar(&c.Endpoint, "endpoint", c.Endpoint, "server to send to, instead of Adjust's (or of the demo's own)")
	set.StringVar(&c.LogFormat, "log-format", c.LogFormat, "auto, console or json")
	set.StringVar(&c.LogLevel, "log-level", c.LogLevel, "debug, info, warn or error")
	set.IntVar(&c.InFlight, "in-flight", c.InFlight, fmt.Sprintf("attempts at once (default %d)", engine.DefaultInFlight))
	set.DurationVar(&c.Timeout, "attempt-timeout", c.Timeout, fmt.Sprintf("time limit of one attempt (default %gs)", adjust.DefaultTimeout.Seconds()))
	set.DurationVar(&c.Drain, "drain", c.Drain, fmt.Sprintf("how long attempts in flight may go on at shutdown (default %v)", engine.DefaultDrain))
	set.DurationVar(&c.RunLimit, "run-timeout", c.RunLimit, fmt.Sprintf("time limit of one run of a script (default %v)", scripting.DefaultTimeout))
	set.DurationVar(&c.Retry.Default.Base, "retry-base", c.Retry.Default.Base, fmt.Sprintf("wait after the first failure (default %v)", retry.Base))
	set.DurationVar(&c.Retry.Default.Max, "retry-max", c.Retry.Default.Max, fmt.Sprintf("longest wait between attempts (default %v)", retry.Max))
	set.StringVar(&c.Rules, "rules", c.Rules, "file with rules for the server's answers, before the built-in ones")
	set.StringVar(&c.CAFile, "ca-file", c.CAFile, "file of certificates to trust beside the system's")
	set.StringVar(&c.AppToken, "app-token", c.AppToken, "app to serve, when the file names none")
	set.StringVar(&c.Environment, "environment", c.Environment, "sandbox or production, with --app-token")
	set.StringVar(&c.AuthTokenEnv, "auth-token-env", c.AuthTokenEnv, "environment variable that holds the app's S2S token")
	set.StringVar(&c.AuthTokenFile, "auth-token-file", c.AuthTokenFile, "file that holds the app's S2S token")
	set.StringVar(&c.API.TokensEnv, "api-tokens-env", c.API.TokensEnv, "environment variable that holds the tokens that clients must send")
	set.StringVar(&c.API.TokensFile, "api-tokens-file", c.API.TokensFile, "file that holds the tokens that clients must send")
	set.StringArrayVar(&c.DeviceFlags, "device", nil, "this host's own device as KIND=ID, such as external_device_id=kiosk-17")
}

// load reads the file at path, if any, and the environment, and puts them below the flags that were given.
func (c *config) load(path string, set *pflag.FlagSet, lookup func(string) (string, bool)) error {
	type given struct {
		flag  *pflag.Flag
		value []string
	}
	var flags []given
	set.VisitAll(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if f.Changed {
			flags = append(flags, given{f, values})
		} else if value, ok := lookup(envName(f.Name)); ok && f.Name != "help" && f.Name != "config" {
			flags = append(flags, given{f, []string{value}})
		}
	})
	if path != "" {
		if err := c.read(path); err != nil {
			return usageError{err}
		}
	}
	for _, g := range flags {
		// It is not the file's value that counts. Most flags are named as their keys.
		delete(c.origin.lines, strings.ReplaceAll(g.flag.Name, "-", "_"))
		delete(c.origin.lines, strings.Replace(g.flag.Name, "-", ".", 1))
		if g.flag.Name == "plugins" {
			delete(c.origin.lines, "plugins_dir")
		}
		if list, ok := g.flag.Value.(pflag.SliceValue); ok {
			if err := list.Replace(g.value); err != nil {
				return usageError{fmt.Errorf("--%s or %s: %w", g.flag.Name, envName(g.flag.Name), err)}
			}
			continue
		}
		if err := g.flag.Value.Set(g.value[0]); err != nil {
			return usageError{fmt.Errorf("--%s or %s: %q: %w", g.flag.Name, envName(g.flag.Name), g.value[0], err)}
		}
	}
	return nil
}

func envName(flag string) string {
	return "TRACKHOOK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// check fills in the short form of an app and finds what is wrong before anything starts.
func (c *config) check() error {
	if c.AppToken != "" {
		if len(c.Apps) > 0 {
			return errors.New("apps are named in the configuration file; leave out --app-token and TRACKHOOK_APP_TOKEN, or the file's apps")
		}
		c.Apps = []appConfig{{
			Token: c.AppToken, Environment: c.Environment, AuthTokenEnv: c.AuthTokenEnv, AuthTokenFile: c.AuthTokenFile,
		}}
	} else if c.Environment != "" || c.AuthTokenEnv != "" || c.AuthTokenFile != "" {
		return errors.New("--environment, --auth-token-env and --auth-token-file belong to --app-token, which is missing")
	}
	var problems []error
	wrong := func(key, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %w", c.origin.at(key), fmt.Errorf(format, args...)))
	}
	seen := map[engine.App]bool{}
	for i := range c.Apps {
		app, key := c.Apps[i].app(), fmt.Sprintf("apps[%d]", i)
		if err := checkApp(app); err != nil {
			wrong(key, "%w", err)
		}
		if seen[app] {
			wrong(key, "%s is named twice", app)
		}
		seen[app] = true
	}
	if err := c.checkDevice(); err != nil {
		problems = append(problems, err)
	}
	switch {
	case c.Plugins == "":
		wrong("plugins_dir", "must name the folder of the scripts")
	case c.Data == "":
		wrong("data", "must name a folder")
	case within(c.Plugins, c.Data):
		wrong("data", "data folder %s lies inside the plugins folder %s; keep them apart", c.Data, c.Plugins)
	}
	c.checkNumbers(wrong)
	return errors.Join(problems...)
}

// checkNumbers finds numbers that cannot be meant.
func (c *config) checkNumbers(wrong func(key, format string, args ...any)) {
	for _, number := range []struct {
		key   string
		value int64
	}{
		{"in_flight", int64(c.InFlight)},
		{"breaker.faults", int64(c.Break.Faults)},
		{"breaker.window", int64(c.Break.Window)},
		{"attempt_timeout", int64(c.Timeout)},
		{"drain", int64(c.Drain)},
		{"run_timeout", int64(c.RunLimit)},
		{"log.retain", int64(c.Log.Retain)},
		{"log.dead_age", int64(c.Log.DeadAge)},
		{"retry.device_limit", int64(c.Retry.DeviceLimit)},
		{"retry.event_age", int64(c.Retry.EventAge)},
		{"retry.ad_revenue_age", int64(c.Retry.AdRevenueAge)},
	} {
		if number.value < 0 {
			wrong(number.key, "must not be negative")
		}
	}
	for _, clock := range []struct {
		key   string
		value clockConfig
	}{
		{"retry", c.Retry.Default},
		{"retry.install", c.Retry.Install},
		{"retry.device", c.Retry.Device},
		{"retry.blocked", c.Retry.Blocked},
		{"breaker.probe", c.Break.Probe},
	} {
		// Zeros mean defaults, which the parts that use them check against what is given.
		switch v := clock.value; {
		case min(v.Base, v.Max) < 0, v.Base > 0 && v.Max > 0 && v.Max < v.Base:
			wrong(clock.key, "base must be positive, and max at least base")
		case !(v.JitterMin >= 0 && v.JitterMax >= 0 && v.JitterMax <= engine.MaxJitter) || v.JitterMax > 0 && v.JitterMax < v.JitterMin:
			wrong(clock.key, "jitter must be two numbers between 0 and %d, the lower one first", engine.MaxJitter)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Scripts)) {
		if c.Scripts[name].Timeout < 0 {
			wrong("plugins."+name+".timeout", "must not be negative")
		}
	}
}

func (c *config) checkDevice() error {
	for _, given := range c.DeviceFlags {
		name, id, ok := strings.Cut(given, "=")
		if !ok || name == "" || id == "" {
			return fmt.Errorf("device %q must be KIND=ID, such as external_device_id=kiosk-17", given)
		}
		if c.Device == nil {
			c.Device = map[string]string{}
		}
		c.Device[name] = id
	}
	if len(c.Device) == 0 {
		return nil
	}
	if !slices.ContainsFunc(engine.DeviceIDs(), func(name string) bool { return c.Device[name] != "" }) {
		return fmt.Errorf("%s: names no identifier, such as external_device_id; leave device out when this host is not to be measured itself", c.origin.at("device"))
	}
	return nil
}

// checkApp uses the rules of the door, so that a mistake is found at start.
func checkApp(app engine.App) error {
	p := engine.Package{Kind: engine.KindSession, App: app, Device: "external_device_id=x"}
	return p.Prepare(time.Now())
}

func (a *appConfig) app() engine.App {
	return engine.App{Token: a.Token, Environment: engine.Environment(a.Environment)}
}

// secret reads a secret from an environment variable or a file. It is never logged.
func secret(what, env, file string) (string, error) {
	switch {
	case env != "" && file != "":
		return "", fmt.Errorf("%s: name an environment variable or a file, not both", what)
	case env != "":
		value := strings.TrimSpace(os.Getenv(env))
		if value == "" {
			return "", fmt.Errorf("%s: the environment variable %s is empty or not set", what, env)
		}
		return value, nil
	case file != "":
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", what, err)
		}
		value := strings.TrimSpace(string(text))
		if value == "" {
			return "", fmt.Errorf("%s: the file %s is empty", what, file)
		}
		return value, nil
	default:
		return "", nil
	}
}

func (c *clockConfig) backoff() engine.Backoff {
	return engine.Backoff{Base: c.Base, Max: c.Max, JitterMin: c.JitterMin, JitterMax: c.JitterMax}
}

func (c *retryConfig) schedule() engine.Schedule {
	return engine.Schedule{
		Default: c.Default.backoff(), Install: c.Install.backoff(), Device: c.Device.backoff(), DeviceLimit: c.DeviceLimit,
		Blocked: c.Blocked.backoff(), EventAge: c.EventAge, AdRevenueAge: c.AdRevenueAge,
	}
}

// within tells whether inner is dir or lies below it.
func within(dir, inner string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	inner, err = filepath.Abs(inner)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(dir, inner)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
