package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// Tail says which responses to listen to. Its zero value takes all from now on.
type Tail struct {
	// After is the number of a response to begin behind, when Resume is true.
	After  uint64
	Resume bool
	// Filter selects; AppToken, Environment, Kind, Device and EventToken count, and the others must be zero. Outcome
	// selects as well.
	Filter  engine.Filter
	Outcome engine.Outcome
	// Gap is called when responses between two numbers were removed before they could be told. Nil: nobody is.
	Gap func(after, next uint64)
}

const (
	// Three heartbeats without a sign mean that the connection is dead.
	tailSilence = 3 * heartbeat
	// Pauses between attempts to connect again.
	tailPause    = time.Second
	tailPauseMax = 15 * time.Second
)

// Tail calls each with every response as it is logged, until ctx ends, which is not an error, or each returns an error,
// which Tail returns. A connection that breaks is made again, and goes on where it ended; the first must succeed.
func (c *Client) Tail(ctx context.Context, what Tail, each func(Response) error) error {
	t := tailClient{client: c, what: what, each: each, id: what.After, resume: what.Resume}
	for pause := time.Duration(0); ; {
		came, err := t.connect(ctx)
		answer, refused := errors.AsType[*AnswerError](err)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // being asked to stop is no error
		case t.stopped:
			return err
		case !t.connected, refused && answer.Status != http.StatusServiceUnavailable:
			return err
		case came:
			pause = tailPause
		default:
			pause = min(max(2*pause, tailPause), tailPauseMax)
		}
		if !engine.Wait(ctx, pause) {
			return nil
		}
	}
}

// tailClient is a tail from the listener's side.
type tailClient struct {
	client *Client
	what   Tail
	each   func(Response) error

	// id is where to resume, when resume is true.
	id     uint64
	resume bool
	// connected is true after the first success, and stopped after an error of each.
	connected, stopped bool
}

// connect listens on one connection until it ends, and tells whether anything came.
func (t *tailClient) connect(ctx context.Context) (came bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// A connection that is dead without being closed would wait for ever.
	silence := time.AfterFunc(t.client.timeout(), func() { cancel(context.DeadlineExceeded) })
	defer silence.Stop()
	query := values(&t.what.Filter)
	if t.what.Outcome != 0 {
		query.Set("outcome", t.what.Outcome.String())
	}
	header := http.Header{}
	if t.resume {
		header.Set("Last-Event-ID", strconv.FormatUint(t.id, 10))
	}
	_, body, err := t.client.stream(ctx, call{
		method: http.MethodGet, path: "/api/v1/responses/tail", query: query, accept: "text/event-stream", header: header,
	})
	if err != nil {
		return false, err
	}
	defer body.Close() //nolint:errcheck // nothing was written
	t.connected = true
	for lines, event := bufio.NewReader(body), (sse{}); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil // the host has ended it
			}
			return came, err
		}
		came = true
		silence.Reset(tailSilence)
		if !event.add(strings.TrimRight(line, "\r\n")) {
			continue
		}
		if err := t.take(&event); err != nil {
			return came, err
		}
		event = sse{}
	}
}

// take handles one event.
func (t *tailClient) take(event *sse) error {
	switch event.name {
	case "response":
		var response Response
		if err := json.Unmarshal([]byte(event.data), &response); err != nil {
			t.stopped = true
			return errors.New("the host sent a response that is not the JSON that was expected")
		}
		if err := t.each(response); err != nil {
			t.stopped = true
			return err
		}
	case "gap":
		var missing gap
		if json.Unmarshal([]byte(event.data), &missing) == nil && t.what.Gap != nil {
			t.what.Gap(missing.After, missing.Next)
		}
	}
	// After the call: what each did not take is told again.
	if id, err := strconv.ParseUint(event.id, 10, 64); err == nil {
		t.id, t.resume = id, true
	}
	return nil
}

// sse is one server-sent event.
type sse struct{ id, name, data string }

// add takes one line, and tells whether the event is complete.
func (e *sse) add(line string) bool {
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch {
	case line == "":
		return true
	case name == "id":
		e.id = value
	case name == "event":
		e.name = value
	case name == "data":
		e.data += value
	}
	return false
}

// Answers says which answers to listen to. Its zero value takes all from now on.
type Answers struct {
	// Recent is how many responses of the log to look back at first.
	Recent int
	// Filter and Outcome select as in [Tail]. Plugin is one that must have run, and Text what must be mentioned; empty: neither
	// matters.
	Filter  engine.Filter
	Outcome engine.Outcome
	Plugin  string
	Text    string
}

// Answers calls each with what is told of answers, until ctx ends, which is not an error, or each returns an error, which
// it returns. A connection that breaks is made again, and goes on behind the last answer; the first must succeed.
func (c *Client) Answers(ctx context.Context, what Answers, each func(AnswerEvent) error) error {
	query := values(&what.Filter)
	for name, value := range map[string]string{"plugin": what.Plugin, "text": what.Text} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if what.Outcome != 0 {
		query.Set("outcome", what.Outcome.String())
	}
	if what.Recent > 0 {
		query.Set("recent", strconv.Itoa(what.Recent))
	}
	connected, stopped := false, error(nil)
	for pause := tailPause; ; pause = min(2*pause, tailPauseMax) {
		err := c.answersOnce(ctx, call{method: http.MethodGet, path: answersPath, query: query, accept: "application/x-ndjson"}, func(event AnswerEvent) error {
			connected, pause = true, tailPause
			if seq := event.place(); seq > 0 {
				query.Del("recent")
				query.Set("after", strconv.FormatUint(seq, 10))
			}
			stopped = each(event)
			return stopped
		})
		answer, refused := errors.AsType[*AnswerError](err)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // being asked to stop is no error
		case stopped != nil, !connected, refused && answer.Status != http.StatusServiceUnavailable:
			return err
		}
		if !engine.Wait(ctx, pause) {
			return nil
		}
	}
}

// place is the number in the log up to which everything was told. Zero: the event does not say.
func (e *AnswerEvent) place() uint64 {
	switch {
	case e.Answer != nil:
		return e.Answer.Seq
	case e.Type == "left_out":
		return e.To
	case e.Type == "gap":
		return e.Next - 1
	default:
		return 0
	}
}

// answersOnce listens on one connection until it ends.
func (c *Client) answersOnce(ctx context.Context, request call, each func(AnswerEvent) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// A connection that is dead without being closed would wait for ever.
	silence := time.AfterFunc(c.timeout(), func() { cancel(context.DeadlineExceeded) })
	defer silence.Stop()
	_, body, err := c.stream(ctx, request)
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // nothing was written
	for lines := bufio.NewReader(body); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil // the host has ended it
			}
			return err
		}
		silence.Reset(tailSilence)
		var event AnswerEvent
		if err := json.Unmarshal(line, &event); err != nil {
			return errors.New("the host sent an answer that is not the JSON that was expected")
		}
		if err := each(event); err != nil {
			return err
		}
	}
}
