package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Body is the body of an answer while it comes: it is kept as a whole, unless the script looks at it as a stream. The
// request's goroutine appends, the machine's calls Flow. The zero value is ready once Post is set.
type Body struct {
	// Post hands a part of the body over to the script. Set before the first byte.
	Post func([]byte)

	mu      sync.Mutex
	data    []byte // guarded by mu: what was not handed over
	flowing bool   // guarded by mu
}

// Flow returns what has come, and has what follows handed over as it comes.
func (a *Body) Flow() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.flowing = true
	return a.take()
}

// append adds what has come.
func (a *Body) append(part []byte) {
	if part = a.keep(part); len(part) > 0 {
		a.Post(part)
	}
}

// keep adds a part, and returns what is to be handed over.
func (a *Body) keep(part []byte) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.data = append(a.data, part...)
	if !a.flowing {
		return nil
	}
	return a.take()
}

// Rest returns what was not handed over, when all has come.
func (a *Body) Rest() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.take()
}

// take is called with mu held.
func (a *Body) take() []byte {
	data := a.data
	a.data = nil
	return data
}

// grow makes room for a body of a known size.
func (a *Body) grow(size int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if size > 0 {
		a.data = make([]byte, 0, size)
	}
}

// ReadBody reads an answer to its end.
func (f *Client) ReadBody(ctx context.Context, response *Response, into *Body) error {
	defer func() { _ = response.Body.Close() }()
	limit := f.config.ResponseBytes
	tooLong := &Error{"E2BIG", fmt.Sprintf("the answer of %s has more than %d bytes, the limit for a fetch", response.target.Host, limit)}
	if response.ContentLength > limit {
		return tooLong
	}
	into.grow(response.ContentLength)
	buffer := make([]byte, 32<<10)
	var total int64
	for {
		n, err := response.Body.Read(buffer)
		if total += int64(n); total > limit {
			return tooLong
		}
		into.append(buffer[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return f.explain(ctx, response.target, err)
		}
	}
}
