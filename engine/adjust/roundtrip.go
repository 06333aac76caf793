package adjust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// roundTrip is one request.
type roundTrip struct {
	target   *target
	request  []byte
	deadline time.Time
	timeout  time.Duration
	maxBody  int
	revenue  bool
	// The same for HTTP/2: the parameters, whether they stand in the query, and the value of forwardedFor.
	form      []byte
	query     bool
	forwarded string
}

// do sends the request and reads the answer. again means that the connection was found closed, and nothing was sent.
func (t *roundTrip) do(ctx context.Context) (a Answer, again bool) {
	pool := t.target.pool
	c, m, err := pool.get(ctx, t.deadline)
	switch {
	case err != nil:
		return t.unconnected(ctx, err), false
	case m != nil:
		defer pool.release()
		return t.share(ctx, m)
	}
	c.begin(ctx, t.deadline)
	a, keep, again := t.exchange(ctx, c)
	if keep && ctx.Err() == nil {
		pool.put(c)
	} else {
		pool.drop(c)
	}
	return a, again
}

// exchange sends the request over c and reads the answer. keep means that c can carry another request; again as in do.
func (t *roundTrip) exchange(ctx context.Context, c *conn) (a Answer, keep, again bool) {
	var before uint64
	countable := false
	if t.revenue && c.used {
		before, countable = c.acked()
	}
	n, unsent := c.Write(t.request)
	if unsent != nil {
		if n == 0 && c.used && isBroken(unsent) && ctx.Err() == nil {
			return t.unwritten(ctx, unsent), false, true
		}
		if !isBroken(unsent) || isTimeout(unsent) {
			return t.unwritten(ctx, unsent), false, false
		}
		// A server that wants no more of the request answers, and closes. What it said has arrived before that.
	}
	err := c.await()
	if err == nil {
		if h, ok := c.plain(); ok {
			a, complete := t.readPlain(ctx, &h, c.reader)
			if unsent != nil {
				a.Ambiguous = false
			}
			return a, complete && unsent == nil, false
		}
	}
	var response *http.Response
	var how codings
	if err == nil {
		response, how, err = c.header() //nolint:bodyclose // see read
	}
	switch {
	case err != nil && unsent != nil:
		return t.unwritten(ctx, unsent), false, false
	case err != nil && countable && isEnd(err) && ctx.Err() == nil && c.unread(before):
		return Answer{Fault: FaultReset, Message: t.target.url.Host + " closed the connection before it read the request"}, false, true
	case err != nil:
		return t.unanswered(ctx, err), false, false
	}
	a, complete := t.read(ctx, response, how)
	if unsent != nil {
		a.Ambiguous = false
	}
	// Where recode has read, more than this answer may have been taken from the connection.
	keep = complete && unsent == nil && len(how) == 0 && !response.Close && response.StatusCode != http.StatusSwitchingProtocols
	return a, keep, false
}

// isEnd tells whether a connection was ended in order before a byte of an answer came.
func isEnd(err error) bool { return errors.Is(err, io.EOF) }

// unread tells whether the other side has ended the connection before it received any of the request; before is what it
// had confirmed before that was written. The end of a connection confirms all that was received until then. So where the
// end has come, and nothing more was confirmed, it was sent before the request arrived, to a connection that nobody
// reads any more. A reset proves nothing, because it may overtake a confirmation.
func (c *conn) unread(before uint64) bool {
	now, ok := c.acked()
	return ok && now == before
}

// read takes what is needed of an answer, whose body was encoded in transfer as how says. complete means that all of it
// was read.
func (t *roundTrip) read(ctx context.Context, response *http.Response, how codings) (a Answer, complete bool) {
	a = Answer{
		Status: response.StatusCode, Date: response.Header.Get("Date"), RetryAfter: response.Header.Get("Retry-After"),
		Location: response.Header.Get("Location"),
	}
	// The body is not closed: that would wait for the rest of it, and the connection is ours to close.
	body, broken := readBody(response, t.maxBody)
	if len(response.Header["Content-Encoding"]) > 0 {
		how = append(codingsOf(response.Header, "Content-Encoding"), how...)
	}
	body, unreadable := plain(body, how, t.maxBody)
	return t.judge(ctx, a, body, broken, unreadable)
}

// readPlain is read for a plain answer.
func (t *roundTrip) readPlain(ctx context.Context, h *plainHead, from io.Reader) (a Answer, complete bool) {
	a = Answer{Status: h.status, Date: h.date, RetryAfter: h.retryAfter, Location: h.location}
	body, broken := readLength(from, h.length, t.maxBody)
	return t.judge(ctx, a, body, broken, nil)
}

// judge completes an answer with its body, as far as that came: broken is why not all of it did, and unreadable why it cannot
// be decoded. complete is as of read.
func (t *roundTrip) judge(ctx context.Context, a Answer, body []byte, broken, unreadable error) (_ Answer, complete bool) {
	a.Body = body
	switch {
	case errors.Is(broken, errTooLong), broken == nil && errors.Is(unreadable, errTooLong):
		a.Fault = FaultTooLong
		a.Message = fmt.Sprintf("the answer is longer than %d bytes and was cut", t.maxBody)
	case broken != nil:
		a.Fault, a.Message = FaultCut, cutMessage(ctx, broken, t.timeout)
	case unreadable != nil:
		a.Fault, a.Message = FaultUnreadable, unreadable.Error()
	default:
		return a, true
	}
	// Headers of a success or of a server's failure came, so the package may be counted. The others say it is not, and
	// neither is it by whoever sends web pages.
	a.Ambiguous = (a.Status < 300 || a.Status >= 500) && !isPage(body)
	if a.Fault == FaultTooLong {
		a.Ambiguous = a.Ambiguous && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) // its other answers are short
	}
	if a.Ambiguous && a.Status < 300 {
		a.Message += "; the server may have counted it"
	}
	return a, broken == nil
}

var errTooLong = errors.New("answer too long")

// readBody reads at most limit bytes. Answers tell their length as a rule, and then nothing is allocated twice.
func readBody(response *http.Response, limit int) ([]byte, error) {
	if n := response.ContentLength; n >= 0 && n <= int64(limit) {
		return readLength(response.Body, int(n), limit)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if len(body) > limit {
		return slices.Clip(body[:limit]), errTooLong
	}
	return slices.Clip(body), err
}

// readLength reads a body of a length, at most limit bytes of it.
func readLength(from io.Reader, length, limit int) ([]byte, error) {
	if length == 0 {
		return nil, nil
	}
	body := make([]byte, min(length, limit))
	got, err := io.ReadFull(from, body)
	switch {
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF // a connection does not know how much there should be
	case err == nil && length > limit:
		err = errTooLong
	}
	return body[:got:got], err
}
