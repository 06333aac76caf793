package adjust

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/net/http2/hpack"
	"golang.org/x/net/idna"

	"trackhook/engine"
)

// forwardedFor is the header with the address of the device.
const forwardedFor = "X-Adjust-Forwarded-For"

// target is where the packages of one app and kind go. It is made once, with everything of a request that does not depend
// on the package.
type target struct {
	url    *url.URL
	name   string // scheme and host
	pool   *pool
	line   []byte // the request line, up to the target
	header []byte // the header lines that are the same for all
	path   string // the same for HTTP/2
	fields []hpack.HeaderField
	secret bool // header carries a token of the app
	// spare is the same with the old token of the app, nil where there is none, and useSpare tells that the server takes
	// that one only.
	spare    *target
	useSpare *atomic.Bool
}

// targets are those of one app.
type targets map[engine.Kind]*target

// newTargets makes the targets of an app, by kind.
func (d *Deliverer) newTargets(settings Settings) (targets, error) {
	c := &d.cfg
	base, erasure := c.Endpoint, c.GDPREndpoint
	if settings.Endpoint != "" {
		base, erasure = settings.Endpoint, settings.Endpoint
	}
	if settings.GDPREndpoint != "" {
		erasure = settings.GDPREndpoint
	}
	all := make(targets)
	for _, kind := range append(engine.Kinds(), kindAttribution) {
		endpoint, covers := base, kind
		if kind == kindAttribution {
			covers = engine.KindSession // what the SDK asks after it
		}
		if kind == engine.KindGDPRForgetDevice {
			endpoint = erasure
		}
		u, err := parseEndpoint(endpoint)
		if err != nil {
			return nil, err
		}
		token, ok := settings.Tokens[covers]
		if !ok {
			token = settings.Token
		}
		for _, token := range []Secret{token, settings.OldToken} {
			if !token.IsZero() && !plainASCII(token.Reveal()) {
				return nil, fmt.Errorf("the S2S token for %s contains blanks, line ends or other characters that a header cannot hold; check how it was stored", kind)
			}
		}
		pool, err := d.poolFor(c, u)
		if err != nil {
			return nil, err
		}
		all[kind] = newTarget(u.JoinPath(string(kind)), pool, kind, token, d.agent)
		if old := settings.OldToken; !old.IsZero() && old.Reveal() != token.Reveal() {
			all[kind].spare = newTarget(all[kind].url, pool, kind, old, d.agent)
			all[kind].useSpare = new(atomic.Bool)
		}
	}
	all[kindAttribution].useSpare = all[engine.KindSession].useSpare
	for kind := range settings.Tokens {
		if !kind.Known() {
			return nil, fmt.Errorf("tokens: kind %q is not one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing", kind)
		}
	}
	return all, nil
}

// remember takes over from the targets before which of two tokens the server takes, for the kinds where both are the same
// as they were, and go to the same server. What attempts that are in flight still find out is shared.
func (t targets) remember(before targets) {
	for kind, to := range t {
		was := before[kind]
		if to.spare == nil || was == nil || was.spare == nil {
			continue
		}
		if bytes.Equal(to.header, was.header) && bytes.Equal(to.spare.header, was.spare.header) {
			to.useSpare = was.useSpare
		}
	}
}

// inQuery tells whether the parameters of a kind stand in the query.
func inQuery(kind engine.Kind) bool {
	return kind == engine.KindGDPRForgetDevice || kind == kindAttribution
}

// methodOf is the method of requests of a kind.
func methodOf(kind engine.Kind) string {
	if kind == kindAttribution {
		return http.MethodGet
	}
	return http.MethodPost
}

// newTarget writes what is constant in the requests to u.
func newTarget(u *url.URL, pool *pool, kind engine.Kind, token Secret, agent string) *target {
	t := &target{url: u, name: u.Scheme + "://" + u.Host, pool: pool, line: pool.requestLine(methodOf(kind), u), secret: !token.IsZero(), path: u.EscapedPath()}
	t.fields = []hpack.HeaderField{
		{Name: ":method", Value: methodOf(kind)}, {Name: ":scheme", Value: u.Scheme}, {Name: ":authority", Value: pool.route.authority},
	}
	header := func(name, value string) {
		t.header = append(append(append(append(t.header, name...), ": "...), value...), "\r\n"...)
		if name != "Host" {
			t.fields = append(t.fields, hpack.HeaderField{Name: strings.ToLower(name), Value: value})
		}
	}
	header("Host", pool.route.authority)
	header("User-Agent", agent)
	header("Accept-Encoding", "identity") // see coding.go
	if t.secret {
		header("Authorization", "Bearer "+token.Reveal())
	}
	if !inQuery(kind) {
		header("Content-Type", "application/x-www-form-urlencoded")
	}
	if login := pool.route.login; login != "" && pool.route.absolute {
		header("Proxy-Authorization", login)
	}
	return t
}

// withKind returns a target for a kind that was not known when t was made.
func (t *target) withKind(kind engine.Kind) *target {
	other := *t
	other.url = t.url.JoinPath("..", string(kind))
	other.line, other.path = t.pool.requestLine(methodOf(kind), other.url), other.url.EscapedPath()
	if t.spare != nil {
		other.spare = t.spare.withKind(kind)
	}
	return &other
}

// request writes all of the request for a package. It is valid until put.
func (s *scratch) request(t *target, p *engine.Package) []byte {
	form := s.encode(p)
	inQuery := inQuery(p.Kind)
	b := append(s.wire[:0], t.line...)
	length := len(form)
	if inQuery {
		b = append(append(b, '?'), form...)
		length = 0
	}
	b = append(append(b, " HTTP/1.1\r\n"...), t.header...)
	if ip := deviceAddress(p); ip != "" {
		b = append(append(append(b, forwardedFor+": "...), ip...), "\r\n"...)
	}
	b = append(strconv.AppendInt(append(b, "Content-Length: "...), int64(length), 10), "\r\n\r\n"...)
	if !inQuery {
		b = append(b, form...)
	}
	s.wire = b
	return b
}

// parseEndpoint reads a base URL.
func parseEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(endpoint)
	// The error and the text of a URL may contain a password, so neither is repeated.
	switch {
	case err != nil:
		return nil, errors.New("the endpoint is no URL; write it like " + DefaultEndpoint)
	case u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		return nil, errors.New("the endpoint must be an http or https URL with a host, like " + DefaultEndpoint)
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, fmt.Errorf("the endpoint at %s must not contain a user, a query or a fragment", u.Host)
	}
	if _, _, err := hostOf(u); err != nil {
		return nil, err
	}
	if u.Path == "" {
		u.Path = "/" // or JoinPath makes a path without it
	}
	return u, nil
}

// hostOf returns the host of u as it is written on the wire, with its port where u names one, and what to connect to.
func hostOf(u *url.URL) (authority, address string, err error) {
	host := u.Hostname()
	if _, notIP := netip.ParseAddr(host); notIP != nil && !plainASCII(host) {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", "", fmt.Errorf("the host %q is no name that can be looked up", u.Hostname())
		}
	}
	port := u.Port()
	authority = host
	if address, err := netip.ParseAddr(host); err == nil && address.Is6() {
		authority = "[" + address.WithZone("").String() + "]"
	}
	if !plainASCII(authority) {
		return "", "", fmt.Errorf("the host %q is no name that can be looked up", u.Hostname())
	}
	if port != "" {
		authority += ":" + port
	}
	return authority, joinPort(host, u), nil
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
	// A zone may be any text, also one with a line end.
	if address, err := netip.ParseAddr(ip); err != nil || address.Zone() != "" {
		return ""
	}
	return ip
}
