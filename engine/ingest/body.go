package ingest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"trackhook/engine"
)

// mark is a byte order mark.
const mark = "\uFEFF"

// Bodies grow as they arrive: what a sender declares costs nothing before it sends it.
const (
	// firstBytes is what a body may take before it counts as a large one of its client.
	firstBytes = 64 << 10
	// bodyGrace is how long a body may take before its rate counts, and leastRate the bytes a second that must come then.
	bodyGrace = 10 * time.Second
	leastRate = 4 << 10
)

// holding is the memory that the body of one request has. Call release when the request is done.
type holding struct {
	handler *Handler
	client  string
	bytes   int64
	large   bool
}

// grow counts memory that was taken.
func (o *holding) grow(size int64) *refusal {
	h := o.handler
	if h.inHand.Add(size) > h.cfg.MaxMemory {
		h.inHand.Add(-size)
		return &refusal{
			status: http.StatusServiceUnavailable, message: "Service unavailable", header: "Retry-After", value: "1",
			detail: "too many large requests at once and nothing was stored; send it again after the time in Retry-After",
		}
	}
	o.bytes += size
	if o.bytes <= firstBytes {
		return nil
	}
	if !o.large {
		o.large, size = true, o.bytes
	}
	// One client alone must not keep the others out. It may have one body of any size, whatever its share.
	if held := h.clients.add(o.client, size); held > max(h.cfg.MaxMemory/2, o.bytes) {
		return &refusal{
			status: http.StatusServiceUnavailable, message: "Service unavailable", header: "Retry-After", value: "1",
			detail: "this client has too many large requests in hand and nothing was stored; send it again after the time in Retry-After",
		}
	}
	return nil
}

func (o *holding) release() {
	o.handler.inHand.Add(-o.bytes)
	if o.large {
		o.handler.clients.add(o.client, -o.bytes)
	}
}

// clients counts the bytes of large bodies, by client.
type clients struct {
	mu    sync.Mutex
	bytes map[string]int64 // guarded by mu
}

// add changes the count of a client, and returns it.
func (c *clients) add(client string, size int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bytes == nil {
		c.bytes = map[string]int64{}
	}
	held := c.bytes[client] + size
	if held == 0 {
		delete(c.bytes, client)
	} else {
		c.bytes[client] = held
	}
	return held
}

// clientOf is the address of a client, without its port; from is the page that sends, nil for none.
func clientOf(r *http.Request, from *page) string {
	if from != nil && from.address.IsValid() {
		return whose(from.address).String()
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// read reads a body of at most limit bytes, which is counted in held. It returns a string, because everything that is
// parsed from it can then be a part of it instead of a copy.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, limit int64, held *holding) (text string, refused *refusal) {
	defer func() {
		if refused != nil && refused.status != http.StatusRequestTimeout {
			refused.unread = true
		}
	}()
	if r.ContentLength == 0 {
		return "", nil
	}
	if r.ContentLength > limit {
		return "", tooLarge("the body has %d bytes; at most %d are taken", r.ContentLength, limit)
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return "", wrongType("Content-Encoding %s is not supported; send the body as it is", engine.Quote(coding))
	}
	text, err := h.collect(w, r, limit, held)
	var over *http.MaxBytesError
	full, isFull := errors.AsType[*refusal](err)
	switch {
	case err == nil:
		// Editors and tools of some systems begin every text with a byte order mark, which is no part of it.
		return strings.TrimPrefix(text, mark), nil
	case isFull:
		return "", full
	case errors.As(err, &over):
		return "", tooLarge("the body has more than %d bytes", limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", &refusal{
			status: http.StatusRequestTimeout, message: "Request timeout",
			detail: fmt.Sprintf("the body came too slowly: after %v, %d bytes must come each second, and all of it within %v",
				min(bodyGrace, h.cfg.BodyTimeout), leastRate, h.cfg.BodyTimeout),
		}
	default:
		return "", invalid("Invalid body", "", "the body ended early")
	}
}

// collect reads a body piece by piece.
func (h *Handler) collect(w http.ResponseWriter, r *http.Request, limit int64, held *holding) (string, error) {
	buffer, ok := h.buffers.Get().(*[]byte)
	if !ok {
		panic("the pool holds buffers only")
	}
	defer h.buffers.Put(buffer)
	most := r.ContentLength
	if most < 0 {
		most = limit
	}
	var body strings.Builder
	source := http.MaxBytesReader(w, r.Body, limit)
	pace := newPace(w, h.cfg.BodyTimeout)
	for {
		// Doubling, because a whole body at once would be what the sender declares, and not what it sends.
		if before := body.Cap(); before-body.Len() < len(*buffer) && int64(before) < most {
			first := firstBytes
			if before > 0 || r.ContentLength < 0 {
				first = len(*buffer) // Grow doubles by itself
			}
			body.Grow(int(min(most-int64(body.Len()), int64(first))))
			if refused := held.grow(min(int64(body.Cap()), most) - held.bytes); refused != nil {
				return "", refused
			}
		}
		n, err := source.Read(*buffer)
		body.Write((*buffer)[:n])
		if errors.Is(err, io.EOF) {
			return body.String(), nil
		}
		if err != nil {
			return "", err
		}
		pace.received(body.Len())
	}
}

// How much of a body that is refused is taken off the wire, and for how long: many clients do not read before they have
// sent everything, and to close earlier resets the connection, so that they never learn why.
const (
	lingerBytes = 64 << 20
	lingerTime  = 5 * time.Second
)

// linger reads what is left of a body that was refused, and keeps nothing of it.
func linger(control *http.ResponseController, r *http.Request) {
	_ = control.SetReadDeadline(time.Now().Add(lingerTime))
	_, _ = io.CopyN(io.Discard, r.Body, lingerBytes)
}

// pace gives a body the time that it may take. A server's ReadTimeout would end long answers of other handlers too, so
// bodies have a deadline of their own, which net/http replaces for the next request.
type pace struct {
	control  *http.ResponseController
	began    time.Time
	most     time.Duration
	deadline time.Time
}

func newPace(w http.ResponseWriter, most time.Duration) *pace {
	p := &pace{control: http.NewResponseController(w), began: time.Now(), most: most}
	p.until(min(bodyGrace, most))
	return p
}

// received moves the deadline for what has come.
func (p *pace) received(bytes int) {
	allowed := min(p.most, bodyGrace+time.Duration(bytes)*time.Second/leastRate)
	if p.began.Add(allowed).Sub(p.deadline) >= time.Second {
		p.until(allowed)
	}
}

func (p *pace) until(allowed time.Duration) {
	p.deadline = p.began.Add(allowed)
	_ = p.control.SetReadDeadline(p.deadline) // writers of tests have none
}
