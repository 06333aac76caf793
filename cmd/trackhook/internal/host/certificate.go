package host

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"trackhook/cmd/trackhook/internal/config"
)

// certificate is what the host proves its name with, where it speaks TLS. Its files are read again when they change: a
// new certificate counts for the next connection. While it cannot be used, the one before goes on, and health says so.
type certificate struct {
	files config.TLS
	now   atomic.Pointer[pair]
	// problem is why the files that are there now are not in use; nil where they are.
	problem atomic.Pointer[string]
}

// pair is a certificate that can be used, and what it was made of.
type pair struct {
	tls.Certificate
	content [sha256.Size]byte
}

// newCertificate reads the certificate that settings name; nil where they name none.
func newCertificate(files config.TLS) (*certificate, error) {
	if files.CertFile == "" {
		return nil, nil
	}
	c := &certificate{files: files}
	first, err := c.read()
	if err != nil {
		return nil, &config.Error{Err: err}
	}
	c.now.Store(first)
	return c, nil
}

// read reads both files. The error says what is wrong with which of them.
func (c *certificate) read() (*pair, error) {
	chain, err := os.ReadFile(c.files.CertFile)
	if err != nil {
		return nil, config.Unreadable("tls.cert_file: the file", c.files.CertFile, err)
	}
	key, err := os.ReadFile(c.files.KeyFile)
	if err != nil {
		return nil, config.Unreadable("tls.key_file: the file", c.files.KeyFile, err)
	}
	if info, err := os.Stat(c.files.KeyFile); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
		return nil, fmt.Errorf("tls.key_file: anybody on this machine may change the file %s (mode %04o); do `chmod 600`", c.files.KeyFile, info.Mode().Perm())
	}
	made, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, c.explain(chain, key, err)
	}
	return &pair{Certificate: made, content: contentOf(chain, key)}, nil
}

// contentOf tells one content of the files from another.
func contentOf(chain, key []byte) [sha256.Size]byte {
	return sha256.Sum256(bytes.Join([][]byte{chain, key}, []byte{0}))
}

// explain says what to do about files of which no certificate can be made.
func (c *certificate) explain(chain, key []byte, err error) error {
	certificates, keys := blocks(chain), blocks(key)
	switch {
	case certificates["CERTIFICATE"] == nil:
		return fmt.Errorf("tls.cert_file: the file %s has no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----; "+
			"convert another form with `openssl x509 -inform der -in FILE`", c.files.CertFile)
	case keys["ENCRYPTED PRIVATE KEY"] != nil, bytes.Contains(key, []byte("Proc-Type: 4,ENCRYPTED")):
		return fmt.Errorf("tls.key_file: the key in %s is encrypted, and nobody is there to give its password; write it without one: `openssl pkey -in %s -out NEW`",
			c.files.KeyFile, c.files.KeyFile)
	case !hasKey(keys):
		return fmt.Errorf("tls.key_file: the file %s has no private key in PEM form, which begins with -----BEGIN PRIVATE KEY-----", c.files.KeyFile)
	case strings.Contains(err.Error(), "does not match"):
		return fmt.Errorf("tls: the key in %s does not belong to the first certificate in %s; name the key that the certificate was made for, "+
			"and let the host's own certificate stand first in the file, before those of its issuers", c.files.KeyFile, c.files.CertFile)
	default:
		return fmt.Errorf("tls: the certificate in %s and the key in %s cannot be used: %w", c.files.CertFile, c.files.KeyFile, err)
	}
}

// blocks are the parts of a file in PEM form, by their names.
func blocks(text []byte) map[string]*pem.Block {
	found := map[string]*pem.Block{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		found[block.Type] = block
	}
	return found
}

func hasKey(blocks map[string]*pem.Block) bool {
	for name := range blocks {
		if strings.HasSuffix(name, "PRIVATE KEY") {
			return true
		}
	}
	return false
}

