package adjust

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// Fault names what went wrong on the way, for rules. Empty means that a complete answer came.
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
	// FaultNoAnswer: all of the request was sent; then the time ran out, the connection broke, or what came was not HTTP.
	FaultNoAnswer Fault = "no_answer"
	// FaultCut: an answer began and broke off.
	FaultCut Fault = "cut"
	// FaultTooLong: an answer was longer than the limit; what was kept is incomplete.
	FaultTooLong Fault = "too_long"
	// FaultUnreadable: a complete answer came in an encoding that is unknown or broken.
	FaultUnreadable Fault = "unreadable"
)

// Faults returns every fault, in a fixed order.
func Faults() []Fault {
	return []Fault{
		FaultRefused, FaultDNS, FaultTLS, FaultProxy, FaultConnect, FaultConnectTimeout, FaultTimeout, FaultReset,
		FaultCanceled, FaultRequest, FaultNoAnswer, FaultCut, FaultTooLong, FaultUnreadable,
	}
}

// unconnected makes an answer of an error of a pool.
func (t *roundTrip) unconnected(ctx context.Context, err error) Answer {
	host := t.target.url.Host
	var (
		failed *connectError
		dns    *net.DNSError
		fault  Fault
		what   string
	)
	at := stageDial
	if errors.As(err, &failed) {
		at = failed.stage
	}
	switch {
	case ctx.Err() != nil:
		fault, what = FaultCanceled, "ended before there was a connection to "+host
	case at == stageProxy && errors.As(err, &dns):
		fault, what = FaultProxy, fmt.Sprintf("cannot find the proxy for %s: %s", host, lookupReason(dns))
	case at == stageProxy:
		fault, what = FaultProxy, fmt.Sprintf("the proxy for %s made no connection: %s", host, brief(err))
	case at == stageTLS:
		fault, what = FaultTLS, fmt.Sprintf("no secure connection to %s: %s", host, brief(err))
	case at == stageGreeting:
		fault, what = FaultTLS, fmt.Sprintf("%s offers HTTP/2 and does not begin with it: %s", host, brief(err))
	case errors.As(err, &dns):
		fault, what = FaultDNS, fmt.Sprintf("cannot find the host %s: %s", host, lookupReason(dns))
	case errors.Is(err, syscall.ECONNREFUSED):
		fault, what = FaultRefused, host+" refused the connection"
	case isTimeout(err):
		fault, what = FaultConnectTimeout, "no connection to "+host+" in time"
	default:
		fault, what = FaultConnect, fmt.Sprintf("cannot connect to %s: %s", host, brief(err))
	}
	return Answer{Fault: fault, Message: what}
}

// lookupReason says why a name could not be looked up.
func lookupReason(err *net.DNSError) string {
	switch {
	case err.IsNotFound:
		return "no such host"
	case err.IsTimeout:
		return "the look-up timed out"
	default:
		return "the look-up failed"
	}
}

// unwritten makes an answer of a failed write: the server cannot have all of the request.
func (t *roundTrip) unwritten(ctx context.Context, err error) Answer {
	host := t.target.url.Host
	switch {
	case ctx.Err() != nil:
		return Answer{Fault: FaultCanceled, Message: "ended while the request was being sent to " + host}
	case isTimeout(err):
		return Answer{Fault: FaultTimeout, Message: fmt.Sprintf("could not send the request to %s within %s", host, t.timeout)}
	case isBroken(err):
		return Answer{Fault: FaultReset, Message: fmt.Sprintf("the connection to %s broke while the request was being sent", host)}
	default:
		return Answer{Fault: FaultReset, Message: fmt.Sprintf("could not send the request to %s: %s", host, brief(err))}
	}
}

// untouched makes an answer of a request that the server has, and says that it did nothing with.
func (t *roundTrip) untouched(ctx context.Context, err error) Answer {
	if ctx.Err() == nil && errors.Is(err, errBrokenOff) {
		return Answer{Fault: FaultReset, Message: t.target.url.Host + " takes no more requests on the connection"}
	}
	return t.unwritten(ctx, err)
}

// unanswered makes an answer of a failed read after all of the request was written.
func (t *roundTrip) unanswered(ctx context.Context, err error) Answer {
	return Answer{Fault: FaultNoAnswer, Ambiguous: true, Message: noAnswerMessage(ctx, err, t.target.url.Host, t.timeout)}
}

func noAnswerMessage(ctx context.Context, err error, host string, timeout time.Duration) string {
	const end = "; the server may have counted it"
	switch {
	case ctx.Err() != nil:
		return "sent to " + host + ", and ended before an answer came" + end
	case isTimeout(err):
		return fmt.Sprintf("sent to %s, but no answer came within %s%s", host, timeout, end)
	case isBroken(err):
		return "sent to " + host + ", but the connection broke before an answer came" + end
	default:
		return fmt.Sprintf("sent to %s, but what came back is no HTTP answer%s", host, end)
	}
}

func cutMessage(ctx context.Context, err error, timeout time.Duration) string {
	switch {
	case ctx.Err() != nil:
		return "the answer was still coming when the attempt was ended"
	case isTimeout(err):
		return fmt.Sprintf("the answer was still coming after %s", timeout)
	default:
		return "the answer broke off"
	}
}

// isTimeout tells whether time ran out.
func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// isBroken tells whether the connection broke, as opposed to what came over it being wrong.
func isBroken(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.As(err, &op)
}

// brief returns the innermost text of err, short and on one line. Errors of net and net/http contain addresses and
// bytes of the server, never parameters, headers or a complete URL.
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
