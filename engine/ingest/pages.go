package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"trackhook/engine"
)

// DefaultPageRate is how many requests a minute one address may send from pages, unless [NewPages] is told otherwise.
const DefaultPageRate = 600

// Pages are the web pages that may send without a token, and how their browsers are known. Anybody can say that he is
// such a page, so they may do less than a token may: they reach the paths of the Web SDK only, speak for one browser, and
// are held to a rate by address. The zero value lets no page in. It is not written once it is made.
type Pages struct {
	origins map[string]bool
	any     bool
	proxies []netip.Prefix
	rate    int
}

// NewPages makes the pages of these origins, such as https://game.example, or of all with "*"; proxies are the addresses
// and networks whose X-Forwarded-For is believed; rate is how many requests a minute one address may send from pages,
// at once or spread, and 0 means [DefaultPageRate]. The error says which of them cannot be meant.
func NewPages(origins, proxies []string, rate int) (*Pages, error) {
	p := &Pages{origins: map[string]bool{}, rate: cmp.Or(rate, DefaultPageRate)}
	if rate < 0 {
		return nil, errors.New("the rate of pages must not be negative; zero means the default")
	}
	for _, origin := range origins {
		if origin == "*" {
			p.any = true
			continue
		}
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
		p.origins[canonicalOrigin(origin)] = true
	}
	for _, proxy := range proxies {
		network, err := netip.ParsePrefix(proxy)
		if err == nil && network.Addr().Is4In6() {
			return nil, fmt.Errorf("trusted proxy %s: write the network as one of IPv4, such as 10.0.0.0/8", engine.Quote(proxy))
		}
		if err != nil {
			var address netip.Addr
			if address, err = netip.ParseAddr(proxy); err == nil {
				address = address.Unmap()
				network = netip.PrefixFrom(address, address.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %s must be an address or a network, such as 10.0.0.7 or 10.0.0.0/8", engine.Quote(proxy))
		}
		p.proxies = append(p.proxies, network.Masked())
	}
	return p, nil
}

// checkOrigin refuses what no browser would send.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	switch {
	case strings.Contains(origin, "*"):
		return fmt.Errorf("allowed origin %s: list each origin, or * alone for all, which needs a host without tokens", engine.Quote(origin))
	case err != nil, u.Scheme == "", u.Host == "", u.Hostname() == "":
		return fmt.Errorf("allowed origin %s must be a scheme and a host, such as https://game.example", engine.Quote(origin))
	case u.Path != "", u.RawQuery != "", u.Fragment != "", u.User != nil:
		return fmt.Errorf("allowed origin %s must have nothing behind its host: write %s", engine.Quote(origin), engine.Quote(u.Scheme+"://"+u.Host))
	case strings.ContainsFunc(origin, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("allowed origin %s must be ASCII, as browsers send it: write the name in its xn-- form", engine.Quote(origin))
	}
	return nil
}

// canonicalOrigin is an origin in the one form that it has: small letters, and no port where it is the scheme's own.
func canonicalOrigin(origin string) string {
	origin = strings.ToLower(origin)
	for scheme, port := range map[string]string{"http://": ":80", "https://": ":443"} {
		if strings.HasPrefix(origin, scheme) {
			return strings.TrimSuffix(origin, port)
		}
	}
	return origin
}

// some tells whether any page may send.
func (p *Pages) some() bool { return p.any || len(p.origins) > 0 }

// allows tells whether pages of an origin may send.
func (p *Pages) allows(origin string) bool {
	return origin != "" && (p.any || p.origins[canonicalOrigin(origin)])
}

// page is a request of a page that may send.
type page struct {
	origin string
	// address is that of the browser; not valid where nobody can tell.
	address netip.Addr
}

// pageOf returns the page that has sent a request, nil where it is none, or one that may not send.
func (h *Handler) pageOf(r *http.Request) *page {
	pages := h.pages.Load()
	origin := r.Header.Get("Origin")
	if origin == "" && r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		// Behind a proxy the page and this host may share an origin, which browsers do not name when they only read.
		for _, scheme := range []string{"https://", "http://"} {
			if pages.allows(scheme + r.Host) {
				origin = scheme + r.Host
				break
			}
		}
	}
	if !pages.allows(origin) {
		return nil
	}
	return &page{origin: origin, address: pages.browser(r)}
}

