package admin

import (
	"context"
	"net/http"
	"time"
)

// writeDeadline is how long an asker may take to read one piece of an answer that streams.
const writeDeadline = 30 * time.Second

// stream writes pieces of an answer as they come. Its first error means that the asker has gone.
type stream struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

func newStream(w http.ResponseWriter, contentType string) *stream {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Accel-Buffering", "no") // proxies that know the header pass every piece on at once
	w.WriteHeader(http.StatusOK)
	return &stream{w, http.NewResponseController(w)}
}

func (s *stream) send(piece []byte) error {
	// Without a deadline, an asker that stopped reading would hold the handler for ever. Not every writer has them.
	_ = s.out.SetWriteDeadline(time.Now().Add(writeDeadline))
	if _, err := s.w.Write(piece); err != nil {
		return err
	}
	return s.out.Flush()
}

// until returns a context that also ends when the host begins to shut down.
func (a *api) until(ctx context.Context) (context.Context, context.CancelFunc) {
	joined, cancel := context.WithCancel(ctx)
	if a.cfg.Done == nil {
		return joined, cancel
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-a.cfg.Done:
			cancel()
		case <-joined.Done():
		}
	}()
	return joined, func() {
		cancel()
		<-ended
	}
}
