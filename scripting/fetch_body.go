package scripting

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// arrival is the body of an answer while it comes: it is kept as a whole, unless the script looks at it as a stream. The
// request's goroutine appends, the runtime's calls flow. The zero value is ready once post is set.
type arrival struct {
	// post hands a part of the body over to the script. Set before the first byte.
	post func([]byte)

	mu      sync.Mutex
	data    []byte // guarded by mu: what was not handed over
	flowing bool   // guarded by mu
}

// flow returns what has come, and has what follows handed over as it comes.
func (a *arrival) flow() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.flowing = true
	return a.take()
}

// append adds what has come.
func (a *arrival) append(part []byte) {
	if part = a.keep(part); len(part) > 0 {
		a.post(part)
	}
}

// keep adds a part, and returns what is to be handed over.
func (a *arrival) keep(part []byte) []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.data = append(a.data, part...)
	if !a.flowing {
		return nil
	}
	return a.take()
}

// rest returns what was not handed over, when all has come.
func (a *arrival) rest() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.take()
}

// take is called with mu held.
func (a *arrival) take() []byte {
	data := a.data
	a.data = nil
	return data
}

// grow makes room for a body of a known size.
func (a *arrival) grow(size int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if size > 0 {
		a.data = make([]byte, 0, size)
	}
}

// readBody reads an answer to its end.
func (f *fetcher) readBody(ctx context.Context, response *fetchResponse, into *arrival) error {
	defer func() { _ = response.Body.Close() }()
	limit := f.config.ResponseBytes
	tooLong := &fetchError{"E2BIG", fmt.Sprintf("the answer of %s has more than %d bytes, the limit for a fetch", response.target.Host, limit)}
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
