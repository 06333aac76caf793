package admin

import (
	"context"
	"errors"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/site"
)

const (
	// So many tails may run at once; each reads all of the log.
	maxTails = 32
	// Responses that a tail holds in memory, at most.
	tailBatch = 64
	// Without news, a tail says so often that it is alive.
	heartbeat = 15 * time.Second
)

// gap is sent when retention has removed responses before the tail came to them.
type gap struct {
	// After is the last response before the gap, and Next the first behind it.
	After uint64 `json:"after"`
	Next  uint64 `json:"next"`
}

// tail streams responses as server-sent events: the event response with the JSON of a [Response], and gap.
func (a *api) tail(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(responseFilter(), "after")...)
	if err != nil {
		return err
	}
	given, after, err := q.resume(r)
	if err != nil {
		return err
	}
	wanted, err := q.wanted()
	if err != nil {
		return err
	}
	if !takesEvents(r.Header.Get("Accept")) {
		return &refusal{
			status: http.StatusNotAcceptable, message: "Not acceptable",
			detail: "this answers with server-sent events; send Accept: text/event-stream",
		}
	}
	if a.cfg.Responses == nil {
		return notKept()
	}
	release, err := a.takeTail()
	if err != nil {
		return err
	}
	defer release()
	// Not with the context that ends at shutdown, because a host that shuts down is no store that fails.
	last, err := a.cfg.Responses.Last(r.Context())
	if err != nil {
		return err
	}
	ctx, cancel := a.until(r.Context())
	defer cancel()
	if !given || after > last {
		after = last // a number from before the store was replaced would wait for years
	}
	t := tail{
		api: a, out: newStream(w, "text/event-stream"), after: after, wanted: wanted,
		may: func() bool { return a.guard(r, site.Read) == nil },
	}
	t.run(ctx)
	return nil
}

// resume reads where to begin: behind Last-Event-ID, which a reconnecting browser sends, or behind after.
func (q query) resume(r *http.Request) (given bool, after uint64, err error) {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		if after, err = strconv.ParseUint(id, 10, 64); err != nil {
			return false, 0, invalid("Last-Event-ID", engine.Quote(id)+" must be the number of a response")
		}
		delete(q, "after")
		return true, after, nil
	}
	after, err = q.number("after", 0, 0, math.MaxUint64)
	_, given = q["after"]
	delete(q, "after") // a number here, a time in a filter
	return given, after, err
}

// takesEvents reads an Accept header; none takes everything.
func takesEvents(accept string) bool {
	if accept == "" {
		return true
	}
	for part := range strings.SplitSeq(accept, ",") {
		switch media, _, _ := mime.ParseMediaType(part); media {
		case "text/event-stream", "text/*", "*/*":
			return true
		}
	}
	return false
}

// tail is one asker who listens.
type tail struct {
	api    *api
	out    *stream
	wanted func(*engine.Response) bool
	// may tells whether the asker may still ask: a token may be taken back while it listens.
	may func() bool
	// after is the last response that was looked at.
	after uint64
}

// run sends until ctx ends or the asker has gone. It reads the log at the asker's pace and holds nothing that others
// wait for.
func (t *tail) run(ctx context.Context) {
	if t.out.send([]byte("retry: 2000\n"+t.mark())) != nil {
		return
	}
	sent := time.Now()
	for ctx.Err() == nil {
		batch, err := t.next(ctx)
		if err != nil {
			if ctx.Err() == nil {
				t.api.cfg.Log.Error().Err(err).Msg("a tail of responses ends: the log does not answer")
			}
			return
		}
		if !t.may() {
			return // asking again, it is told why
		}
		news := t.events(batch)
		if len(news) == 0 && time.Since(sent) < heartbeat {
			continue
		}
		if len(news) == 0 {
			// A comment keeps proxies from closing the connection.
			news = []byte(": heartbeat\n" + t.mark())
		}
		if t.out.send(news) != nil {
			return
		}
		sent = time.Now()
	}
}

// next waits for responses, or returns none when it is time for a heartbeat.
func (t *tail) next(ctx context.Context) ([]engine.Response, error) {
	waiting, cancel := context.WithTimeout(ctx, heartbeat)
	defer cancel()
	batch, err := t.api.cfg.Responses.Read(waiting, t.after, tailBatch)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, nil
	}
	return batch, err
}

// mark is an event without data, which is no event but moves the asker's Last-Event-ID: what was not wanted need not be
// looked at again.
func (t *tail) mark() string { return "id: " + strconv.FormatUint(t.after, 10) + "\n\n" }

// events makes events of responses, and of a gap before them.
func (t *tail) events(batch []engine.Response) []byte {
	var news []byte
	for i := range batch {
		if batch[i].Seq > t.after+1 {
			news = event(news, "gap", t.after, gap{After: t.after, Next: batch[i].Seq})
		}
		t.after = batch[i].Seq
		if t.wanted(&batch[i]) {
			row := newResponse(&batch[i])
			row.tellPackage(&batch[i].Package)
			news = event(news, "response", t.after, row)
		}
	}
	return news
}

// event appends one event. Its data is one line, because JSON here has no line feeds.
func event(to []byte, name string, id uint64, data any) []byte {
	to = append(to, "id: "...)
	to = strconv.AppendUint(to, id, 10)
	to = append(to, "\nevent: "+name+"\ndata: "...)
	to = append(to, encode(data)...)
	return append(to, '\n')
}
