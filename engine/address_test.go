package engine_test

import (
	"testing"

	"trackhook/engine"
)

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "::FFFF:C000:201": "192.0.2.1", "0:0:0:0:0:ffff:192.0.2.1": "192.0.2.1",
		" 192.0.2.1 ": "192.0.2.1", "192.0.2.1:443": "192.0.2.1", "[::ffff:192.0.2.1]:443": "192.0.2.1", "[::ffff:192.0.2.1]": "192.0.2.1",
		`"192.0.2.1:443"`: "192.0.2.1", "::ffff:192.0.2.1%eth0": "192.0.2.1", "[::ffff:192.0.2.1%eth0]:80": "192.0.2.1",
	} {
		if got, ipv6, err := engine.ParseAddress(text); got != want || ipv6 || err != nil {
			t.Errorf("ParseAddress(%q) = %q, %v, %v, want %q", text, got, ipv6, err, want)
		}
	}
	for _, text := range []string{"2001:db8::1", "[2001:db8::1]:443", "fe80::1%eth0", "::1", "[fe80::1%25en0]", "::"} {
		if got, ipv6, err := engine.ParseAddress(text); got != "" || !ipv6 || err == nil {
			t.Errorf("ParseAddress(%q) = %q, %v, %v, want an IPv6 address", text, got, ipv6, err)
		}
	}
	for _, text := range []string{"", "unknown", "localhost", "192.0.2", "192.0.2.256", "192.0.2.1:http", "[192.0.2.1]x", "192.0.2.1/24", "192.0.2.01", "1:2"} {
		if got, ipv6, err := engine.ParseAddress(text); got != "" || ipv6 || err == nil {
			t.Errorf("ParseAddress(%q) = %q, %v, %v, want an error", text, got, ipv6, err)
		}
	}
}
