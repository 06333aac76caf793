package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Config is what the fetch of one plugin may do. Plugin is required.
type Config struct {
	// Plugin names the plugin in messages: plugins.PLUGIN.allow_hosts is where hosts are granted.
	Plugin string
	// AllowHosts restricts fetch to these hosts, and permits private ones among them; see [CheckHosts]. Empty:
	// every host, at public addresses only.
	AllowHosts []string
	// Within bounds AllowHosts, also where that is empty, when Bounded is set: only what both allow is reached.
	Within  []string
	Bounded bool
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

	// Resolver and proxy take the place of the system's in tests.
	Resolver *net.Resolver
	Proxy    func(*http.Request) (*url.URL, error)
}

// maxRedirects is how many redirects are followed (Fetch standard, 4.4).
const maxRedirects = 20

// Client makes the requests of one plugin. All versions of the plugin share it, so that its limits hold for all of
// them together. It may be used from many goroutines at once. Use [New]; close it when the plugin is gone.
type Client struct {
	config    Config
	rules     atomic.Pointer[hostRules] // of Config.AllowHosts, or what has replaced them
	within    hostRules                 // of Config.Within
	addresses *addressTable
	urls      whatwg.Parser
	// slots holds a token for each request that may still set out.
	slots chan struct{}

	mu        sync.Mutex
	inside    int             // guarded by mu; requests that are on their way or wait for a slot
	closed    bool            // guarded by mu
	transport *http.Transport // guarded by mu; nil until the first request

	// life ends when the client is closed, and running counts the goroutines that work for it.
	life    context.Context //nolint:containedctx // the life of the client, which no single call owns
	cancel  context.CancelFunc
	running sync.WaitGroup
}

// New checks the configuration. It opens nothing and starts nothing: a plugin that never fetches pays nothing.
func New(config *Config) (*Client, error) {
	rules, err := parseHosts(config.AllowHosts)
	if err != nil {
		return nil, fmt.Errorf("plugins.%s.%w", config.Plugin, err)
	}
	within, err := parseHosts(config.Within)
	if err != nil {
		return nil, fmt.Errorf("plugins.%s.%w", config.Plugin, err)
	}
	f := &Client{config: *config, within: within, addresses: newAddressTable(), urls: NewURLParser()}
	f.rules.Store(&rules)
	c := &f.config
	setDefault(&c.Concurrent, 16)
	setDefault(&c.Waiting, 256)
	setDefault(&c.Timeout, 30*time.Second)
	setDefault(&c.RequestBytes, 8<<20)
	setDefault(&c.ResponseBytes, 16<<20)
	if c.UseProxy && c.Proxy == nil {
		c.Proxy = http.ProxyFromEnvironment
	}
	f.slots = make(chan struct{}, c.Concurrent)
	f.life, f.cancel = context.WithCancel(context.Background())
	return f, nil
}

// Timeout is the time that a request may take, from the call to the last byte of the body.
func (f *Client) Timeout() time.Duration { return f.config.Timeout }

// Context ends when the client is closed.
func (f *Client) Context() context.Context { return f.life }

func setDefault[T int | int64 | time.Duration](v *T, fallback T) {
	if *v <= 0 {
		*v = fallback
	}
}

// Close ends the requests that are on their way and waits for their goroutines. Later calls of fetch fail.
func (f *Client) Close() {
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.cancel()
	f.running.Wait()
	f.dropTransport()
}

// SetHosts replaces [Config.AllowHosts]. Requests that have set out go on; connections that were kept are not used any
// more, because they may lead where the plugin may no longer go. An error changes nothing.
func (f *Client) SetHosts(entries []string) error {
	rules, err := parseHosts(entries)
	if err != nil {
		return fmt.Errorf("plugins.%s.%w", f.config.Plugin, err)
	}
	f.rules.Store(&rules)
	f.dropTransport()
	return nil
}

// dropTransport closes the connections that are kept, and those in use once their requests are over.
func (f *Client) dropTransport() {
	f.mu.Lock()
	dropped := f.transport
	f.transport = nil
	f.mu.Unlock()
	if dropped != nil {
		dropped.CloseIdleConnections()
	}
}

// Start runs work on a goroutine of its own, which Close waits for. Nil: it was started. There is no goroutine for a
// request beyond the limit, so that a loop around fetch makes errors and not a crowd.
func (f *Client) Start(work func()) *Error {
	if f.config.Refuse != "" {
		return &Error{"EACCES", f.config.Refuse}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return &Error{"ECANCELED", "the plugin was stopped"}
	}
	if f.inside >= f.config.Concurrent+f.config.Waiting {
		return &Error{"EAGAIN", fmt.Sprintf(
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

func (f *Client) left() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inside--
}

// Acquire waits for a slot.
func (f *Client) Acquire(ctx context.Context) error {
	select {
	case f.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Release gives a slot back.
func (f *Client) Release() { <-f.slots }

// client returns the transport, which is made at the first request.
func (f *Client) client() *http.Transport {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.transport == nil {
		f.transport = &http.Transport{
			Proxy:                  f.config.Proxy,
			OnProxyConnectResponse: proxyRefuses,
			DialContext:            f.dial,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           f.config.Concurrent,
			MaxIdleConnsPerHost:    min(f.config.Concurrent, 8),
			IdleConnTimeout:        30 * time.Second,
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: 256 << 10,
		}
	}
	return f.transport
}
