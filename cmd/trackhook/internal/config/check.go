package config

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/ingest"
	"trackhook/engine/site"
	"trackhook/scripting"
)

// Error is a mistake of whoever wrote the configuration or chose the flags. Its text says what is wrong, where, and what
// would be right. It never holds a secret.
type Error struct{ Err error }

// Error returns the text.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *Error) Unwrap() error { return e.Err }

// check adds the short form to the apps and the device, and finds what is wrong before anything starts.
func (c *Config) check() error {
	if err := c.addShortApp(); err != nil {
		return err
	}
	p := problems{origin: &c.origin}
	c.checkApps(&p)
	if err := c.addShortDevice(); err != nil {
		p.found = append(p.found, err)
	}
	c.checkHosts(&p)
	c.checkPages(&p)
	if (c.TLS.CertFile == "") != (c.TLS.KeyFile == "") {
		p.wrong("tls", "give cert_file and key_file together: the host proves with the key that the certificate is its own")
	}
	c.checkPostgres(&p)
	c.checkDeviceKeys(&p)
	c.checkFolders(&p)
	c.checkFiles(&p)
	c.checkLog(&p)
	c.checkNumbers(&p)
	return errors.Join(p.found...)
}

// problems collects what is wrong with settings.
type problems struct {
	*origin
	found []error
}

// wrong adds a mistake in the value of a key.
func (p *problems) wrong(key, format string, args ...any) {
	p.found = append(p.found, fmt.Errorf("%s: %w", p.at(key), fmt.Errorf(format, args...)))
}

func (c *Config) addShortApp() error {
	s := &c.short
	switch {
	case s.appToken == "" && s.environment+s.authTokenEnv+s.authTokenFile == "":
		return nil
	case s.appToken == "":
		return errors.New("--environment, --auth-token-env and --auth-token-file belong to --app-token, which is missing")
	case len(c.Apps) > 0:
		return errors.New("apps are named in the configuration file; leave out --app-token and TRACKHOOK_APP_TOKEN, or the file's apps")
	}
	c.Apps = []App{{Token: s.appToken, Environment: s.environment, AuthTokenEnv: s.authTokenEnv, AuthTokenFile: s.authTokenFile}}
	return nil
}

