package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// Error is why a request failed: a text for people, and a code that scripts can compare, in Node's words. The text
// holds the host and never the path or the query of a URL, where webhooks keep their secrets.
type Error struct {
	Code string
	Text string
}

func (e *Error) Error() string { return e.Text }

// ErrTimeout is the cause of the context of a request that took too long.
var ErrTimeout = errors.New("fetch timed out")

// proxyOnTheWay names a proxy, of which a script may not know the address: that may have a password.
const proxyOnTheWay = "the proxy on the way to "

// proxyRefuses is an error unless the proxy has connected to the server.
func proxyRefuses(_ context.Context, _ *url.URL, asked *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &Error{"ERR_PROXY", fmt.Sprintf("%s%s answered %d %s", proxyOnTheWay, asked.URL.Opaque, answer.StatusCode, http.StatusText(answer.StatusCode))}
}

// explain turns what the network gave into an error for the script.
func (f *Client) explain(ctx context.Context, u *url.URL, err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	host := u.Host
	if step, ok := errors.AsType[*net.OpError](err); ok && step.Op == "proxyconnect" {
		host = proxyOnTheWay + host
	}
	if errors.Is(context.Cause(ctx), ErrTimeout) {
		return &Error{"ETIMEDOUT", fmt.Sprintf("%s did not answer in full within %s, the limit for a fetch", host, f.config.Timeout)}
	}
	if ctx.Err() != nil {
		return &Error{"ECANCELED", "the plugin was stopped"}
	}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return &Error{"ENOTFOUND", fmt.Sprintf("the name %s does not exist (DNS)", dns.Name)}
	case errors.As(err, &dns):
		return &Error{"EAI_AGAIN", fmt.Sprintf("the name %s cannot be resolved now: %s", dns.Name, dns.Err)}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Error{"ECONNREFUSED", host + " refused the connection"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &Error{"ECONNRESET", host + " closed the connection"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{"ECONNRESET", host + " closed the connection before the answer was complete"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &Error{"ETIMEDOUT", "no connection to " + host + " in time"}
	}
	if text := tlsText(err); text != "" {
		return &Error{"ERR_TLS", host + ": " + text}
	}
	return &Error{"ERR_NETWORK", host + ": " + withoutURL(err)}
}

// tlsText says what is wrong with a certificate or a handshake, or "".
func tlsText(err error) string {
	var (
		verification *tls.CertificateVerificationError
		header       tls.RecordHeaderError
		alert        tls.AlertError
		unknown      x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &unknown):
		return "its certificate is signed by an authority that this machine does not know"
	case errors.As(err, &verification):
		return "its certificate is not valid: " + verification.Err.Error()
	case errors.As(err, &header):
		return "it does not speak TLS on this port; is the URL meant to be http:?"
	case errors.As(err, &alert):
		return "the TLS handshake failed: " + alert.Error()
	}
	return ""
}

// withoutURL is the text of an error, less the URL that net/http puts in front.
func withoutURL(err error) string {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	return strings.TrimPrefix(err.Error(), "net/http: ")
}
