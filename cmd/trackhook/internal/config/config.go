package config

import (
	"time"

	"trackhook/engine/admin"
	"trackhook/engine/ingest"
)

// Config is what a host works with. Each field is a key of the file; [Bind] says which are flags as well. Zero numbers and
// durations mean the defaults of the packages that use them. A Config that was checked, by [Flags.Load] or [Parse], is
// only read afterwards, and may then be read by many goroutines at once.
type Config struct {
	// Listen is the address of the door, for packages and for operators. Default [admin.DefaultAddress].
	Listen string `yaml:"listen"`
	// AllowedHosts are names that requests may call the host by, beside localhost and Listen; see [trackhook/engine/site.NewHosts]. Default:
	// none.
	AllowedHosts []string `yaml:"allowed_hosts"`
	// Data is the folder of the queue and the log. Default .trackhook; empty where they are in a database.
	Data string `yaml:"data"`
	// Postgres is the address of a PostgreSQL database that holds the queue and the log in place of Data, so that several hosts
	// share them: postgres://USER@HOST/DATABASE, with the options of libpq. PostgresEnv is the environment variable, or
	// PostgresFile the file, that holds it where it has a password. At most one of the three; see [Config.OnPostgres].
	Postgres     string `yaml:"postgres"`
	PostgresEnv  string `yaml:"postgres_env"`
	PostgresFile string `yaml:"postgres_file"`
	// Name is what operators call this host among those that share a database. Default: that of the machine.
	Name string `yaml:"name"`
	// PluginsDir is the folder of the scripts. Data must not lie in it. Default plugins.
	PluginsDir string `yaml:"plugins_dir"`
	// Endpoint is the server to send to, for apps that name none. Default: Adjust's; in the demo, a sandbox.
	Endpoint string `yaml:"endpoint"`
	// LogFormat is auto, console or json, and LogLevel the least level that is logged. Default auto and info.
	LogFormat string `yaml:"log_format"`
	LogLevel  string `yaml:"log_level"`
	// InFlight is how many attempts are made at once at one endpoint. Default auto: the number finds itself.
	InFlight InFlight `yaml:"in_flight"`
	// InFlightMost is what a number that finds itself never exceeds. Default [adjust.DefaultMostInFlight], and less where the
	// process may not have so many connections.
	InFlightMost int `yaml:"in_flight_most"`
	// AttemptTimeout bounds one request; an attempt with two tokens may make two. Default [adjust.DefaultTimeout].
	AttemptTimeout time.Duration `yaml:"attempt_timeout"`
	// Drain is how long a shutdown may take: requests and attempts in hand, and then scripts. Default [engine.DefaultDrain].
	Drain time.Duration `yaml:"drain"`
	// RunTimeout bounds one run of a script. Default [scripting.DefaultTimeout].
	RunTimeout time.Duration `yaml:"run_timeout"`
	// Isolation says in which process scripts run: auto, one that plugins share until one of them ends it; process, one for each
	// plugin; or none, that of the host. Default auto.
	Isolation string `yaml:"isolation"`

	// Apps are the apps to serve. None: the host is the demo.
	Apps []App `yaml:"apps"`
	// Device are the S2S parameters that this host itself is measured by. Empty: it is not.
	Device map[string]string `yaml:"device"`
	// Retry holds the clocks for sending again.
	Retry Retry `yaml:"retry"`
	// API is about the requests that the host takes.
	API API `yaml:"api"`
	// TLS is what the host proves its name with. Empty: it speaks plain HTTP.
	TLS TLS `yaml:"tls"`
	// Log is about the log of responses.
	Log Log `yaml:"log"`
	// HighWater holds the marks over which nothing is taken in.
	HighWater HighWater `yaml:"high_water"`
	// Cluster is about the hosts that share a database.
	Cluster Cluster `yaml:"cluster"`
	// Rules is a file of rules for answers, which come before the built-in ones. Empty: there are none.
	Rules string `yaml:"rules"`
	// CAFile is a file of certificates to trust beside the system's. Empty: there are none.
	CAFile string `yaml:"ca_file"`
	// Breaker says when a server is held to be down.
	Breaker Breaker `yaml:"breaker"`
	// Console is about the page for operators.
	Console Console `yaml:"console"`
	// Plugins grants rights to plugins, by name.
	Plugins map[string]Plugin `yaml:"plugins"`

	// short is the short form of an app and a device, by flags and environment.
	short short
	// overruled are settings of the file that do not count.
	overruled []overruled
	// origin tells where settings stand in the file.
	origin origin
}

// short is one app and the host's device without a file: [Config.check] adds them to Apps and Device.
type short struct {
	appToken, environment, authTokenFile, authTokenEnv string
	// device has elements of the form KIND=ID.
	device []string
}

// App is one app at Adjust.
type App struct {
	// Token is the app token, and Environment sandbox or production. Both are required.
	Token       string `yaml:"token"`
	Environment string `yaml:"environment"`
	// AuthTokenEnv is the environment variable, or AuthTokenFile the file, that holds the S2S token of the app, or two while
	// one is replaced, see [App.AuthTokens]. Neither: packages are sent without one.
	AuthTokenEnv  string `yaml:"auth_token_env"`
	AuthTokenFile string `yaml:"auth_token_file"`
	// Endpoint and GDPREndpoint replace [Config.Endpoint] for this app.
	Endpoint     string `yaml:"endpoint"`
	GDPREndpoint string `yaml:"gdpr_endpoint"`
	// HoldEvents keeps events back until the server has accepted a session of their device.
	HoldEvents bool `yaml:"hold_events_until_session"`
}