// addShortDevice adds the short form to the device, and checks both.
func (c *Config) addShortDevice() error {
	for _, given := range c.short.device {
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
	if engine.DeviceKey(c.Device) == "" {
		return fmt.Errorf("%s: names no identifier, such as external_device_id, that tells this device from others; leave device out when this host is not to be measured itself", c.origin.at("device"))
	}
	return nil
}

// checkApps applies the rules that packages must follow, so that a mistake is found at the start.
func (c *Config) checkApps(p *problems) {
	seen := map[engine.App]bool{}
	for i := range c.Apps {
		app, key := c.Apps[i].EngineApp(), fmt.Sprintf("apps[%d]", i)
		probe := engine.Package{Kind: engine.KindSession, App: app, Device: "external_device_id=x"}
		if err := probe.Prepare(time.Now()); err != nil {
			p.wrong(key, "%w", err)
		}
		if seen[app] {
			p.wrong(key, "%s is named twice", app)
		}
		seen[app] = true
	}
}

// checkHosts checks the names of the host. An environment variable has all of them in one text.
func (c *Config) checkHosts(p *problems) {
	var names []string
	for _, text := range c.AllowedHosts {
		names = append(names, strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	c.AllowedHosts = names
	if _, err := site.NewHosts("127.0.0.1:0", names...); err != nil {
		p.wrong("allowed_hosts", "%w", err)
	}
}

// checkPages checks which web pages may send.
func (c *Config) checkPages(p *problems) {
	api := &c.API
	if slices.Contains(api.AllowOrigins, "*") && api.TokensEnv+api.TokensFile != "" {
		p.wrong("api.allow_origins", "* lets the pages of everybody send, also with a host that asks others for tokens; list the origins, such as https://game.example")
	}
	for _, part := range []struct {
		key              string
		origins, proxies []string
		rate             int
	}{
		{"api.allow_origins", api.AllowOrigins, nil, 0},
		{"api.trusted_proxies", nil, api.TrustedProxies, 0},
		{"api.origin_rate", nil, nil, api.OriginRate},
	} {
		if _, err := ingest.NewPages(part.origins, part.proxies, part.rate); err != nil {
			p.wrong(part.key, "%w", err)
		}
	}
}

// LogLevels are the words that [Config.LogLevel] may be.
func LogLevels() []string { return []string{"debug", "info", "warn", "error", "disabled"} }

// LogFormats are the words that [Config.LogFormat] may be.
func LogFormats() []string { return []string{"auto", "console", "json"} }

func (c *Config) checkLog(p *problems) {
	if err := OneOf(c.LogLevel, LogLevels()); err != nil {
		p.wrong("log_level", "%w", err)
	}
	if err := OneOf(c.LogFormat, LogFormats()); err != nil {
		p.wrong("log_format", "%w", err)
	}
}

// OneOf is an error when a word is none of those that it may be.
func OneOf(word string, words []string) error {
	if slices.Contains(words, word) {
		return nil
	}
	return fmt.Errorf("%q is not one of %s", word, strings.Join(words, ", "))
}

func (c *Config) checkFolders(p *problems) {
	switch {
	case c.PluginsDir == "":
		p.wrong("plugins_dir", "must name the folder of the scripts")
	case c.Data == "" && !c.OnPostgres():
		p.wrong("data", "must name a folder")
	case c.Data == "":
	case within(c.PluginsDir, c.Data):
		p.wrong("data", "data folder %s lies inside the plugins folder %s; keep them apart", c.Data, c.PluginsDir)
	}
}

// checkFiles finds files where folders are to be.
func (c *Config) checkFiles(p *problems) {
	for _, folder := range []pathSetting{{"data", &c.Data}, {"plugins_dir", &c.PluginsDir}} {
		if *folder.path == "" {
			continue
		}
		if file := fileInTheWay(*folder.path); file != "" {
			p.wrong(folder.key, "%s must be a folder, and %s is a file", *folder.path, file)
		}
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

// checkNumbers finds numbers that cannot be meant.
func (c *Config) checkNumbers(p *problems) {
	for _, number := range []struct {
		key   string
		value int64
	}{
		{"in_flight", int64(c.InFlight)},
		{"in_flight_most", int64(c.InFlightMost)},
		{"breaker.faults", int64(c.Breaker.Faults)},
		{"breaker.window", int64(c.Breaker.Window)},
		{"attempt_timeout", int64(c.AttemptTimeout)},
		{"drain", int64(c.Drain)},
		{"run_timeout", int64(c.RunTimeout)},
		{"log.retain", int64(c.Log.Retain)},
		{"log.dead_age", int64(c.Log.DeadAge)},
		{"cluster.lease", int64(c.Cluster.Lease)},
		{"cluster.partitions", int64(c.Cluster.Partitions)},
		{"cluster.connections", int64(c.Cluster.Connections)},
		{"retry.device_limit", int64(c.Retry.DeviceLimit)},
		{"retry.event_age", int64(c.Retry.EventAge)},
		{"retry.ad_revenue_age", int64(c.Retry.AdRevenueAge)},
	} {
		if number.value < 0 {
			p.wrong(number.key, "must not be negative")
		}
	}
	if b := &c.Breaker; b.Faults > 0 && b.Window < b.Faults || b.Faults == 0 && b.Window > 0 {
		p.wrong("breaker", "give faults and window together: faults at least 1, and window at least faults")
	}
	c.checkClocks(p)
	for _, name := range slices.Sorted(maps.Keys(c.Plugins)) {
		if c.Plugins[name].Timeout < 0 {
			p.wrong("plugins."+name+".timeout", "must not be negative")
		}
		checkIsolation(p, "plugins."+name+".isolation", c.Plugins[name].Isolation)
	}
	checkIsolation(p, "isolation", c.Isolation)
}

// Isolations are the words for the processes that scripts run in.
func Isolations() []string {
	return []string{string(scripting.InShared), string(scripting.InProcess), string(scripting.InHost)}
}

func checkIsolation(p *problems, key, word string) {
	if word != "" && !slices.Contains(Isolations(), word) {
		p.wrong(key, "must be one of %s, not %q", strings.Join(Isolations(), ", "), word)
	}
}

// checkClocks leaves zeros alone: they mean defaults, which the parts that use them check against what is given.
func (c *Config) checkClocks(p *problems) {
	for _, clock := range []struct {
		key   string
		value Clock
	}{
		{"retry", c.Retry.Default},
		{"retry.install", c.Retry.Install},
		{"retry.device", c.Retry.Device},
		{"retry.blocked", c.Retry.Blocked},
		{"breaker.probe", c.Breaker.Probe},
	} {
		switch v := clock.value; {
		case min(v.Base, v.Max) < 0, v.Base > 0 && v.Max > 0 && v.Max < v.Base:
			p.wrong(clock.key, "base must be positive, and max at least base")
		case !(v.JitterMin >= 0 && v.JitterMax >= 0 && v.JitterMax <= engine.MaxJitter) || v.JitterMax > 0 && v.JitterMax < v.JitterMin:
			p.wrong(clock.key, "jitter must be two numbers between 0 and %d, the lower one first", engine.MaxJitter)
		}
	}
}
