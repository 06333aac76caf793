package adjust

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/http/httpproxy"

	"trackhook/engine"
)

// The hosts of Adjust's S2S API.
const (
	DefaultEndpoint     = "https://s2s.adjust.com"
	DefaultGDPREndpoint = "https://gdpr.adjust.com"
)

// Config says where packages go and how; [Deliverer.Reconfigure] replaces some of it. The zero value sends to Adjust without authentication.
type Config struct {
	// Apps holds the settings of apps. An app that is not in it is sent to Endpoint, without a token.
	Apps map[engine.App]Settings
	// Endpoint is the base URL for apps whose settings name none: scheme, host and perhaps a path. Default
	// [DefaultEndpoint].
	Endpoint string
	// GDPREndpoint is the base URL for erasure requests. Default: Endpoint where that is set, else [DefaultGDPREndpoint].
	GDPREndpoint string

	// Timeout bounds one request, from asking for a connection to the last byte of the answer. An attempt is one request; for
	// an app with two tokens it may be two, and take twice as long. Default [DefaultTimeout].
	Timeout time.Duration
	// ConnectTimeout bounds looking up the host and connecting, and then TLS. Default [DefaultConnectTimeout].
	ConnectTimeout time.Duration
	// MaxBody is how many bytes of an answer are kept. Default [DefaultMaxBody].
	MaxBody int
	// MaxConns bounds the attempts at one host, and with that the connections, and how many are kept open between attempts. Set
	// it to the number of attempts that are made at once. Default [engine.DefaultInFlight].
	MaxConns int
	// Version goes into the User-Agent header, "trackhook/VERSION". Default: the header is "trackhook".
	Version string
	// Rules classify the answers. Default [DefaultRules].
	Rules *Rules
	// CAFile is a file of PEM certificates that are trusted to sign servers' certificates, beside those of the system: for
	// a server or a proxy with a certificate of one's own. Default: those of the system alone, which SSL_CERT_FILE and
	// SSL_CERT_DIR can replace on most systems.
	CAFile string
	// TokenRefused is told that the server refuses one of the two tokens of an app for a kind of package, and that the
	// other is sent from now on; old tells that it is OldToken. It is called by attempts and must not wait. Default: nobody
	// is told.
	TokenRefused func(app engine.App, kind engine.Kind, old bool)
	// Proxy returns the proxy for requests to an endpoint, nil for none. It is asked once for each endpoint, by [New]. The
	// schemes http, https, socks5 and socks5h are known; a user and a password in the URL are used. Default: what
	// HTTPS_PROXY, HTTP_PROXY and NO_PROXY say when New is called, as in net/http.
	Proxy func(endpoint *url.URL) (*url.URL, error)
	// Dial makes connections, to proxies too. TLS is added to them. Connections that do not implement syscall.Conn are
	// not looked at before they are used again. Default: that of a [net.Dialer].
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Settings are those of one app.
type Settings struct {
	// Endpoint and GDPREndpoint replace those of [Config] for this app; setting only Endpoint sets both.
	Endpoint, GDPREndpoint string
	// Token is the S2S token that is sent as "Authorization: Bearer". Default: none is sent.
	Token Secret
	// OldToken is a second token, for the time in which one is replaced by the other: when the server refuses the app with
	// the one, the other is sent as well, and from then on instead of it. Token is sent first. Default: there is none.
	OldToken Secret
	// Tokens replaces Token for some kinds of package, because Adjust's tokens can be limited to kinds.
	Tokens map[engine.Kind]Secret
}

// The other defaults of [Config].
const (
	// DefaultTimeout is that of Adjust's SDKs.
	DefaultTimeout        = 60 * time.Second
	DefaultConnectTimeout = 10 * time.Second
	DefaultMaxBody        = 1 << 20
)

// setDefaults fills in what was left out, and says what is wrong.
func (c *Config) setDefaults() error {
	if c.GDPREndpoint == "" {
		c.GDPREndpoint = DefaultGDPREndpoint
		if c.Endpoint != "" {
			c.GDPREndpoint = c.Endpoint
		}
	}
	if c.Endpoint == "" {
		c.Endpoint = DefaultEndpoint
	}
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, DefaultConnectTimeout)
	c.MaxBody = cmp.Or(c.MaxBody, DefaultMaxBody)
	c.MaxConns = cmp.Or(c.MaxConns, engine.DefaultInFlight)
	if c.Rules == nil {
		c.Rules = DefaultRules()
	}
	if c.Proxy == nil {
		c.Proxy = httpproxy.FromEnvironment().ProxyFunc()
	}
	if c.TokenRefused == nil {
		c.TokenRefused = func(engine.App, engine.Kind, bool) {}
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	switch {
	case c.Timeout < 0 || c.ConnectTimeout < 0:
		return errors.New("timeouts must not be negative")
	case c.MaxBody < 0 || c.MaxConns < 0:
		return errors.New("MaxBody and MaxConns must not be negative")
	case strings.ContainsFunc(c.Version, unicode.IsControl):
		return errors.New("version must be one line of text")
	}
	return nil
}

// userAgent is the header User-Agent.
func (c *Config) userAgent() string {
	if c.Version == "" {
		return "trackhook"
	}
	return "trackhook/" + c.Version
}

// GateConfig says when an endpoint is held to be down. The zero value is a good start.
type GateConfig struct {
	// MaxInFlight is the most attempts that an endpoint may have in flight; set it to the engine's InFlight. Default
	// [engine.DefaultInFlight].
	MaxInFlight int
	// FindLimit has the number of attempts at once find itself, up to MaxInFlight: it grows while answers come as fast as
	// before and none is refused, and shrinks when the server asks for less, or answers late or not at all. Default: it is
	// MaxInFlight, and less only while answers are slow.
	FindLimit bool
	// MinInFlight is the fewest to which slow answers reduce them. Default [DefaultMinInFlight], or MaxInFlight when that
	// is less.
	MinInFlight int
	// Faults of the last Window attempts open the breaker. Defaults [DefaultBreakerFaults] and [DefaultBreakerWindow].
	Faults, Window int
	// Probe is the clock on which single attempts are made while an endpoint is down. Default [DefaultProbe].
	Probe engine.Backoff
	// Slow is the time below which answers are never too slow. Above it, they are when they take three times what they
	// took before. Default [DefaultSlow].
	Slow time.Duration
}

// The defaults of [GateConfig].
const (
	DefaultMinInFlight = 4
	// DefaultMostInFlight is a good MaxInFlight with FindLimit.
	DefaultMostInFlight  = 2048
	DefaultBreakerFaults = 16
	DefaultBreakerWindow = 20
	DefaultSlow          = time.Second
)

// DefaultProbe returns the default of GateConfig.Probe. Its jitter is that of every back-off.
func DefaultProbe() engine.Backoff {
	return engine.Backoff{Base: 5 * time.Second, Max: 10 * time.Second}
}

// setDefaults fills in what was left out, and says what is wrong.
func (c *GateConfig) setDefaults() error {
	c.MaxInFlight = cmp.Or(c.MaxInFlight, engine.DefaultInFlight)
	c.MinInFlight = cmp.Or(c.MinInFlight, min(DefaultMinInFlight, c.MaxInFlight))
	if c.Faults == 0 && c.Window == 0 {
		c.Faults, c.Window = DefaultBreakerFaults, DefaultBreakerWindow
	}
	c.Probe.Base = cmp.Or(c.Probe.Base, DefaultProbe().Base)
	c.Probe.Max = cmp.Or(c.Probe.Max, max(DefaultProbe().Max, c.Probe.Base))
	c.Slow = cmp.Or(c.Slow, DefaultSlow)
	switch {
	case c.MinInFlight < 1 || c.MaxInFlight < c.MinInFlight:
		return errors.New("MinInFlight must be at least 1, and MaxInFlight at least MinInFlight")
	case c.Faults < 1 || c.Window < c.Faults:
		return errors.New("the breaker's Faults must be at least 1, and Window at least Faults")
	case c.Probe.Base < 0 || c.Probe.Max < c.Probe.Base:
		return errors.New("the probe's base must be positive, and max at least base")
	case c.Slow < 0:
		return errors.New("the time Slow must not be negative")
	}
	return nil
}
