package fetch

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// grant is how far a host is allowed.
type grant uint8

const (
	// grantNone: the host may not be reached.
	grantNone grant = iota
	// grantPublic: the host may be reached at public addresses.
	grantPublic
	// grantNamed: the same, and the host was named in full.
	grantNamed
	// grantPrivate: also at addresses of private networks, because its port was named, too.
	grantPrivate
	// grantLocal: also at addresses of this machine, which is what its name means.
	grantLocal
	// grantAny: at whatever address, because the address itself was granted.
	grantAny
)

// hostRule is one entry of allow_hosts.
type hostRule struct {
	// host is a name in lower-case ASCII, or an address; "" is every host.
	host string
	// below is set for *.host: the names below it, and not host itself.
	below bool
	// port is the one port of the rule; "" are those of http and https, anyPort is every port.
	port string
	// address is set when host is an address.
	address bool
}

// anyPort in place of a port is every port.
const anyPort = "*"

// hostRules are allow_hosts of one plugin. Nil rules allow every host at public addresses.
type hostRules []hostRule

// CheckHosts says what is wrong with the entries of allow_hosts; nil: nothing.
func CheckHosts(entries []string) error {
	_, err := parseHosts(entries)
	return err
}

// parseHosts reads allow_hosts. An entry is a host name, *.name for the names below one, an address, or * for every
// public host, each with or without :port:
//
//	hooks.slack.com    *.example.com:8443    intern.example:8080    127.0.0.1:9000    [::1]:9000    localhost:9000    *
//
// With no entries every host is allowed at public addresses. With entries, these hosts alone are, and at these ports: an
// entry without a port means 80 and 443, one that ends in :* every port, and so does * alone.
//
// A name leads wherever those say who answer for it, and they may change their minds. So a name is allowed at public
// addresses only. One that is named in full with its port may also have an address of a private network, because whoever
// wrote that knows what stands behind it; only localhost, and names below it, may have one of this machine. An address is
// allowed as it is, also for a name that leads there.
func parseHosts(entries []string) (hostRules, error) {
	var rules hostRules
	for _, entry := range entries {
		rule, err := parseHostRule(entry)
		if err != nil {
			return nil, fmt.Errorf("allow_hosts: %q: %w", entry, err)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

func parseHostRule(entry string) (hostRule, error) {
	text := strings.TrimSpace(entry)
	if text == "" {
		return hostRule{}, errors.New("want a host, such as hooks.slack.com")
	}
	if strings.Contains(text, "/") {
		return hostRule{}, errors.New("want a host alone, without a scheme or a path, such as hooks.slack.com or 127.0.0.1:9000")
	}
	rule := hostRule{host: text}
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		rule.host, rule.address = canonicalAddress(a), true
		return rule, nil
	}
	if host, port, err := net.SplitHostPort(text); err == nil {
		if n, err := strconv.ParseUint(port, 10, 16); port != anyPort && (err != nil || n == 0) {
			return hostRule{}, errors.New("the port is not a number from 1 to 65535, or * for every port")
		}
		rule.host, rule.port = host, strings.TrimLeft(port, "0")
	}
	if rule.host == "*" {
		rule.host, rule.port = "", cmp.Or(rule.port, anyPort)
		return rule, nil
	}
	rule.host, rule.below = strings.CutPrefix(rule.host, "*.")
	if strings.Contains(rule.host, "*") {
		return hostRule{}, errors.New("* stands alone or at the start, as in *.example.com")
	}
	if strings.Contains(rule.host, ":") {
		rule.host = "[" + rule.host + "]"
	}
	u, err := whatwg.Parse("http://" + rule.host + "/")
	if err != nil || u.Hostname() == "" || u.Username() != "" || u.Port() != "" {
		return hostRule{}, errors.New("want a host, such as hooks.slack.com or 127.0.0.1:9000")
	}
	rule.host = canonicalHost(u.Hostname())
	if _, err := netip.ParseAddr(rule.host); err == nil {
		if rule.below {
			return hostRule{}, errors.New("an address has no names below it")
		}
		rule.address = true
	}
	return rule, nil
}

// canonicalHost returns the host of a parsed URL in the form in which hosts are compared: no brackets, no final dot.
func canonicalHost(host string) string {
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		return canonicalAddress(a)
	}
	return strings.ToLower(host)
}

func canonicalAddress(a netip.Addr) string { return a.WithZone("").Unmap().String() }

// grant says how far a host, in canonical form, and a port are allowed.
func (rules hostRules) grant(host, port string) grant {
	if len(rules) == 0 {
		return grantPublic
	}
	best := grantNone
	for i := range rules {
		best = max(best, rules[i].grant(host, port))
	}
	return best
}

func (r *hostRule) grant(host, port string) grant {
	switch {
	case !r.takesPort(port):
		return grantNone
	case r.host == "":
		return grantPublic
	case r.below:
		if strings.HasSuffix(host, "."+r.host) {
			return grantPublic
		}
		return grantNone
	case r.host != host:
		return grantNone
	case r.address:
		return grantAny
	case isLocal(host):
		return grantLocal
	case r.port != "" && r.port != anyPort:
		return grantPrivate
	default:
		return grantNamed
	}
}

// takesPort tells whether a port is one of the rule's.
func (r *hostRule) takesPort(port string) bool {
	switch r.port {
	case anyPort, port:
		return true
	case "":
		return port == "80" || port == "443"
	default:
		return false
	}
}

// isLocal tells whether a name means this machine, whoever is asked (RFC 6761, 6.3).
func isLocal(host string) bool { return host == "localhost" || strings.HasSuffix(host, ".localhost") }

// names tells whether a host is granted at any port.
func (rules hostRules) names(host string) bool {
	return slices.ContainsFunc(rules, func(r hostRule) bool {
		r.port = anyPort
		return r.grant(host, "") != grantNone
	})
}
