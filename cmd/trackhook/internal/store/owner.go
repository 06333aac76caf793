package store

import (
	"context"
	"errors"

	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/engine"
)

// The place in a store of what kind of host it belongs to, and the kinds. Stores keep it, so it never changes.
const (
	OwnerSpace = "host"
	OwnerKey   = "owner"
	OwnerDemo  = "demo"
	OwnerUser  = "configured"
)

// Owner returns whose a store is: what is marked, or the demo's where it knows the demo's device, as one from before there was the
// mark does; empty where neither says it.
func Owner(ctx context.Context, values demo.Kept) (string, error) {
	marked, err := values.Value(ctx, OwnerSpace, OwnerKey)
	if err == nil || !errors.Is(err, engine.ErrNotFound) {
		return string(marked), err
	}
	_, err = demo.KeptDevice(ctx, values)
	if errors.Is(err, engine.ErrNotFound) {
		return "", nil
	}
	return OwnerDemo, err
}
