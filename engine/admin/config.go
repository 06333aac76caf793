package admin

import (
	"context"
	"net/http"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/scripts"
	"trackhook/engine/site"
)

// Config says what the endpoints tell. Stats is required; every other zero field means its default.
type Config struct {
	// Stats counts the store, such as [engine.Engine.Stats].
	Stats func(context.Context) (engine.Stats, error)
	// Inspector tells about packages, lanes and counts. Default: the endpoints that need it answer 501.
	Inspector engine.Inspector
	// Responses is the log that the response endpoints read. Default: they answer 501.
	Responses engine.Log
	// Plugins returns the state of every plugin, in the order in which to show them. It may be called by many goroutines
	// at once. Default: there are none.
	Plugins func() []Plugin
	// Present returns the plugins that are in the folder as Plugins does, of which only Name, Running, Registered, Cursor and
	// CursorUnknown matter. It is called often. Default Plugins.
	Present func() []Plugin
	// Scripts lets people work on the scripts, such as a scripting.Editor. Default: the endpoints for that answer 501.
	Scripts scripts.Editor
	// Printed returns what plugins have printed lately, oldest first, from a number on, and the number to ask with next. It may
	// be called by many goroutines at once. Default: nothing is known of it.
	Printed func(from uint64) (lines []Printed, next uint64)
	// Curl returns the request for a package as a command for a shell, without secrets. Default: none is shown.
	Curl func(*engine.Package) string
	// Form returns the parameters with which a package is sent, without secrets, in the order in which they are sent.
	// Default: the parameters of the package, by name.
	Form func(*engine.Package) []Param
	// Serves tells whether an app is sent; see [engine.Config.Serves]. Packages of others can be listed, dropped and adopted.
	// Default: all are.
	Serves func(engine.App) bool
	// Adopt gives queued packages of apps that are not sent to one that is, such as [engine.Engine.Adopt]. Default: its
	// endpoint answers 501.
	Adopt func(ctx context.Context, to engine.App, ids ...string) (adopted int, err error)
	// Hasten has one lane tried now that waits for a later time, such as [engine.Queue.HastenLane]. Default: its endpoint
	// answers 501.
	Hasten func(context.Context, engine.Lane) (hastened bool, err error)
	// Acknowledge says that somebody has looked at the dead letters, such as [engine.Engine.Acknowledge]. Default: its
	// endpoint answers 501.
	Acknowledge func(context.Context) error
	// Sources returns what is kept of the source of a plugin's versions, by key. Default: nothing is.
	Sources func(ctx context.Context, plugin string) (map[string][]byte, error)
	// Forget gives up what is kept of a plugin that was removed. Its errors are, or wrap, [ErrPluginPresent],
	// [ErrPluginsLoading], or [engine.ErrNotFound] when nothing is kept. Default: the endpoint answers 501.
	Forget func(ctx context.Context, plugin string) error
	// Backup copies the store to a folder on the machine of the host, and fills all of [Backup] but Seconds. An error that
	// wraps [ErrBackupRefused] says what is wrong with the folder. Default: the endpoint answers 501.
	Backup func(ctx context.Context, dir string) (Backup, error)
	// Reload has the host read its configuration again. After an error everything is as it was before, and its text, which
	// is shown, says what is wrong. It may be called by many goroutines at once. Default: the endpoint answers 501.
	Reload func(context.Context) (Reloaded, error)
	// ProbeApp has an app tried now, with all of it that waits for a later time, and ProbeEndpoint a server, by its scheme
	// and host or its host alone. An error that wraps [ErrProbeUnclear] or [engine.ErrNotFound] says what is wrong with the
	// name. They return what came of the first attempt, or [ProbePending] when the context has ended. Default: their endpoints
	// answer 501.
	ProbeApp      func(context.Context, ProbedApp) (Probe, error)
	ProbeEndpoint func(ctx context.Context, endpoint string) (Probe, error)
	// Limits returns how many attempts endpoints may have in flight, such as [engine.Engine.Limits]. It must not wait. Default:
	// none are told.
	Limits func() []engine.EndpointLimit
	// NewCode makes a code that signs in to the console, with what the asker may do, who was let in. Default: the endpoint
	// answers 501, as for [ErrNoConsole].
	NewCode func(*http.Request) (Code, error)
	// Apps are those that the host serves, Endpoint the server that one of them is sent to, and State what keeps any from being
	// sent, such as [engine.Engine.Health]. Defaults: none is known, and nothing keeps them.
	Apps     []engine.App
	Endpoint func(engine.App) string
	State    func() engine.Health
	// Hosts returns the hosts that share the store, the one that answers first. Default: there are none.
	Hosts func(ctx context.Context) ([]Member, error)
	// Beside returns what else is wrong, of what Health returns, that State does not say. Default: nothing is.
	Beside func() []string
	// Room tells how much the store takes of the disk and how much of that is free, in bytes; known is false where nobody can
	// say. Default: nobody can.
	Room func(context.Context) (used, free uint64, known bool)
	// Settings returns the configuration in effect, without secrets. Default: there is none.
	Settings func() []Setting
	// Host is what does not change while the host runs.
	Host Host
	// Ready tells whether packages can be taken in; the error's text is shown. Default: whenever Stats returns no error.
	Ready func(context.Context) error
	// Health returns what else is wrong, one line each, such as blocked apps and open breakers. It must not wait. Default:
	// nothing is.
	Health func() []string
	// Spare tells about the process that is started ahead for scripts; false: they have no processes. It must not wait. Default:
	// they have none.
	Spare func() (Spare, bool)
	// Metrics serves /metrics, such as a handler of engine/metrics. Default: there is nothing at that path.
	Metrics http.Handler
	// Done is closed when the host begins to shut down: answers that stream end then. Default: they end when their askers
	// go.
	Done <-chan struct{}
	// Access tells what an asker may do, and whether it is known at all. Default: only this machine may ask, see "Who may ask".
	Access func(*http.Request) (access site.Access, known bool)
	// Who is what the log calls an asker, such as the name of its token. Empty: it has none. Default: nobody has.
	Who func(*http.Request) string
	// CheckMetrics tells whether a request for the metrics may be answered that Access does not let pass. Default: none may.
	CheckMetrics func(*http.Request) bool
	// Checks tells whether whoever is not known is refused, for hosts whose tokens may come and go. Where it says no, this
	// machine may ask, and Access is asked for what Local does not have. Default: whenever there is Access.
	Checks func() bool
	// Local is what this machine may do where nobody is checked. Default everything.
	Local site.Access
	// Log receives failures, and who has asked for what changes something. Default: nothing is logged.
	Log zerolog.Logger
}

