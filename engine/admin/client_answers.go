package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"trackhook/engine"
)

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
