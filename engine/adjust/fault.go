package adjust

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
)

// Fault names what went wrong on the way, for rules. Empty means that a whole answer came.
type Fault string

// The faults. Those up to [FaultReset] mean that the server cannot have counted the package.
const (
	// FaultRefused: the server's machine answered that nothing listens there.
	FaultRefused Fault = "refused"
	// FaultDNS: the name of the server could not be looked up.
	FaultDNS Fault = "dns"
	// FaultTLS: no secure connection could be made, for example because of a bad certificate.
	FaultTLS Fault = "tls"
	// FaultProxy: the proxy did not connect.
	FaultProxy Fault = "proxy"
	// FaultConnect: no connection for another reason, such as an unreachable network.
	FaultConnect Fault = "connect"
	// FaultConnectTimeout: no connection in time.
	FaultConnectTimeout Fault = "connect_timeout"
	// FaultTimeout: connected, but the request could not be written in time.
	FaultTimeout Fault = "timeout"
	// FaultReset: the connection broke while the request was being written.
	FaultReset Fault = "reset"
	// FaultCanceled: the attempt was ended by its caller before the request was written.
	FaultCanceled Fault = "canceled"
	// FaultRequest: the request could not be made of the package.
	FaultRequest Fault = "request"
	// FaultNoAnswer: the request was sent whole; then the time ran out, the connection broke, or what came was not HTTP.
	FaultNoAnswer Fault = "no_answer"
	// FaultCut: an answer began and broke off.
	FaultCut Fault = "cut"
	// FaultTooLong: an answer was longer than the limit; what was kept is incomplete.
	FaultTooLong Fault = "too_long"
)

// Faults returns every fault, in a fixed order.
func Faults() []Fault {
	return []Fault{
		FaultRefused, FaultDNS, FaultTLS, FaultProxy, FaultConnect, FaultConnectTimeout, FaultTimeout, FaultReset,
		FaultCanceled, FaultRequest, FaultNoAnswer, FaultCut, FaultTooLong,
	}
}

// closedBefore tells whether err means that the server had closed a kept connection before this request was begun.
// net/http sets this error only while no request is under way on the connection, and closes the connection in the same
// step; nothing can have been written. The error has no exported name.
func closedBefore(err error) bool { return err.Error() == "http: server closed idle connection" }

// failed makes an answer of an error of RoundTrip.
func (f *flight) failed(parent context.Context, err error, host string, timeout time.Duration) Answer {
	switch {
	case f.blind && !f.asked.Load() && !isUnsent(err):
		return Answer{Fault: FaultNoAnswer, Ambiguous: true, Message: noAnswerMessage(parent, err, host, timeout)}
	case !f.connected.Load():
		fault, message := connectFault(parent, err, host, f.securing.Load())
		return Answer{Fault: fault, Message: message}
	// WroteRequest tells of the write into net/http's buffer. Where the write to the network failed, the request did
	// not go out whole; a failed read says nothing about that, and counts as ambiguous.
	case f.wrote.Load() && !isWrite(err):
		return Answer{Fault: FaultNoAnswer, Ambiguous: true, Message: noAnswerMessage(parent, err, host, timeout)}
	case parent.Err() != nil:
		return Answer{Fault: FaultCanceled, Message: "ended while the request was being sent to " + host}
	case isTimeout(err):
		return Answer{Fault: FaultTimeout, Message: fmt.Sprintf("could not send the request to %s within %s", host, timeout)}
	case isBroken(err):
		return Answer{Fault: FaultReset, Message: fmt.Sprintf("the connection to %s broke while the request was being sent", host)}
	default:
		return Answer{Fault: FaultReset, Message: fmt.Sprintf("could not send the request to %s: %s", host, brief(err))}
	}
}

func connectFault(parent context.Context, err error, host string, securing bool) (Fault, string) {
	var (
		dns *net.DNSError
		op  *net.OpError
	)
	switch {
	case parent.Err() != nil:
		return FaultCanceled, "ended before there was a connection to " + host
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return FaultProxy, fmt.Sprintf("the proxy for %s cannot be reached: %s", host, brief(op.Err))
	case errors.As(err, &dns):
		reason := "the look-up failed"
		switch {
		case dns.IsNotFound:
			reason = "no such host"
		case dns.IsTimeout:
			reason = "the look-up timed out"
		}
		return FaultDNS, fmt.Sprintf("cannot find the host %s: %s", host, reason)
	case isTLS(err), securing && !errors.Is(err, context.DeadlineExceeded) && !isDial(err):
		return FaultTLS, fmt.Sprintf("no secure connection to %s: %s", host, brief(err))
	case errors.Is(err, syscall.ECONNREFUSED):
		return FaultRefused, host + " refused the connection"
	case isTimeout(err):
		return FaultConnectTimeout, "no connection to " + host + " in time"
	case isDial(err):
		return FaultConnect, fmt.Sprintf("cannot connect to %s: %s", host, brief(err))
	case strings.HasPrefix(err.Error(), "net/http: invalid header"):
		return FaultRequest, "the request cannot be made: " + brief(err)
	default:
		// What is left before a connection exists are a proxy's answers, such as "Proxy Authentication Required".
		return FaultProxy, fmt.Sprintf("no connection to %s: %s", host, brief(err))
	}
}

func noAnswerMessage(parent context.Context, err error, host string, timeout time.Duration) string {
	const end = "; the server may have counted it"
	switch {
	case parent.Err() != nil:
		return "sent to " + host + ", and ended before an answer came" + end
	case isTimeout(err):
		return fmt.Sprintf("sent to %s, but no answer came within %s%s", host, timeout, end)
	case isBroken(err):
		return "sent to " + host + ", but the connection broke before an answer came" + end
	default:
		return fmt.Sprintf("sent to %s, but what came back is no HTTP answer%s", host, end)
	}
}

func cutMessage(parent context.Context, err error, timeout time.Duration) string {
	switch {
	case parent.Err() != nil:
		return "the answer was still coming when the attempt was ended"
	case isTimeout(err):
		return fmt.Sprintf("the answer was still coming after %s", timeout)
	default:
		return "the answer broke off"
	}
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func isTLS(err error) bool {
	var (
		record      tls.RecordHeaderError
		alert       tls.AlertError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		name        x509.HostnameError
		invalid     x509.CertificateInvalidError
	)
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &certificate) ||
		errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid) ||
		err.Error() == "net/http: TLS handshake timeout" ||
		err.Error() == "http: server gave HTTP response to HTTPS client"
}

// isUnsent tells whether err alone proves that there was no connection to send on.
func isUnsent(err error) bool {
	_, dns := errors.AsType[*net.DNSError](err)
	return dns || isDial(err) || isTLS(err) || errors.Is(err, syscall.ECONNREFUSED)
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func isWrite(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "write"
}

func isBroken(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.As(err, &op)
}

// brief returns the innermost text of err, short and on one line. Errors of net and net/http contain addresses and
// bytes of the server, never parameters, headers or a whole URL.
func brief(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	if call, ok := errors.AsType[syscall.Errno](err); ok {
		return call.Error()
	}
	return clean(err.Error(), 200)
}
