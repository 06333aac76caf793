package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
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
	// grantPrivate: also at addresses of this machine and of private networks.
	grantPrivate
	// grantAny: at whatever address, because the address itself was granted.
	grantAny
)

// hostRule is one entry of allow_hosts.
type hostRule struct {
	// host is a name in lower-case ASCII, or an address; "" is every host.
	host string
	// below is set for *.host: the names below it, and not host itself.
	below bool
	// port restricts the rule to one port; "" is every port.
	port string
	// address is set when host is an address.
	address bool
}

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
//	hooks.slack.com    *.example.com:443    127.0.0.1:9000    [::1]:9000    localhost    *
//
// With no entries every host is allowed at public addresses. With entries, these hosts alone are. A host that is named
// in full may also have an address of this machine or of a private network, because whoever wrote it here knows what
// stands behind it; one that only matches a pattern may not, because anyone may be able to make names below it; an
// address is allowed as it is.
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
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return hostRule{}, errors.New("the port is not a number from 1 to 65535")
		}
		rule.host, rule.port = host, strings.TrimLeft(port, "0")
	}
	if rule.host == "*" {
		rule.host = ""
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
	case r.port != "" && r.port != port:
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
	default:
		return grantPrivate
	}
}
