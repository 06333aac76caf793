package worker

import (
	"context"
	"errors"
	"sync"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/wire"
)

// home asks the host. It may be used from many goroutines at once; a call waits for its answer, which the host gives within
// the time that the call may take.
type home struct {
	conn *wire.Channel

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan<- *wire.Fields
	// reads holds an element for each file that is being read: the host ends who asks for too much at once.
	reads chan struct{}
}

// maxReads is how many files are asked for at once.
const maxReads = 32

// callWait is how long the host may take for a call without a deadline.
const callWait = 5 * time.Second

// call asks for something. The fields are those of the answer, behind the error.
func (h *home) call(ctx context.Context, op wire.Op, about func([]byte) []byte) (*wire.Fields, error) {
	answer := make(chan *wire.Fields, 1)
	h.mu.Lock()
	h.last++
	number := h.last
	h.waiting[number] = answer
	h.mu.Unlock()
	within := callWait
	if deadline, ok := ctx.Deadline(); ok {
		within = max(time.Until(deadline), 0)
	}
	body := wire.AppendInt(append(wire.AppendNumber(nil, number), byte(op)), int64(within))
	if err := h.conn.Send(wire.Call, about(body)); err != nil {
		h.mu.Lock()
		delete(h.waiting, number)
		h.mu.Unlock()
		return nil, err
	}
	f := <-answer // the process ends when the host does
	return f, errorOf(wire.ErrorCode(f.Number()), f.Text())
}

// answered hands an answer to whoever waits for it.
func (h *home) answered(body []byte) error {
	f := wire.NewFields(body)
	number := f.Number()
	h.mu.Lock()
	answer := h.waiting[number]
	delete(h.waiting, number)
	h.mu.Unlock()
	if answer == nil || f.Err() != nil {
		return wire.ErrFrame
	}
	answer <- f
	return nil
}

// errorOf makes an error that is like the one at the host.
func errorOf(code wire.ErrorCode, text string) error {
	for kind, known := range wire.KnownErrors() {
		if kind == code {
			return &remoteError{text, known}
		}
	}
	if code == wire.NoError {
		return nil
	}
	return errors.New(text)
}

// remoteError has the text of the host's error, and is what that was.
type remoteError struct {
	text  string
	known error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.known }

// read reads a file of the plugin.
func (h *home) read(file string) (text string, missing bool, err error) {
	h.reads <- struct{}{}
	defer func() { <-h.reads }()
	f, err := h.call(context.Background(), wire.Read, func(b []byte) []byte { return wire.AppendString(b, file) })
	if err != nil {
		return "", false, err
	}
	missing, text = f.Bool(), f.Text()
	return text, missing, f.Err()
}

func (h *home) Track(ctx context.Context, packages ...engine.Package) error {
	if len(packages) == 0 {
		return nil
	}
	_, err := h.call(ctx, wire.Track, func(b []byte) []byte { return wire.AppendPackages(b, packages) })
	return err
}

func (h *home) Value(ctx context.Context, space, key string) ([]byte, error) {
	f, err := h.call(ctx, wire.Value, func(b []byte) []byte { return wire.AppendString(wire.AppendString(b, space), key) })
	if err != nil {
		return nil, err
	}
	return f.Bytes(), f.Err()
}

func (h *home) Values(ctx context.Context, space string) (map[string][]byte, error) {
	f, err := h.call(ctx, wire.Values, func(b []byte) []byte { return wire.AppendString(b, space) })
	if err != nil {
		return nil, err
	}
	return f.Pairs(), f.Err()
}

func (h *home) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	_, err := h.call(ctx, wire.SetValues, func(b []byte) []byte { return wire.AppendPairs(wire.AppendString(b, space), pairs) })
	return err
}

func (h *home) Lock(ctx context.Context, name string) error {
	_, err := h.call(ctx, wire.Lock, func(b []byte) []byte { return wire.AppendString(b, name) })
	return err
}

func (h *home) Unlock(name string) {
	_, _ = h.call(context.Background(), wire.Unlock, func(b []byte) []byte { return wire.AppendString(b, name) })
}

func (h *home) First(name string) bool {
	f, err := h.call(context.Background(), wire.First, func(b []byte) []byte { return wire.AppendString(b, name) })
	return err == nil && f.Bool()
}

func (h *home) Shared() bool { return true }
