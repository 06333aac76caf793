package ingest

import (
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// NewServer returns a server with limits that a door to other machines needs, which net/http leaves open: 10 s for the
// header, 2 min idle, 64 KB of header and query (more parameters fit into a form). Bodies have a limit of their own, see [Config.BodyTimeout]; answers have
// none, so that a handler may stream. What the server itself has to say goes to logger at debug level: it is about
// clients that went away.
func NewServer(handler http.Handler, logger zerolog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          log.New(debugWriter{logger}, "", 0),
	}
}

// debugWriter makes log lines of text lines.
type debugWriter struct{ log zerolog.Logger }

// Write logs one line.
func (w debugWriter) Write(line []byte) (int, error) {
	w.log.Debug().Msg(strings.TrimSpace(string(line)))
	return len(line), nil
}
