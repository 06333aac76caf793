package adjust

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// newTransport makes the connections. The attempt's context bounds the wait for an answer, so there is no
// ResponseHeaderTimeout beside it: a second timer per request for the same purpose.
func newTransport(c *Config) *http.Transport {
	dialer := &net.Dialer{Timeout: c.ConnectTimeout, KeepAlive: 30 * time.Second}
	// See doc.go for why there is no HTTP/2.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: c.ConnectTimeout,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			ClientSessionCache: tls.NewLRUClientSessionCache(c.MaxConns),
		},
		Protocols: protocols,
		// Every connection that is worth having is worth keeping: with the default of 2 idle ones, 64 attempts at once
		// would connect anew almost every time.
		MaxConnsPerHost:     c.MaxConns,
		MaxIdleConnsPerHost: c.MaxConns,
		// Servers and load balancers close idle connections after 60 s and more. Being first avoids sending into a
		// connection that is just being closed, which would make the attempt ambiguous.
		IdleConnTimeout: 30 * time.Second,
		// Answers are a few hundred bytes; compression would only cost.
		DisableCompression:     true,
		MaxResponseHeaderBytes: 64 << 10,
		WriteBufferSize:        4 << 10,
		ReadBufferSize:         4 << 10,
	}
}