// Clock is one back-off; see [engine.Backoff]. Zeros mean the defaults of whatever waits by it.
type Clock struct {
	Base      time.Duration `yaml:"base"`
	Max       time.Duration `yaml:"max"`
	JitterMin float64       `yaml:"jitter_min"`
	JitterMax float64       `yaml:"jitter_max"`
}

// Retry holds the clocks of [engine.Schedule].
type Retry struct {
	Default     Clock         `yaml:",inline"`
	Install     Clock         `yaml:"install"`
	Device      Clock         `yaml:"device"`
	DeviceLimit time.Duration `yaml:"device_limit"`
	Blocked     Clock         `yaml:"blocked"`
	// EventAge and AdRevenueAge are how old a package may become before the server refuses it.
	EventAge     time.Duration `yaml:"event_age"`
	AdRevenueAge time.Duration `yaml:"ad_revenue_age"`
}

// Breaker says when a server is held to be down, as [adjust.GateConfig] does.
type Breaker struct {
	// Faults of the last Window attempts open the breaker, and Probe is the clock of attempts while it is open.
	Faults int   `yaml:"faults"`
	Window int   `yaml:"window"`
	Probe  Clock `yaml:"probe"`
}

// HighWater holds the marks over which nothing is taken in; see [disk.HighWater].
type HighWater struct {
	Queued    uint64 `yaml:"queued"`
	Bytes     uint64 `yaml:"bytes"`
	Free      uint64 `yaml:"free"`
	DeadBytes uint64 `yaml:"dead_bytes"`
}

// Cluster is about the hosts that share a database; see [trackhook/engine/postgres.Config].
type Cluster struct {
	// Schema is the schema of the database: hosts with the same are one cluster.
	Schema string `yaml:"schema"`
	// Lease is how long a host may be silent before the others take over what it does. It must be the same on all.
	Lease time.Duration `yaml:"lease"`
	// Partitions is how many parts the devices are divided into when the schema is made.
	Partitions int `yaml:"partitions"`
	// Connections bounds the connections of this host to the database.
	Connections int `yaml:"connections"`
}

// Plugin is what one plugin may do; see [scripting.PluginConfig]. The zero value grants nothing.
type Plugin struct {
	AllowHosts []string `yaml:"allow_hosts"`
	// Env names the environment variables that the plugin finds in process.env.
	Env     []string      `yaml:"env"`
	Timeout time.Duration `yaml:"timeout"`
	// Isolation is in which process this plugin runs. Empty: as all plugins.
	Isolation string `yaml:"isolation"`
}

// API is about the requests that the host takes.
type API struct {
	// TokensEnv is the environment variable, or TokensFile the file, that holds the tokens that clients must send. Neither:
	// no token is asked for, and only this machine may send.
	TokensEnv  string `yaml:"tokens_env"`
	TokensFile string `yaml:"tokens_file"`
	// AllowOrigins are the origins of web pages that may send without a token, such as https://game.example; TrustedProxies
	// the addresses and networks whose X-Forwarded-For is believed; and OriginRate how many requests a minute one address
	// may send from pages. See [ingest.NewPages]. Default: no page may send.
	AllowOrigins   []string `yaml:"allow_origins"`
	TrustedProxies []string `yaml:"trusted_proxies"`
	OriginRate     int      `yaml:"origin_rate"`
}

// TLS names the files of a certificate, in PEM form: that of the host, followed by those of its issuers, and its key. Both
// or neither.
type TLS struct {
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
}

// Pages are the web pages that may send.
func (a *API) Pages() (*ingest.Pages, error) {
	pages, err := ingest.NewPages(a.AllowOrigins, a.TrustedProxies, a.OriginRate)
	if err != nil {
		return nil, &Error{err}
	}
	return pages, nil
}

// Console is about the page for operators.
type Console struct {
	// Enabled is whether the host has one, and Edit whether scripts can be changed from it. Default true, both.
	Enabled *bool `yaml:"enabled"`
	Edit    *bool `yaml:"edit"`
}

// On tells whether the host has a console, and Edits whether scripts can be changed from it.
func (c *Console) On() bool { return c.Enabled == nil || *c.Enabled }

// Edits is described at [Console.On].
func (c *Console) Edits() bool { return c.Edit == nil || *c.Edit }

// Log is about the log of responses; see [disk.Config].
type Log struct {
	// Retain is how long responses are kept, and RetainBytes how much of them.
	Retain      time.Duration `yaml:"retain"`
	RetainBytes uint64        `yaml:"retain_bytes"`
	// DeadAge is how long dead letters are kept.
	DeadAge time.Duration `yaml:"dead_age"`
}

// Default is the configuration of a host that was told nothing.
func Default() Config {
	return Config{
		Listen: admin.DefaultAddress, Data: ".trackhook", PluginsDir: "plugins", LogFormat: "auto", LogLevel: "info",
	}
}
