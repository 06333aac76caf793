package scripting

import (
	"context"
	"time"

	"trackhook/engine"
)

// Nobody inspects the store of a check; what follows completes the contract.

func (*recorder) Limit(engine.App, int) {}

func (*recorder) Packages(context.Context, engine.Filter, string, int) ([]engine.PackageState, string, error) {
	return nil, "", nil
}

func (*recorder) Package(context.Context, string) (engine.PackageState, error) {
	return engine.PackageState{}, engine.ErrNotFound
}

func (*recorder) History(context.Context, string) ([]engine.Response, error) {
	return nil, engine.ErrNotFound
}

func (*recorder) Lanes(context.Context, engine.Filter, string, int) ([]engine.LaneState, string, error) {
	return nil, "", nil
}

func (*recorder) Retry(context.Context, ...string) (int, error) { return 0, nil }

func (*recorder) Drop(context.Context, ...string) (int, error) { return 0, nil }

func (*recorder) Counts(context.Context, time.Time, time.Time) ([]engine.Count, error) {
	return nil, nil
}

func (*recorder) Runs(context.Context, uint64) ([]engine.Run, error) { return nil, nil }
