package adjust

import (
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

// The hosts of Adjust's S2S API (spec 4.1).
const (
	DefaultEndpoint     = "https://s2s.adjust.com"
	DefaultGDPREndpoint = "https://gdpr.adjust.com"
)

// DefaultTimeout bounds one attempt, as in Adjust's SDKs.
const DefaultTimeout = time.Minute

// Config says where packages go and how. The zero value sends to Adjust without authentication.
type Config struct {
	// Apps holds the settings of apps. An app that is not in it is sent to Endpoint, without a token.
	Apps map[engine.App]Settings
	// Endpoint is the base URL for apps whose settings name none: scheme, host and perhaps a path. Default
	// [DefaultEndpoint].
	Endpoint string
	// GDPREndpoint is the base URL for erasure requests. Default: Endpoint where that is set, else [DefaultGDPREndpoint].
	GDPREndpoint string

	// Timeout bounds one attempt, from asking for a connection to the last byte of the answer. Default
	// [DefaultTimeout].
	Timeout time.Duration
	// ConnectTimeout bounds looking up the host and connecting, and then TLS. Default 10 s.
	ConnectTimeout time.Duration
	// MaxBody is how many bytes of an answer are kept. Default 1 MiB.
	MaxBody int
	// MaxConns bounds the connections to one host, and how many are kept open between attempts. Set it to the number of
	// attempts that are made at once. Default 64.
	MaxConns int
	// Version goes into the User-Agent header, "trackhook/VERSION". Default: the header is "trackhook".
	Version string
	// Rules classify the answers. Default [DefaultRules].
	Rules *Rules
	// CAFile is a file of PEM certificates that are trusted to sign servers' certificates, beside those of the system: for
	// a server or a proxy with a certificate of one's own. Default: those of the system alone, which SSL_CERT_FILE and
	// SSL_CERT_DIR can replace on most systems.
	CAFile string
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
	// Tokens replaces Token for some kinds of package, because Adjust's tokens can be limited to kinds.
	Tokens map[engine.Kind]Secret
}

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
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	if c.MaxBody == 0 {
		c.MaxBody = 1 << 20
	}
	if c.MaxConns == 0 {
		c.MaxConns = 64
	}
	if c.Rules == nil {
		c.Rules = DefaultRules()
	}
	if c.Proxy == nil {
		c.Proxy = httpproxy.FromEnvironment().ProxyFunc()
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

func (c *Config) userAgent() string {
	if c.Version == "" {
		return "trackhook"
	}
	return "trackhook/" + c.Version
}
