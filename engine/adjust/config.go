package adjust

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"trackhook/engine"
)

// The hosts of Adjust's S2S API (spec 4.1).
const (
	DefaultEndpoint     = "https://s2s.adjust.com"
	DefaultGDPREndpoint = "https://gdpr.adjust.com"
)

// Config says where packages go and how. The zero value sends to Adjust without authentication.
type Config struct {
	// Apps holds the settings of apps. An app that is not in it is sent to Endpoint, without a token.
	Apps map[engine.App]Settings
	// Endpoint is the base URL for apps whose settings name none: scheme, host and perhaps a path. Default
	// [DefaultEndpoint].
	Endpoint string
	// GDPREndpoint is the base URL for erasure requests. Default: Endpoint where that is set, else [DefaultGDPREndpoint].
	GDPREndpoint string

	// Timeout bounds one attempt, from asking for a connection to the last byte of the answer. Default 60 s, as in
	// Adjust's SDKs.
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
	// Transport makes the requests. It must not follow redirects or repeat requests. Where it does not call the hooks of
	// net/http/httptrace, every failure counts as ambiguous that does not prove itself to be before the sending. Default:
	// one made of the fields above, which also obeys HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
	Transport http.RoundTripper
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
		c.Timeout = 60 * time.Second
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
	switch {
	case c.Timeout < 0 || c.ConnectTimeout < 0:
		return errors.New("timeouts must not be negative")
	case c.MaxBody < 0 || c.MaxConns < 0:
		return errors.New("MaxBody and MaxConns must not be negative")
	case strings.ContainsAny(c.Version, "\r\n\x00"):
		return errors.New("version must be one line of text")
	}
	return nil
}

// target is where the packages of one app and kind go. It is made once; requests share its header and URL, which
// net/http only reads.
type target struct {
	url    *url.URL
	header http.Header
	secret bool // header carries a token
}

type targets map[engine.Kind]*target

func (c *Config) targets(settings Settings) (targets, error) {
	base, erasure := c.Endpoint, c.GDPREndpoint
	if settings.Endpoint != "" {
		base, erasure = settings.Endpoint, settings.Endpoint
	}
	if settings.GDPREndpoint != "" {
		erasure = settings.GDPREndpoint
	}
	all := make(targets)
	for _, kind := range engine.Kinds() {
		endpoint := base
		if kind == engine.KindGDPRForgetDevice {
			endpoint = erasure
		}
		u, err := parseEndpoint(endpoint)
		if err != nil {
			return nil, err
		}
		t := &target{url: u.JoinPath(string(kind)), header: http.Header{"User-Agent": {c.userAgent()}}}
		if kind != engine.KindGDPRForgetDevice {
			t.header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
		}
		token, ok := settings.Tokens[kind]
		if !ok {
			token = settings.Token
		}
		if !token.IsZero() {
			if !plainASCII(token.Reveal()) {
				return nil, fmt.Errorf("the S2S token for %s contains blanks, line ends or other characters that a header cannot hold; check how it was stored", kind)
			}
			t.header["Authorization"] = []string{"Bearer " + token.Reveal()}
			t.secret = true
		}
		all[kind] = t
	}
	for kind := range settings.Tokens {
		if !kind.Known() {
			return nil, fmt.Errorf("tokens: kind %q is not one of session, event, ad_revenue, gdpr_forget_device", kind)
		}
	}
	return all, nil
}

func (c *Config) userAgent() string {
	if c.Version == "" {
		return "trackhook"
	}
	return "trackhook/" + c.Version
}

func parseEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(endpoint)
	// The error and the text of a URL may contain a password, so neither is repeated.
	switch {
	case err != nil:
		return nil, errors.New("the endpoint is no URL; write it like " + DefaultEndpoint)
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return nil, errors.New("the endpoint must be an http or https URL with a host, like " + DefaultEndpoint)
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, fmt.Errorf("the endpoint at %s must not contain a user, a query or a fragment", u.Host)
	}
	if u.Path == "" {
		u.Path = "/" // or JoinPath makes a path without it
	}
	return u, nil
}

// plainASCII tells whether s can stand in a header as one word.
func plainASCII(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// deviceAddress returns the value of X-Adjust-Forwarded-For, "" for none: the header is documented for sessions only.
func deviceAddress(p *engine.Package) string {
	if p.Kind != engine.KindSession {
		return ""
	}
	ip := p.Params["ip_address"]
	if _, err := netip.ParseAddr(ip); err != nil {
		return ""
	}
	return ip
}
