package host_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
	"trackhook/engine/admin"
)

// issued makes a certificate for localhost that holds until then, and its key, in PEM form.
func issued(t *testing.T, name string, from, until time.Time) (chain, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: from, NotAfter: until,
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}))
}

// presented is the name in the certificate that a host presents to a new connection.
func presented(t *testing.T, r *reloading) string {
	t.Helper()
	conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", strings.TrimPrefix(r.host.URL(), "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName
}

// healthOf is what a host that speaks TLS says of itself.
func healthOf(t *testing.T, r *reloading) admin.Health {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	health, err := (&admin.Client{BaseURL: r.host.URL(), Transport: transport}).Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return health
}

// A new certificate is used as soon as its files are there; a broken one never is, and health says so until it is mended.
func TestCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	cfg := settings(t, oneApp)
	cfg.TLS = config.TLS{CertFile: filepath.Join(dir, "chain.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	write := func(chain, key string) {
		replace(t, cfg.TLS.CertFile, chain)
		replace(t, cfg.TLS.KeyFile, key)
	}
	month := now.AddDate(0, 1, 0)
	chain, key := issued(t, "first", now.Add(-time.Hour), month)
	write(chain, key)
	r := newReloading(t, cfg)
	if !strings.HasPrefix(r.host.URL(), "https://") || presented(t, r) != "first" {
		t.Fatalf("%s presents %s", r.host.URL(), presented(t, r))
	}
	if health := healthOf(t, r); health.Status != "ok" {
		t.Errorf("health %+v", health)
	}
	second, secondKey := issued(t, "second", now.Add(-time.Hour), month)
	write(second, secondKey)
	r.log.await(t, `"names":["second"]`)
	if name := presented(t, r); name != "second" {
		t.Errorf("it presents %s", name)
	}

	// The key of another certificate: a renewal that went wrong.
	write(chain, secondKey)
	r.log.await(t, "does not belong to the first certificate")
	if health := healthOf(t, r); health.Status != "degraded" || presented(t, r) != "second" || len(health.Reasons) != 1 ||
		!strings.HasPrefix(health.Reasons[0], "the certificate cannot be read again, and the one before, which holds until "+month.UTC().Format("2006-01-02")) ||
		!strings.Contains(health.Reasons[0], "name the key that the certificate was made for") {
		t.Errorf("it presents %s, health %+v", presented(t, r), health)
	}
	if _, err := r.host.Reload(); err == nil || !strings.Contains(err.Error(), "does not belong") {
		t.Errorf("a reload says %v", err)
	}
	write(second, secondKey)
	r.log.await(t, "the certificate can be read again")
	if health := healthOf(t, r); health.Status != "ok" {
		t.Errorf("mended: %+v", health)
	}

	// One for ten years, half a year before its end.
	write(issued(t, "long", now.AddDate(-9, -6, 0), now.AddDate(0, 6, 0)))
	r.log.await(t, `"names":["long"]`)
	if health := healthOf(t, r); health.Status != "ok" {
		t.Errorf("half a year before its end: %+v", health)
	}

	// Nobody has renewed it.
	write(issued(t, "third", now.AddDate(0, -3, 0), now.Add(time.Hour)))
	r.log.await(t, `"names":["third"]`)
	if health := healthOf(t, r); health.Status != "degraded" || !strings.Contains(strings.Join(health.Reasons, ""), "and was not renewed; renew it") {
		t.Errorf("old: %+v", health)
	}
	write(issued(t, "fourth", now.AddDate(0, -3, 0), now.Add(-time.Hour)))
	report, err := r.host.Reload()
	if err != nil {
		t.Fatal(err)
	}
	r.log.await(t, `"names":["fourth"]`)
	if health := healthOf(t, r); !strings.Contains(strings.Join(health.Reasons, ""), "browsers and clients refuse this host: renew it") {
		t.Errorf("expired: %+v, reload said %+v", health, report)
	}
}

// What is wrong with a certificate is said with what to do.
func TestWrongCertificates(t *testing.T) {
	now := time.Now()
	chain, key := issued(t, "one", now, now.AddDate(1, 0, 0))
	other, otherKey := issued(t, "other", now, now.AddDate(1, 0, 0))
	for _, row := range []struct {
		name, chain, key string
		mode             os.FileMode
		says             string
	}{
		{"right", chain, key, 0o600, ""},
		{"with its issuer", chain + other, key, 0o644, ""},
		{"both in one", key + chain, chain + key, 0o600, ""},
		{"no certificate", key, key, 0o600, "has no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----"},
		{"empty", "", key, 0o600, "has no certificate in PEM form"},
		{"binary", "\x30\x82\x01", key, 0o600, "openssl x509 -inform der"},
		{"no key", chain, chain, 0o600, "has no private key in PEM form"},
		{"encrypted", chain, string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("secret")})), 0o600, "write it without one: `openssl pkey -in "},
		{"another key", chain, otherKey, 0o600, "does not belong to the first certificate in "},
		{"issuer first", other + chain, key, 0o600, "let the host's own certificate stand first in the file"},
		{"nothing", "-", key, 0o600, "tls.cert_file: the file "},
		{"no key file", chain, "-", 0o600, "tls.key_file: the file "},
		{"anybody's", chain, key, 0o666, "do `chmod 600`"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			cfg := settings(t, oneApp)
			cfg.TLS = config.TLS{CertFile: filepath.Join(dir, "chain.pem"), KeyFile: filepath.Join(dir, "key.pem")}
			for file, text := range map[string]string{cfg.TLS.CertFile: row.chain, cfg.TLS.KeyFile: row.key} {
				if text == "-" {
					continue
				}
				replace(t, file, text)
				if err := os.Chmod(file, row.mode); err != nil {
					t.Fatal(err)
				}
			}
			err := host.Check(cfg, os.LookupEnv)
			if (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A host that speaks TLS answers over it, and those who forget that are told.
func TestServeOverTLS(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	cfg := settings(t, oneApp)
	cfg.TLS = config.TLS{CertFile: filepath.Join(dir, "chain.pem"), KeyFile: filepath.Join(dir, "key.pem")}
	chain, key := issued(t, "localhost", now.Add(-time.Hour), now.AddDate(1, 0, 0))
	replace(t, cfg.TLS.CertFile, chain)
	replace(t, cfg.TLS.KeyFile, key)
	r := newReloading(t, cfg)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(chain))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	target := strings.Replace(r.host.URL(), "127.0.0.1", "localhost", 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target+"/session",
		strings.NewReader("app_token=abc123def456&environment=sandbox&gps_adid=a"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body struct{ Status string }
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil || answer.StatusCode != http.StatusOK || body.Status != "OK" || answer.Proto != "HTTP/1.1" {
		t.Errorf("%s %d %+v %v", answer.Proto, answer.StatusCode, body, err)
	}
	plain := &http.Transport{}
	defer plain.CloseIdleConnections()
	_, err = (&admin.Client{BaseURL: strings.Replace(r.host.URL(), "https://", "http://", 1), Transport: plain}).Health(t.Context())
	if err == nil || !strings.Contains(err.Error(), "it speaks TLS: write https:// before its address") {
		t.Errorf("without TLS: %v", err)
	}
}
