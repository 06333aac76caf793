package scripting

import (
	"context"
	"maps"
	"sync"

	"trackhook/engine"
)

// recorder is the store and the deliverer of a check: it keeps what is tracked, and has no log.
type recorder struct {
	mu      sync.Mutex
	tracked []engine.Package             // guarded by mu
	values  map[string]map[string][]byte // guarded by mu
}

func (r *recorder) packages() []engine.Package {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tracked
}

func (r *recorder) Append(_ context.Context, packages ...engine.Package) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tracked = append(r.tracked, packages...)
	return nil
}

func (r *recorder) Value(_ context.Context, space, key string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if value, ok := r.values[space][key]; ok {
		return value, nil
	}
	return nil, engine.ErrNotFound
}

func (r *recorder) Values(_ context.Context, space string) (map[string][]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.values[space]), nil
}

func (r *recorder) SetValues(_ context.Context, space string, pairs map[string][]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.values[space] == nil {
		r.values[space] = map[string][]byte{}
	}
	for key, value := range pairs {
		if r.values[space][key] = value; value == nil {
			delete(r.values[space], key)
		}
	}
	return nil
}

// Nothing sends or listens during a check; what follows completes the contract.

func (*recorder) Lease(ctx context.Context, _ int) ([]engine.Lease, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
func (*recorder) Settle(context.Context, ...engine.Settlement) error { return nil }
func (*recorder) Read(ctx context.Context, _ uint64, _ int) ([]engine.Response, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
func (*recorder) Enroll(context.Context, string) (uint64, error)                  { return 0, nil }
func (*recorder) Commit(context.Context, string, uint64, engine.Runs) error       { return nil }
func (*recorder) Cursors(context.Context) (map[string]uint64, error)              { return map[string]uint64{}, nil }
func (*recorder) Forget(context.Context, string) error                            { return nil }
func (*recorder) Last(context.Context) (uint64, error)                            { return 0, nil }
func (*recorder) Stats(context.Context) (engine.Stats, error)                     { return engine.Stats{}, nil }
func (*recorder) Close() error                                                    { return nil }
func (*recorder) Deliver(context.Context, engine.Delivery) (none engine.Response) { return none }
