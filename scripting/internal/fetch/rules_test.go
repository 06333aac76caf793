package fetch

import (
	"net/netip"
	"strings"
	"testing"
)

func TestAddressKinds(t *testing.T) {
	table := newAddressTable()
	for _, row := range []struct {
		kind      addressKind
		addresses string
	}{
		{addressPublic, "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 " +
			"172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 " +
			"2606:4700:4700::1111 2a00:1450:4001:80e::200e 2001:4860:4860::8888 64:ff9b::8.8.8.8 2002:808:808::1 ::ffff:8.8.8.8"},
		{addressLoopback, "127.0.0.1 127.1.2.3 127.255.255.255 ::1 ::ffff:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::"},
		{addressPrivate, "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 fc00::1 fdff::1 fec0::1 " +
			"::ffff:10.1.2.3 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:c0a8:101::1 2a00:1::5efe:10.0.0.1 2a00:1::200:5efe:10.0.0.1"},
		{addressShared, "100.64.0.0 100.127.255.255 ::ffff:100.64.0.1"},
		{addressLinkLocal, "169.254.0.1 169.254.255.255 fe80::1 fe80::1%eth0 febf::1 ::ffff:169.254.1.1"},
		{addressMetadata, "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 fd00:ec2::254 ::ffff:169.254.169.254 " +
			"64:ff9b::169.254.169.254 2002:a9fe:a9fe::"},
		{addressMulticast, "224.0.0.1 239.255.255.255 ff02::1"},
		{addressUnspecified, "0.0.0.0 0.1.2.3 :: ::ffff:0.0.0.0"},
		{addressReserved, "192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 240.0.0.1 255.255.255.255 " +
			"2001:db8::1 2001::1 2001:0:53aa:64c:0:0:0:1 3fff::1 ::127.0.0.1 ::ffff:0:127.0.0.1 100::1 4000::1 5f00::1"},
	} {
		for address := range strings.FieldsSeq(row.addresses) {
			if got := table.kind(netip.MustParseAddr(address)); got != row.kind {
				t.Errorf("%s is %q; want %q", address, got, row.kind)
			}
		}
	}
	if got := table.kind(netip.Addr{}); got == addressPublic {
		t.Error("no address at all is public")
	}
}

func TestHostRules(t *testing.T) {
	for _, row := range []struct {
		rule, host, port string
		want             grant
	}{
		{"hooks.slack.com", "hooks.slack.com", "443", grantNamed},
		{"hooks.slack.com", "hooks.slack.com", "80", grantNamed},
		{"hooks.slack.com", "hooks.slack.com", "8443", grantNone},
		{"hooks.slack.com:*", "hooks.slack.com", "8443", grantNamed},
		{"Hooks.Slack.COM.", "hooks.slack.com", "443", grantNamed},
		{"hooks.slack.com", "x.hooks.slack.com", "443", grantNone},
		{"hooks.slack.com", "slack.com", "443", grantNone},
		{"hooks.slack.com:443", "hooks.slack.com", "443", grantPrivate},
		{"hooks.slack.com:443", "hooks.slack.com", "8443", grantNone},
		{"*.example.com", "a.example.com", "80", grantPublic},
		{"*.example.com", "a.b.example.com", "80", grantPublic},
		{"*.example.com", "example.com", "80", grantNone},
		{"*.example.com", "badexample.com", "80", grantNone},
		{"*.example.com:8443", "a.example.com", "443", grantNone},
		{"*.example.com", "a.example.com", "8443", grantNone},
		{"*", "whatever.example", "8443", grantPublic},
		{"*", "whatever.example", "80", grantPublic},
		{"*:443", "whatever.example", "80", grantNone},
		{"127.0.0.1:9000", "127.0.0.1", "9000", grantAny},
		{"127.0.0.1:9000", "127.0.0.1", "9001", grantNone},
		{"127.1", "127.0.0.1", "80", grantAny},
		{"[::1]:9000", "::1", "9000", grantAny},
		{"::1", "::1", "80", grantAny},
		{"[::1]", "::1", "80", grantAny},
		{"::ffff:10.0.0.1", "10.0.0.1", "80", grantAny},
		{"127.0.0.1", "127.0.0.1", "9000", grantNone},
		{"127.0.0.1:*", "127.0.0.1", "9000", grantAny},
		{"localhost", "localhost", "9000", grantNone},
		{"localhost:9000", "localhost", "9000", grantLocal},
		{"localhost", "localhost", "80", grantLocal},
		{"bücher.example", "xn--bcher-kva.example", "443", grantNamed},
	} {
		rules, err := parseHosts([]string{row.rule})
		if err != nil {
			t.Errorf("%s: %v", row.rule, err)
			continue
		}
		if got := rules.grant(row.host, row.port); got != row.want {
			t.Errorf("%s grants %d to %s:%s; want %d", row.rule, got, row.host, row.port, row.want)
		}
	}
	for _, bad := range []string{"", " ", "https://a.example", "a.example/x", "a.*.example", "*a.example", "a.example:x", "a.example:0", "a.example:70000", "a b", "*.127.0.0.1", "user@a.example"} {
		if _, err := parseHosts([]string{bad}); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
