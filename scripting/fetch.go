package scripting

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// fetchConfig is what the fetch of one plugin may do. Plugin is required.
type fetchConfig struct {
	// Plugin names the plugin in messages: plugins.PLUGIN.allow_hosts is where hosts are granted.
	Plugin string
	// AllowHosts restricts fetch to these hosts, and permits private ones among them; see [parseHostRules]. Empty:
	// every host, at public addresses only.
	AllowHosts []string
	// UseProxy sends requests through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. A proxy resolves names
	// itself, so addresses cannot be checked: only hosts that AllowHosts names are reached through one. Default: the
	// proxy environment is not looked at.
	UseProxy bool
	// Concurrent bounds the requests that are on their way at once; more wait. Default 16.
	Concurrent int
	// Waiting bounds the requests that wait. Default 256.
	Waiting int
	// Timeout is the time that a request may take from the call to the last byte of the body, waiting included.
	// Default 30 s.
	Timeout time.Duration
	// RequestBytes and ResponseBytes bound the bodies, the latter after decompression. Default 8 MiB and 16 MiB.
	RequestBytes, ResponseBytes int64
	// Refuse, where it is not empty, says why no request at all is sent.
	Refuse string

	// resolver and proxy take the place of the system's in tests.
	resolver *net.Resolver
	proxy    func(*http.Request) (*url.URL, error)
}

// maxRedirects is how many redirects are followed (Fetch standard, 4.4).
const maxRedirects = 20

// fetcher makes the requests of one plugin. All versions of the plugin share it, so that its limits hold for all of
// them together. It may be used from many goroutines at once. Use [newFetcher]; close it when the plugin is gone.
type fetcher struct {
	config    fetchConfig
	rules     hostRules
	addresses *addressTable
	urls      whatwg.Parser
	// slots holds a token for each request that may still set out.
	slots chan struct{}

	open      sync.Once
	transport *http.Transport

	mu     sync.Mutex
	inside int  // guarded by mu; requests that are on their way or wait for a slot
	closed bool // guarded by mu

	// ctx ends when the fetcher is closed, and running counts the goroutines that work for it.
	ctx     context.Context //nolint:containedctx // the life of the fetcher, which no single call owns
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// newFetcher checks the configuration. It opens nothing and starts nothing: a plugin that never fetches pays nothing.
func newFetcher(config *fetchConfig) (*fetcher, error) {
	rules, err := parseHostRules(config.AllowHosts)
	if err != nil {
		return nil, fmt.Errorf("plugins.%s.%w", config.Plugin, err)
	}
	f := &fetcher{config: *config, rules: rules, addresses: newAddressTable(), urls: newURLParser()}
	c := &f.config
	setDefault(&c.Concurrent, 16)
	setDefault(&c.Waiting, 256)
	setDefault(&c.Timeout, 30*time.Second)
	setDefault(&c.RequestBytes, 8<<20)
	setDefault(&c.ResponseBytes, 16<<20)
	if c.UseProxy && c.proxy == nil {
		c.proxy = http.ProxyFromEnvironment
	}
	f.slots = make(chan struct{}, c.Concurrent)
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f, nil
}

func setDefault[T int | int64 | time.Duration](v *T, fallback T) {
	if *v <= 0 {
		*v = fallback
	}
}

// close ends the requests that are on their way and waits for their goroutines. Later calls of fetch fail.
func (f *fetcher) close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.cancel()
	f.running.Wait()
	f.open.Do(func() {}) // and nothing opens after this
	if f.transport != nil {
		f.transport.CloseIdleConnections()
	}
}

// start runs work on a goroutine of its own, which close waits for. Nil: it was started. There is no goroutine for a
// request beyond the limit, so that a loop around fetch makes errors and not a crowd.
func (f *fetcher) start(work func()) *fetchError {
	if f.config.Refuse != "" {
		return &fetchError{"EACCES", f.config.Refuse}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return &fetchError{"ECANCELED", "the plugin was stopped"}
	}
	if f.inside >= f.config.Concurrent+f.config.Waiting {
		return &fetchError{"EAGAIN", fmt.Sprintf(
			"%d requests are on their way and %d wait, which is the limit for a plugin; await some before the next",
			f.config.Concurrent, f.config.Waiting)}
	}
	f.inside++
	f.running.Go(func() {
		defer f.left()
		work()
	})
	return nil
}

func (f *fetcher) left() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inside--
}

// acquire waits for a slot.
func (f *fetcher) acquire(ctx context.Context) error {
	select {
	case f.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// release gives a slot back.
func (f *fetcher) release() { <-f.slots }

// client returns the transport, which is made at the first request.
func (f *fetcher) client() *http.Transport {
	f.open.Do(func() {
		f.transport = &http.Transport{
			Proxy:                  f.config.proxy,
			DialContext:            f.dial,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           f.config.Concurrent,
			MaxIdleConnsPerHost:    min(f.config.Concurrent, 8),
			IdleConnTimeout:        30 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: 256 << 10,
		}
	})
	return f.transport
}
