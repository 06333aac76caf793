package fetch

import (
	"net/netip"
)

// addressKind is what a network address is for, as far as it matters to who may connect to it.
type addressKind string

const (
	addressPublic      addressKind = "public"
	addressLoopback    addressKind = "loopback"
	addressPrivate     addressKind = "private network"
	addressShared      addressKind = "carrier-grade NAT"
	addressLinkLocal   addressKind = "link-local"
	addressMetadata    addressKind = "cloud metadata service"
	addressMulticast   addressKind = "multicast"
	addressUnspecified addressKind = "unspecified"
	addressReserved    addressKind = "reserved"
)

// private tells whether the address is one that a host granted by name may have: those of the machine itself and of
// the networks around it.
func (k addressKind) private() bool {
	return k == addressLoopback || k == addressPrivate || k == addressShared
}

// addressRange is a block of addresses of one kind.
type addressRange struct {
	block netip.Prefix
	kind  addressKind
}

// addressTable holds the kinds of addresses that are not public. Use [newAddressTable].
type addressTable struct {
	v4, v6 []addressRange
	// nat64 and sixToFour hold IPv4 addresses; global is the only block of IPv6 unicast addresses in use.
	nat64, sixToFour, global netip.Prefix
}

// newAddressTable returns the special blocks of the IANA registries for IPv4 and IPv6 (RFC 6890 and its updates), and
// the metadata services of the large clouds. The first block that holds an address counts.
func newAddressTable() *addressTable {
	ranges := func(pairs ...any) []addressRange {
		var list []addressRange
		for i := 0; i < len(pairs); i += 2 {
			block, _ := pairs[i].(string)
			kind, _ := pairs[i+1].(addressKind)
			list = append(list, addressRange{netip.MustParsePrefix(block), kind})
		}
		return list
	}
	return &addressTable{
		nat64:     netip.MustParsePrefix("64:ff9b::/96"), // RFC 6052
		sixToFour: netip.MustParsePrefix("2002::/16"),    // RFC 3056
		global:    netip.MustParsePrefix("2000::/3"),     // RFC 4291
		v4: ranges(
			"169.254.169.254/32", addressMetadata, // AWS, Azure, Google and others
			"169.254.170.2/32", addressMetadata, // AWS, containers
			"169.254.170.23/32", addressMetadata, // AWS, pods
			"100.100.100.200/32", addressMetadata, // Alibaba
			"192.0.0.192/32", addressMetadata, // Oracle
			"168.63.129.16/32", addressMetadata, // Azure, in a public block
			"0.0.0.0/8", addressUnspecified, // RFC 1122: this host
			"10.0.0.0/8", addressPrivate, // RFC 1918
			"100.64.0.0/10", addressShared, // RFC 6598
			"127.0.0.0/8", addressLoopback, // RFC 1122
			"169.254.0.0/16", addressLinkLocal, // RFC 3927
			"172.16.0.0/12", addressPrivate, // RFC 1918
			"192.0.0.0/24", addressReserved, // RFC 6890: protocol assignments
			"192.0.2.0/24", addressReserved, // RFC 5737: documentation
			"192.88.99.0/24", addressReserved, // RFC 7526: once 6to4 relays
			"192.168.0.0/16", addressPrivate, // RFC 1918
			"198.18.0.0/15", addressReserved, // RFC 2544: benchmarks
			"198.51.100.0/24", addressReserved, // RFC 5737
			"203.0.113.0/24", addressReserved, // RFC 5737
			"224.0.0.0/4", addressMulticast, // RFC 5771
			"240.0.0.0/4", addressReserved, // RFC 1112, and the broadcast address
		),
		v6: ranges(
			"fd00:ec2::254/128", addressMetadata, // AWS
			"fd20:ce::254/128", addressMetadata, // Google
			"::/128", addressUnspecified, // RFC 4291
			"::1/128", addressLoopback, // RFC 4291
			"fc00::/7", addressPrivate, // RFC 4193
			"fe80::/10", addressLinkLocal, // RFC 4291
			"fec0::/10", addressPrivate, // RFC 3879: site-local
			"ff00::/8", addressMulticast, // RFC 4291
			"64:ff9b:1::/48", addressPrivate, // RFC 8215: translation to local networks
			"2001::/23", addressReserved, // RFC 2928: protocol assignments, Teredo among them
			"2001:db8::/32", addressReserved, // RFC 3849: documentation
			"3fff::/20", addressReserved, // RFC 9637: documentation
		),
	}
}

// kind says what an address is for. An IPv6 address that leads to an IPv4 one is of that one's kind.
func (t *addressTable) kind(a netip.Addr) addressKind {
	a = a.WithZone("").Unmap()
	if !a.IsValid() {
		return addressUnspecified
	}
	if a.Is4() {
		return kindIn(t.v4, a)
	}
	kind := kindIn(t.v6, a)
	if kind != addressPublic {
		return kind
	}
	b := a.As16()
	embedded := func(at int) addressKind {
		return t.kind(netip.AddrFrom4([4]byte(b[at : at+4])))
	}
	switch {
	case t.nat64.Contains(a):
		return embedded(12)
	case t.sixToFour.Contains(a):
		return embedded(2)
	case t.global.Contains(a):
		// An ISATAP interface identifier (RFC 5214) tunnels to the IPv4 address in it.
		if b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe && b[8]&^2 == 0 {
			return embedded(12)
		}
		return addressPublic
	default: // among them ::/96 and ::ffff:0:0:0/96, older ways to write an IPv4 address
		return addressReserved
	}
}

func kindIn(ranges []addressRange, a netip.Addr) addressKind {
	for i := range ranges {
		if ranges[i].block.Contains(a) {
			return ranges[i].kind
		}
	}
	return addressPublic
}
