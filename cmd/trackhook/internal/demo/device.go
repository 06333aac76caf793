package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"trackhook/engine"
)

// The place of the demo's device in a store. Stores keep it, so it never changes.
const (
	deviceSpace = "host"
	deviceKey   = "demo_device"
)

// Kept is what reads the values of a store, as [engine.Values] does.
type Kept interface {
	Value(ctx context.Context, space, key string) ([]byte, error)
}

// KeptDevice returns the device of the demo that ran on a store: [engine.ErrNotFound] when none has.
func KeptDevice(ctx context.Context, values Kept) (map[string]string, error) {
	id, err := values.Value(ctx, deviceSpace, deviceKey)
	if err != nil {
		return nil, err
	}
	return deviceOf(string(id)), nil
}

// TrialDevice is a device for scripts that are loaded without a store.
func TrialDevice() map[string]string { return deviceOf("demo-check") }

// makeDevice makes up a device at the first start and keeps it in the store.
func makeDevice(ctx context.Context, values engine.Values) (map[string]string, error) {
	device, err := KeptDevice(ctx, values)
	if errors.Is(err, engine.ErrNotFound) {
		id := "demo-" + strings.ToLower(rand.Text()[:10])
		device = deviceOf(id)
		err = values.SetValues(ctx, deviceSpace, map[string][]byte{deviceKey: []byte(id)})
	}
	if err != nil {
		return nil, fmt.Errorf("keep the demo's device: %w", err)
	}
	return device, nil
}

func deviceOf(id string) map[string]string {
	return map[string]string{"external_device_id": id, "os_name": osName()}
}

// osName is this system in the words of the S2S documentation.
func osName() string {
	switch runtime.GOOS {
	case "darwin":
		return "macos"
	case "windows", "linux":
		return runtime.GOOS
	default:
		return "unknown"
	}
}
