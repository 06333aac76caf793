package admin

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"trackhook/engine"
)

// ErrNoHost means that nothing answers at the address.
var ErrNoHost = errors.New("no trackhook host answers")

// ErrAddress means that [Client.BaseURL] is no URL of a host. It does not quote it, because it may hold a password.
var ErrAddress = errors.New("the address of the host must be a URL such as " + DefaultURL)

// The defaults of a host's address, and of [Client].
const (
	// DefaultAddress is where a host listens unless it is told otherwise.
	DefaultAddress = "127.0.0.1:8787"
	DefaultURL     = "http://" + DefaultAddress
	DefaultTimeout = 10 * time.Second
)

// Client asks a running host. Its zero value asks the default address without a token. It may be used by many
// goroutines at once.
type Client struct {
	// BaseURL is the address of the host; http:// may be left out. Default [DefaultURL].
	BaseURL string
	// Token is a bearer token of the host. Empty: none is sent.
	Token string
	// Timeout bounds one call; those that stream are bounded by their contexts only. Default [DefaultTimeout].
	Timeout time.Duration
	// Transport makes the requests. Default [http.DefaultTransport].
	Transport http.RoundTripper
}

// AnswerError is an answer other than success.
type AnswerError struct {
	// Host is the address that was asked.
	Host string
	// Status is the HTTP status.
	Status int
	// Message and Detail are the host's own words; both may be empty.
	Message, Detail string
}

// Error says what was answered and what to do.
func (e *AnswerError) Error() string {
	switch {
	case e.Status == http.StatusUnauthorized:
		return "the host at " + e.Host + " did not accept the token; give one of its tokens that has no scopes"
	case e.Message == "":
		return fmt.Sprintf("%s answered with status %d; is it a trackhook host?", e.Host, e.Status)
	case e.Detail == "":
		return "the host at " + e.Host + " answered: " + e.Message
	default:
		return "the host at " + e.Host + " answered: " + e.Message + ": " + e.Detail
	}
}

// Is tells that a package or plugin was not found, as [engine.ErrNotFound].
func (e *AnswerError) Is(target error) bool {
	return target == engine.ErrNotFound && e.Status == http.StatusNotFound &&
		(e.Message == packageNotFound || e.Message == pluginNotFound)
}

// call is one request.
type call struct {
	method, path string
	// id follows path, escaped.
	id    string
	query url.Values
	// body is sent as JSON. Nil: none.
	body any
	// accept is the type of answer. Default JSON.
	accept string
	header http.Header
}

// get asks for one path and decodes the answer.
func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	return c.ask(ctx, call{method: http.MethodGet, path: path, query: query}, into)
}

// ask makes one request and decodes the answer, within the timeout.
func (c *Client) ask(ctx context.Context, request call, into any) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	host, answer, err := c.send(ctx, request)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	return decode(host, answer, into)
}

// timeout is how long one call may take, and how long an answer that streams may keep silent at its start.
func (c *Client) timeout() time.Duration {
	return cmp.Or(c.Timeout, DefaultTimeout)
}

// send makes one request and returns the answer, whatever its status. The caller closes the body.
func (c *Client) send(ctx context.Context, request call) (host string, answer *http.Response, err error) {
	base, err := c.base()
	if err != nil {
		return "", nil, err
	}
	target := base.JoinPath(request.path)
	if request.id != "" {
		target.Path += request.id
		target.RawPath = base.JoinPath(request.path).EscapedPath() + url.PathEscape(request.id)
	}
	target.RawQuery = request.query.Encode()
	var body io.Reader = http.NoBody
	if request.body != nil {
		body = bytes.NewReader(encode(request.body))
	}
	made, err := http.NewRequestWithContext(ctx, request.method, target.String(), body)
	if err != nil {
		return base.Host, nil, fmt.Errorf("ask %s: %w", base.Host, err)
	}
	if request.header != nil {
		made.Header = request.header
	}
	made.Header.Set("Accept", cmp.Or(request.accept, "application/json"))
	if request.body != nil {
		made.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		made.Header.Set("Authorization", "Bearer "+c.Token)
	}
	transport := c.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	// No redirects: a host has none, and the token is for this address only.
	answer, err = transport.RoundTrip(made)
	if err != nil {
		return base.Host, nil, unreachable(base.Host, err)
	}
	return base.Host, answer, nil
}

// stream makes one request whose answer streams. The status is success; the caller closes the body.
func (c *Client) stream(ctx context.Context, request call) (host string, body io.ReadCloser, err error) {
	host, answer, err := c.send(ctx, request)
	if err != nil {
		return host, nil, err
	}
	if answer.StatusCode == http.StatusOK {
		return host, answer.Body, nil
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return host, nil, fmt.Errorf("read the answer of %s: %w", host, err)
	}
	return host, nil, refused(host, answer.StatusCode, text)
}

// maxAnswer bounds the answers that a client reads at once.
const maxAnswer = 256 << 20

// decode reads an answer. Health is a body of its own also with status 503.
func decode(host string, answer *http.Response, into any) error {
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", host, err)
	}
	health, isHealth := into.(*Health)
	if answer.StatusCode != http.StatusOK && (!isHealth || answer.StatusCode != http.StatusServiceUnavailable) {
		return refused(host, answer.StatusCode, text)
	}
	if err := json.Unmarshal(text, into); err != nil || isHealth && health.Status == "" {
		return strange(host)
	}
	return nil
}

// refused makes an error of an answer.
func refused(host string, status int, text []byte) error {
	refused := &AnswerError{Host: host, Status: status}
	var body answerError
	if json.Unmarshal(text, &body) == nil {
		refused.Message, refused.Detail = body.Error, body.Detail
	}
	if PlainToTLS(status, text) {
		refused.Message, refused.Detail = "it speaks TLS", "write https:// before its address"
	}
	return refused
}

// PlainToTLS tells whether that is what a server of TLS answers to a request without.
func PlainToTLS(status int, text []byte) bool {
	return status == http.StatusBadRequest && bytes.Contains(text, []byte("HTTP request to an HTTPS server"))
}

// strange is the error for an answer that no host gives.
func strange(host string) error {
	return fmt.Errorf("what answers at %s is not a trackhook host: its answer is not the JSON that was expected", host)
}

// base reads BaseURL. Errors do not quote it: it may hold a password.
func (c *Client) base() (*url.URL, error) {
	text := c.BaseURL
	if text == "" {
		text = DefaultURL
	}
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	base, err := url.Parse(text)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, ErrAddress
	}
	return base, nil
}

// unreachable makes an error of a request that was not answered.
func unreachable(host string, err error) error {
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		return fmt.Errorf("ask the host at %s: %w; call it by a name that its certificate has, and name the issuer's certificate in SSL_CERT_FILE where the system does not know it", host, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w at %s; start one with `trackhook run`", ErrNoHost, host)
	case errors.As(err, &dns), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w at %s; check the address: %w", ErrNoHost, host, err)
	default:
		return fmt.Errorf("ask the host at %s: %w", host, err)
	}
}
