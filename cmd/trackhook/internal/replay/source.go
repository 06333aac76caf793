package replay

import (
	"context"
	"fmt"

	"trackhook/engine"
	"trackhook/scripting"
)

// answerSource is where recorded answers come from. Its methods are for one goroutine.
type answerSource interface {
	fmt.Stringer
	// last is the number of the newest answer.
	last(ctx context.Context) (uint64, error)
	// responses returns answers behind a number, at most limit, and the number to go on after. It does not wait.
	responses(ctx context.Context, after uint64, limit int) ([]engine.Response, uint64, error)
	// sources is what is kept of the source of a plugin.
	sources(ctx context.Context, plugin string) (map[string][]byte, error)
	// stored is what a plugin has stored.
	stored(ctx context.Context, plugin string) (map[string][]byte, error)
	// adapt makes cfg what the host has.
	adapt(cfg *scripting.Config)
	// track queues packages. Those that were queued before, with the same ids, are not queued again.
	track(ctx context.Context, packages []engine.Package) error
	close() error
}
