package postgres_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestTLS opens a store over TLS. A server that is not the one that is meant is refused, with what to do, and never hears the password.
func TestTLS(t *testing.T) {
	t.Parallel()
	server, port, issuer, other := pgtest.StartTLS(t, "fsync=off")
	server.Require(t, "limited", "secret-one")
	plain := pgtest.StartProxy(t, func() *pgtest.Server { s, _ := pgtest.SharedServer(t); return s }())
	at := func(host, options string) string {
		return "postgres://limited:secret-one@" + host + ":" + port + "/postgres?" + options
	}
	for name, row := range map[string]struct{ url, want string }{
		"right":      {at("localhost", "sslmode=verify-full&sslrootcert="+issuer), ""},
		"wrong name": {at("127.0.0.1", "sslmode=verify-full&sslrootcert="+issuer), "its certificate is for other names"},
		"any name":   {at("127.0.0.1", "sslmode=verify-ca&sslrootcert="+issuer), ""},
		"wrong CA":   {at("localhost", "sslmode=verify-full&sslrootcert="+other), "of an issuer that this host does not trust: name the issuer's with sslrootcert"},
		"system's":   {at("localhost", "sslmode=verify-full"), "of an issuer that this host does not trust"},
		"no TLS":     {strings.Replace(plain.URL(), "sslmode=disable", "sslmode=require", 1), "speaks no TLS"},
	} {
		var log bytes.Buffer
		store, err := postgres.Open(t.Context(), postgres.Config{URL: row.url, Log: zerolog.New(zerolog.SyncWriter(&log))})
		text := log.String()
		if err == nil {
			if err := store.Append(t.Context(), packageOf("id", "device")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			closeStore(t, store)
		} else {
			text += err.Error()
		}
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(text, row.want)) {
			t.Errorf("%s: %v; want %q", name, err, row.want)
		}
		if strings.Contains(text, "secret") || strings.Contains(text, "\n\t") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