// What a page may send, and read of the answer. Content-Type is among what it sends because the Web SDK names JSON in
// requests that have no body.
const (
	pageMethods  = "GET, POST"
	pageHeaders  = "Client-SDK, Content-Type, Idempotency-Key"
	pageReads    = "X-Trackhook-Id, Idempotency-Replayed, Retry-After"
	preflightAge = "7200" // seconds; browsers keep it no longer
)

// share lets the page read the answer.
func (p *page) share(header http.Header) {
	header.Set("Access-Control-Allow-Origin", p.origin)
	header.Set("Access-Control-Expose-Headers", pageReads)
}

// preflight tells a browser what the page may send.
func (p *page) preflight(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Access-Control-Allow-Methods", pageMethods)
	header.Set("Access-Control-Allow-Headers", pageHeaders)
	header.Set("Access-Control-Max-Age", preflightAge)
	w.WriteHeader(http.StatusNoContent)
}

// refusal gives a refusal the form that the Web SDK understands: it drops what was answered with JSON, whatever the
// status, and comes again for anything else. So what may be sent again is text.
func (p *page) refusal(refused *refusal) *refusal {
	if p == nil {
		return refused
	}
	switch refused.status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable:
		refused.plain = true
	}
	return refused
}

// fill adds what the browser is known by, and refuses what a page may not say: it speaks for one browser, which it can
// tell from others by the identifier that the Web SDK makes.
func (p *page) fill(r *http.Request, params map[string]string) *refusal {
	for _, name := range engine.DeviceIDs() {
		if _, given := params[name]; given && name != "web_uuid" && name != "external_device_id" {
			return invalid("Invalid device identifier", name, "a page may not speak for other devices: leave out %s, and send web_uuid", name)
		}
	}
	if engine.Placeholder(params["web_uuid"]) {
		return invalid("Missing device identifier", "web_uuid", "a page must send web_uuid, which Adjust's Web SDK makes and keeps for each browser")
	}
	// What a page says of its address and its browser counts for nothing. An address that only this network knows, or of
	// IPv6, tells the server nothing.
	delete(params, "ip_address")
	if public(p.address) && p.address.Is4() {
		params["ip_address"] = p.address.String()
	}
	if agent := r.UserAgent(); agent != "" {
		params["user_agent"] = strings.ToValidUTF8(agent, "\uFFFD")
	}
	return nil
}

// public tells whether an address may be that of a browser on the internet.
func public(address netip.Addr) bool {
	return address.IsValid() && address.IsGlobalUnicast() && !address.IsPrivate() && !carrier().Contains(address)
}

// carrier is the network that providers use between themselves and those who have no address of their own.
func carrier() netip.Prefix { return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) }

// browser is the address that a request came from: that of the connection, or where that is a proxy's which is believed,
// what it says. It is not valid where nobody can tell.
func (p *Pages) browser(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := peer.Addr().Unmap().WithZone("")
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	// Each proxy adds whom it was asked by, at the end. What stands before somebody who is not believed is anybody's word.
	for len(said) > 0 && p.believes(address) {
		last := strings.TrimSpace(said[len(said)-1])
		said = said[:len(said)-1]
		if last == "" {
			continue
		}
		if address, err = parseHop(last); err != nil {
			return netip.Addr{}
		}
	}
	return address
}

// parseHop reads an address as proxies write it, of either kind.
func parseHop(text string) (netip.Addr, error) {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone(""), nil
	}
	address, err := netip.ParseAddr(strings.Trim(text, `[]"`))
	return address.Unmap().WithZone(""), err
}

func (p *Pages) believes(address netip.Addr) bool {
	return slices.ContainsFunc(p.proxies, func(network netip.Prefix) bool { return network.Contains(address) })
}
