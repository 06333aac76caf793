package command

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine/admin"
)

const (
	// envToken is where commands that talk to a host take their token from: not from a flag, because others can see those.
	envToken = config.TokenVariable
	// doorTimeout bounds one request to the door of a host, and maxDoorAnswer what is read of the answer.
	doorTimeout   = 30 * time.Second
	maxDoorAnswer = 1 << 20
)

// Client is how commands reach a running host. It is for one command, and one goroutine.
type Client struct {
	// URL is the address, with or without a scheme.
	URL string
	// transport makes the requests to operators' paths; nil for the usual one.
	transport http.RoundTripper
}

// Flags adds the flag for the address.
func (c *Client) Flags(set *pflag.FlagSet) {
	usual := admin.DefaultURL
	if host := os.Getenv(config.EnvName(config.HostFlag)); host != "" {
		usual = host
	}
	set.StringVar(&c.URL, config.HostFlag, usual, "address of the running host, also by "+config.EnvName(config.HostFlag)+"; its token is taken from "+envToken)
}

// Named tells whether a flag of the command or the environment names the host.
func (*Client) Named(set *pflag.FlagSet) bool {
	return set.Changed(config.HostFlag) || os.Getenv(config.EnvName(config.HostFlag)) != ""
}

// Listening makes the host the one of this machine that runs with a configuration. One that speaks TLS has a certificate for
// its name, and not for the address by which it is reached here. So nothing is asked of it within this machine, and
// elsewhere that it is the one that the configuration names.
func (c *Client) Listening(cfg *config.Config) {
	c.URL = cfg.Listen
	name, port, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return
	}
	ip := net.ParseIP(name)
	if name == "" || ip != nil && ip.IsUnspecified() {
		ip = net.IPv4(127, 0, 0, 1)
		c.URL = net.JoinHostPort(ip.String(), port)
	}
	if cfg.TLS.CertFile == "" {
		return
	}
	c.URL = "https://" + c.URL
	settings := &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see above
	if ip == nil || !ip.IsLoopback() {
		settings.VerifyConnection = sameAs(cfg.TLS.CertFile)
	}
	c.transport = &http.Transport{TLSClientConfig: settings}
}

// sameAs refuses who has another certificate than the first in a file.
func sameAs(file string) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read the host's certificate: %w", err)
		}
		block, _ := pem.Decode(text)
		if block == nil || len(state.PeerCertificates) == 0 || !bytes.Equal(block.Bytes, state.PeerCertificates[0].Raw) {
			return fmt.Errorf("who answers there has another certificate than %s", file)
		}
		return nil
	}
}

// Base is the address with its scheme.
func (c *Client) Base() string {
	base := strings.TrimSuffix(c.URL, "/")
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	return base
}

func (*Client) token() string { return strings.TrimSpace(os.Getenv(envToken)) }

// Admin is the host as operators see it.
func (c *Client) Admin() *admin.Client {
	return &admin.Client{BaseURL: c.Base(), Token: c.token(), Transport: c.transport}
}

// Post hands packages to the door of the host, with these headers and the token, and returns the header of its answer.
func (c *Client) Post(ctx context.Context, path string, header map[string]string, body []byte) (http.Header, error) {
	if u, err := url.Parse(c.Base()); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, admin.ErrAddress
	}
	ctx, cancel := context.WithTimeout(ctx, doorTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base()+path, bytes.NewReader(body))
	if err != nil {
		return nil, admin.ErrAddress
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	if token := c.token(); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w at %s; start one with `trackhook run` (%w)", admin.ErrNoHost, c.Base(), errors.Unwrap(err))
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxDoorAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the host's answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, refusal(answer.StatusCode, text)
	}
	return answer.Header, nil
}

// refusal makes an error of what the door says.
func refusal(status int, text []byte) error {
	var body struct {
		Error  string `json:"error"`
		Detail string `json:"detail"`
	}
	if admin.PlainToTLS(status, text) {
		return errors.New("the host speaks TLS: write https:// before its address (--host)")
	}
	if json.Unmarshal(text, &body) != nil || body.Error == "" {
		return fmt.Errorf("the host answered with status %d: %s", status, bytes.TrimSpace(text[:min(len(text), 200)]))
	}
	if body.Detail != "" {
		return fmt.Errorf("refused: %s: %s", body.Error, body.Detail)
	}
	return fmt.Errorf("refused: %s", body.Error)
}