func (c *Config) setDefaults() {
	if c.Plugins == nil {
		c.Plugins = func() []Plugin { return nil }
	}
	if c.Endpoint == nil {
		c.Endpoint = func(engine.App) string { return "" }
	}
	if c.State == nil {
		c.State = func() engine.Health { return engine.Health{} }
	}
	if c.Hosts == nil {
		c.Hosts = func(context.Context) ([]Member, error) { return []Member{}, nil }
	}
	if c.Beside == nil {
		c.Beside = func() []string { return nil }
	}
	if c.Room == nil {
		c.Room = func(context.Context) (used, free uint64, known bool) { return 0, 0, false }
	}
	if c.Settings == nil {
		c.Settings = func() []Setting { return nil }
	}
	if c.Printed == nil {
		c.Printed = func(uint64) ([]Printed, uint64) { return nil, 0 }
	}
	if c.Present == nil {
		c.Present = c.Plugins
	}
	if c.Serves == nil {
		c.Serves = func(engine.App) bool { return true }
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	if c.Who == nil {
		c.Who = func(*http.Request) string { return "" }
	}
	if c.Local == 0 {
		c.Local = site.All
	}
	if c.Checks == nil {
		c.Checks = func() bool { return true }
	}
	if c.Health == nil {
		c.Health = func() []string { return nil }
	}
	if c.Spare == nil {
		c.Spare = func() (Spare, bool) { return Spare{}, false }
	}
	if c.Form == nil {
		c.Form = form
	}
	if c.Host.Device == nil {
		c.Host.Device = map[string]string{} // {} in the JSON, not null
	}
	c.Host.Started = utc(c.Host.Started)
}

// What an asker gets who does not say otherwise.
const (
	// DefaultLimit is how many rows a page of a list has at most.
	DefaultLimit = 100
	// DefaultRate is how many dead letters a retry or drop of many changes in a second.
	DefaultRate = 100
	// DefaultDays is how many days the reconciliation has, today included.
	DefaultDays = 7
)
