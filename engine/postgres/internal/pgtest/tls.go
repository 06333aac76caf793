package pgtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// StartTLS starts a server that speaks TLS at a port of localhost, with a certificate for that name and an issuer of its own. It
// returns the port, and the files of the issuer's certificate and of another issuer's.
func StartTLS(tb testing.TB, settings ...string) (s *Server, port, issuer, other string) {
	tb.Helper()
	onlyWhereWanted(tb)
	s, err := prepare(append(settings, "ssl=on", "listen_addresses=127.0.0.1"))
	if err != nil {
		if !must() {
			tb.Skip(err)
		}
		tb.Fatal(err)
	}
	tb.Cleanup(s.Remove)
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	place, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // only to find a port that is free
	must(err)
	_, port, err = net.SplitHostPort(place.Addr().String())
	must(err)
	must(place.Close())
	s.port, err = strconv.Atoi(port)
	must(err)
	s.settings = append(s.settings, "port="+port)

	folder := tb.TempDir()
	authority, key := certificate(tb, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	stranger, _ := certificate(tb, &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	own, ownKey := certificate(tb, &x509.Certificate{DNSNames: []string{"localhost"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, authority, key)
	private, err := x509.MarshalPKCS8PrivateKey(ownKey)
	must(err)
	issuer, other = filepath.Join(folder, "issuer.pem"), filepath.Join(folder, "other.pem")
	for path, block := range map[string]*pem.Block{
		issuer: {Type: "CERTIFICATE", Bytes: authority.Raw}, other: {Type: "CERTIFICATE", Bytes: stranger.Raw},
		filepath.Join(s.data(), "server.crt"): {Type: "CERTIFICATE", Bytes: own.Raw},
		filepath.Join(s.data(), "server.key"): {Type: "PRIVATE KEY", Bytes: private},
	} {
		must(os.WriteFile(path, pem.EncodeToMemory(block), 0o600))
	}
	must(ownCertificate(s))
	must(s.begin())
	return s, port, issuer, other
}

// ownCertificate gives the files of the certificate to the user that the server runs as.
func ownCertificate(s *Server) error {
	if err := own(filepath.Join(s.data(), "server.crt")); err != nil {
		return err
	}
	return own(filepath.Join(s.data(), "server.key"))
}

// certificate makes one, issued by another or by itself.
func certificate(tb testing.TB, about, by *x509.Certificate, byKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		tb.Fatal(err)
	}
	about.SerialNumber, about.Subject = number, pkix.Name{CommonName: "test " + number.String()}
	about.NotBefore, about.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	if by == nil {
		by, byKey = about, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, about, by, &key.PublicKey, byKey)
	if err != nil {
		tb.Fatal(err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return made, key
}
