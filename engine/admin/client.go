package admin

import (
	"context"
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

// DefaultURL is where a host listens unless it is told otherwise.
const DefaultURL = "http://127.0.0.1:8787"

// Client asks a running host. Its zero value asks the default address without a token. It may be used by many
// goroutines at once.
type Client struct {
	// BaseURL is the address of the host; http:// may be left out. Default [DefaultURL].
	BaseURL string
	// Token is a bearer token of the host. Empty: none is sent.
	Token string
	// Timeout bounds one call. Default 10 s.
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

// Plugins returns the state of every plugin.
func (c *Client) Plugins(ctx context.Context) ([]Plugin, error) {
	var body struct {
		Plugins []Plugin `json:"plugins"`
	}
	err := c.get(ctx, "/api/v1/plugins", &body)
	return body.Plugins, err
}

// Host returns what does not change while the host runs.
func (c *Client) Host(ctx context.Context) (Host, error) {
	var host Host
	err := c.get(ctx, "/api/v1/host", &host)
	return host, err
}

// Stats returns the counts of the store.
func (c *Client) Stats(ctx context.Context) (engine.Stats, error) {
	var counts stats
	err := c.get(ctx, "/api/v1/stats", &counts)
	return engine.Stats(counts), err
}

// Health returns the answer of /healthz, whichever status it has. The error is for no such answer.
func (c *Client) Health(ctx context.Context) (Health, error) {
	var health Health
	err := c.get(ctx, "/healthz", &health)
	return health, err
}

// get asks for one path and decodes the answer.
func (c *Client) get(ctx context.Context, path string, into any) error {
	base, err := c.base()
	if err != nil {
		return err
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath(path).String(), http.NoBody)
	if err != nil {
		return fmt.Errorf("ask %s: %w", base.Host, err)
	}
	request.Header.Set("Accept", "application/json")
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	transport := c.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	// No redirects: a host has none, and the token is for this address only.
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return unreachable(base.Host, err)
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	return decode(base.Host, answer, into)
}

// decode reads an answer. Health is a body of its own also with status 503.
func decode(host string, answer *http.Response, into any) error {
	const most = 64 << 20
	text, err := io.ReadAll(io.LimitReader(answer.Body, most))
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", host, err)
	}
	health, isHealth := into.(*Health)
	if answer.StatusCode != http.StatusOK && (!isHealth || answer.StatusCode != http.StatusServiceUnavailable) {
		refused := &AnswerError{Host: host, Status: answer.StatusCode}
		var body answerError
		if json.Unmarshal(text, &body) == nil {
			refused.Message, refused.Detail = body.Error, body.Detail
		}
		return refused
	}
	if err := json.Unmarshal(text, into); err != nil || isHealth && health.Status == "" {
		return fmt.Errorf("what answers at %s is not a trackhook host: its answer is not the JSON that was expected", host)
	}
	return nil
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
		return nil, errors.New("the address of the host must be a URL such as " + DefaultURL)
	}
	return base, nil
}

func unreachable(host string, err error) error {
	var dns *net.DNSError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w at %s; start one with `trackhook run`", ErrNoHost, host)
	case errors.As(err, &dns), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w at %s; check the address: %w", ErrNoHost, host, err)
	default:
		return fmt.Errorf("ask the host at %s: %w", host, err)
	}
}
