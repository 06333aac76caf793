package site

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"trackhook/engine"
)

// Hosts are the names and addresses that a host answers to: localhost and all loopback addresses; the address that it
// listens on, where that is the address of every interface any address; and the names that were allowed. The zero value
// answers to localhost and loopback addresses only.
type Hosts struct {
	names map[string]bool
	// below are the parents of allowed names, each with a dot before it.
	below []string
	// anyAddress tells that every address may be one of this machine's.
	anyAddress bool
}

// NewHosts makes the hosts of an address to listen on, HOST:PORT, and of names that are allowed beside it, such as
// trackhook.example.com, *.example.com for all names below, or an address; ports do not matter.
func NewHosts(listen string, allowed ...string) (*Hosts, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %s is no address to listen at; it must be HOST:PORT, such as 127.0.0.1:8787 or [::1]:8787 (%w)", engine.Quote(listen), err)
	}
	h := &Hosts{names: map[string]bool{}}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.Unmap().IsUnspecified() {
		h.anyAddress = true
	} else {
		h.names[canonical(host)] = true
	}
	for _, name := range allowed {
		parent, wild := strings.CutPrefix(name, "*.")
		plain := canonical(parent)
		if plain == "" || strings.ContainsAny(parent, "/*@ \t") || strings.Contains(plain, ":") && !isAddress(plain) {
			return nil, fmt.Errorf("allowed host %s must be a name such as trackhook.example.com, *.example.com, or an address, without a scheme and a path", engine.Quote(name))
		}
		if wild {
			h.below = append(h.below, "."+plain)
		} else {
			h.names[plain] = true
		}
	}
	return h, nil
}

// Allow tells whether a request with that header Host, with or without a port, is for this host. One without the header
// is: it comes from an old client, and from no browser.
func (h *Hosts) Allow(host string) bool {
	name := canonical(host)
	if name == "" && host == "" || h.names[name] || Loopback(name) {
		return true
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		// No page can make an address lead somewhere else. That of no interface is one that browsers take for this machine.
		return h.anyAddress && !ip.Unmap().IsUnspecified()
	}
	for _, parent := range h.below {
		if strings.HasSuffix(name, parent) {
			return true
		}
	}
	return false
}

// Check passes on what is for this host, and answers everything else with 421.
func (h *Hosts) Check(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.Allow(r.Host) {
			next.ServeHTTP(w, r)
			return
		}
		body, err := json.Marshal(map[string]string{
			"error": "Misdirected request",
			"detail": "this host does not answer to the name " + engine.Quote(r.Host) +
				"; call it by localhost or by the address that it listens on, or add the name to its allowed hosts (allowed_hosts, --allowed-hosts)",
		})
		if err != nil {
			panic(err) // texts: cannot fail
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(http.StatusMisdirectedRequest)
		_, _ = w.Write(body) // the sender may have gone
	})
}

// Loopback tells whether HOST:PORT or HOST is this machine for sure: localhost, a name below it, or a loopback address.
// Of other names somebody else says where they lead.
func Loopback(address string) bool {
	name := canonical(address)
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}

func isAddress(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

// canonical is a host without port, brackets and the dot of the root, in small letters.
func canonical(address string) string {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
