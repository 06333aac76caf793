package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Tracker takes packages in, all or none; nil means that they are on disk. An [*engine.Engine] is one.
type Tracker interface {
	Track(ctx context.Context, packages ...engine.Package) error
}

// Config says what a [Handler] works with. Tracker is required; every other zero field means its default.
type Config struct {
	// Tracker takes the packages.
	Tracker Tracker
	// Lookup returns what is known of a package, as [engine.Inspector] does, to tell a repeat from a name that was used for
	// something else. Default: whatever has the name of a known package is taken for its repeat.
	Lookup func(ctx context.Context, id string) (engine.PackageState, error)
	// Apps are the apps that packages may name. Default: every well-formed app token is taken, in both environments.
	Apps []engine.App
	// Tokens are the bearer tokens; [Handler.SetTokens] replaces them. Default: none is asked for; see [RequireTokens].
	Tokens Tokens
	// Attribution tells where a device came from, whose app and identifiers the package names. It may be called by many
	// goroutines at once. Default: nobody can ask.
	Attribution func(context.Context, *engine.Package) (Attribution, error)
	// Pages are the web pages that may send without a token; [Handler.SetPages] replaces them. Default: none may.
	Pages *Pages
	// Log receives failures of the store, at most one line in ten seconds, and refused requests at debug level. Default:
	// nothing is logged.
	Log zerolog.Logger
	// MaxBody bounds the body of an S2S request and each line of a batch, in bytes. Default [DefaultMaxBody].
	MaxBody int64
	// MaxBatch bounds the body of a batch in bytes, and MaxLines the packages in it. Defaults [DefaultMaxBatch] and
	// [DefaultMaxLines].
	MaxBatch int64
	MaxLines int
	// MaxMemory bounds the bodies of all requests in hand together, in bytes; a request over it is answered with 503 and
	// Retry-After. Bodies count as they arrive. One client may have half of it. Default [DefaultMaxMemory], at least MaxBatch
	// and MaxBody.
	MaxMemory int64
	// BodyTimeout is how long a body may take to arrive, at a rate that must not be a trickle. Default [DefaultBodyTimeout].
	BodyTimeout time.Duration
}

// The defaults of [Config].
const (
	// DefaultMaxBody is what one package may have, and the limit of Adjust's server.
	DefaultMaxBody     = engine.MaxPackageBytes
	DefaultMaxBatch    = 16 << 20
	DefaultMaxLines    = 10_000
	DefaultMaxMemory   = 128 << 20
	DefaultBodyTimeout = time.Minute
)

// setDefaults fills in what was left out, and says what is wrong.
func (c *Config) setDefaults() error {
	if c.Tracker == nil {
		return errors.New("Tracker is required")
	}
	if min(c.MaxBody, c.MaxBatch, int64(c.MaxLines), c.MaxMemory, int64(c.BodyTimeout)) < 0 {
		return errors.New("limits must not be negative; zero means the default")
	}
	for _, app := range c.Apps {
		// The engine would refuse every package of such an app; better say so at once.
		probe := engine.Package{Kind: engine.KindSession, App: app, Device: "adid=probe"}
		if err := probe.Prepare(time.Now()); err != nil {
			return fmt.Errorf("app %s: %w", app, err)
		}
	}
	c.MaxBody = cmp.Or(c.MaxBody, DefaultMaxBody)
	c.MaxBatch = cmp.Or(c.MaxBatch, DefaultMaxBatch)
	c.MaxLines = cmp.Or(c.MaxLines, DefaultMaxLines)
	c.MaxMemory = max(cmp.Or(c.MaxMemory, DefaultMaxMemory), c.MaxBatch, c.MaxBody)
	c.BodyTimeout = cmp.Or(c.BodyTimeout, DefaultBodyTimeout)
	return nil
}