// secure has a server speak TLS. HTTP/2 is left out: the bounds of the door are those of connections.
func (c *certificate) secure(server *http.Server) {
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	server.TLSConfig = &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &c.now.Load().Certificate, nil },
	}
}

// changed reads the files, and returns what is in them unless it is in use. The error is a [*config.Error]. It may be
// called on nil.
func (c *certificate) changed() (*pair, error) {
	if c == nil {
		return nil, nil
	}
	found, err := c.read()
	if err != nil {
		return nil, &config.Error{Err: err}
	}
	if found.content == c.now.Load().content {
		return nil, nil
	}
	return found, nil
}

// followed is what was found of the files of a certificate when they were looked at last. They are two, and may be half
// written: what they hold counts when it is found twice. Its zero value is for one that was read just now.
type followed struct {
	content [sha256.Size]byte
	failure string
	told    bool
}

// poll looks at the files.
func (f *followed) poll(h *Host) {
	if h.secure == nil {
		return
	}
	// A reload reads them, too.
	h.reloading.Lock()
	defer h.reloading.Unlock()
	found, err := h.secure.changed()
	switch {
	case err != nil && err.Error() != f.failure:
		*f = followed{failure: err.Error()}
	case err != nil && !f.told:
		f.told = true
		problem := f.failure
		h.secure.problem.Store(&problem)
		h.log.Error().Err(err).Time("valid_until", h.secure.now.Load().Leaf.NotAfter).
			Msg("the certificate cannot be read again, and the one before stays in use")
	case err != nil: // it was told
	case found == nil:
		*f = followed{}
		if h.secure.problem.Swap(nil) != nil {
			h.log.Info().Msg("the certificate can be read again")
		}
	case found.content != f.content:
		*f = followed{content: found.content}
	default:
		*f = followed{}
		h.secure.put(found)
		h.tellRenewed()
	}
}

// tellRenewed says that there is a new certificate.
func (h *Host) tellRenewed() {
	leaf := h.secure.now.Load().Leaf
	h.log.Info().Strs("names", leaf.DNSNames).Time("valid_until", leaf.NotAfter).
		Msg("there is a new certificate, and new connections use it")
	if wrong := outOfTime(leaf, time.Now()); wrong != "" {
		h.log.Warn().Msg("the certificate " + wrong)
	}
}

// put has new connections use a certificate.
func (c *certificate) put(next *pair) {
	c.now.Store(next)
	c.problem.Store(nil)
}

// reasons says what people should know of the certificate. It may be called on nil.
func (c *certificate) reasons(now time.Time) []string {
	if c == nil {
		return nil
	}
	var all []string
	leaf := c.now.Load().Leaf
	if problem := c.problem.Load(); problem != nil {
		all = append(all, fmt.Sprintf("the certificate cannot be read again, and the one before, which holds until %s, stays in use: %s",
			leaf.NotAfter.UTC().Format(time.RFC3339), *problem))
	}
	if wrong := outOfTime(leaf, now); wrong != "" {
		all = append(all, fmt.Sprintf("the certificate in %s %s", c.files.CertFile, wrong))
	}
	return all
}

// outOfTime says that a certificate is not valid now, or soon not any more: those who renew in time do so before nine
// tenths of its life are over, and a month before its end. Empty, where there is nothing to say.
func outOfTime(leaf *x509.Certificate, now time.Time) string {
	last := min(leaf.NotAfter.Sub(leaf.NotBefore)/10, 30*24*time.Hour)
	switch {
	case now.After(leaf.NotAfter):
		return "has expired at " + leaf.NotAfter.UTC().Format(time.RFC3339) + "; browsers and clients refuse this host: renew it"
	case now.Before(leaf.NotBefore):
		return "is not valid before " + leaf.NotBefore.UTC().Format(time.RFC3339) + "; browsers and clients refuse this host: check the clock of this machine"
	case now.After(leaf.NotAfter.Add(-last)):
		return "expires at " + leaf.NotAfter.UTC().Format(time.RFC3339) + " and was not renewed; renew it"
	default:
		return ""
	}
}
