package engine

import (
	"errors"
	"net/netip"
	"strings"
)

// errNoIPv4 means that an address is a good one, but none that the server takes.
var errNoIPv4 = errors.New("the server takes no IPv6")

// ParseAddress reads the address of a device as servers and proxies write it: an IPv4 address, also in IPv6 form
// (::ffff:192.0.2.1), in brackets, in quotes, with blanks around it, with a port behind it, or with the zone of an interface.
// What is no IPv4 address then is an error, and ipv6 tells whether it is an IPv6 address.
func ParseAddress(text string) (address string, ipv6 bool, err error) {
	text = strings.Trim(text, " \t\"")
	addr, err := netip.ParseAddr(text)
	if err != nil {
		addr, err = parseWithPort(text)
	}
	if err != nil {
		return "", false, err
	}
	if addr = addr.WithZone("").Unmap(); !addr.Is4() {
		return "", true, errNoIPv4
	}
	return addr.String(), false, nil
}

// parseWithPort reads an address that has more around it than [netip.ParseAddr] takes.
func parseWithPort(text string) (netip.Addr, error) {
	host, port := text, ""
	if inner, bracketed := strings.CutPrefix(text, "["); bracketed {
		host, port, _ = strings.Cut(inner, "]")
		if port != "" && port[0] != ':' {
			return netip.Addr{}, errors.New("there is more behind the bracket")
		}
		port = strings.TrimPrefix(port, ":")
	} else if before, after, ok := strings.Cut(text, ":"); ok && strings.Contains(before, ".") {
		host, port = before, after
	}
	if port != "" && !isDigits(port) {
		return netip.Addr{}, errors.New("the port is no number")
	}
	host, _, _ = strings.Cut(host, "%") // an IPv4 address in IPv6 form may have no zone for netip, and may have one here
	return netip.ParseAddr(host)
}
