// Command embed is Trackhook as a library: a queue on disk, Adjust's protocol, and a listener in Go.
//
//	go run ./cmd/trackhook sandbox                                # plays Adjust's server
//	ENDPOINT=http://127.0.0.1:8788 go run ./examples/embed        # in another terminal; without ENDPOINT, to Adjust
//
// # Concurrency
//
// The listener is called on a goroutine that run starts. The engine's own are described in trackhook/engine.
//
// # Shutdown
//
// Ctrl-C ends the context: attempts in flight are finished, the listener's place in the log is committed, and the store is
// closed. What is queued is sent by the next run.
//
// # Files
//
//   - main.go: all of it
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/signal"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
)

// printer hears every answer. Handle runs on the goroutine that called Listen.
type printer struct{}

func (printer) Name() string { return "printer" }

func (printer) Handle(_ context.Context, responses []engine.Response) (int, error) {
	for _, r := range responses {
		fmt.Println(r.Package.Kind, r.Package.Params["event_token"], r.Outcome, r.Message)
	}
	return len(responses), nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, "embed-data", os.Getenv("ENDPOINT"), printer{}); err != nil {
		log.Fatal(err)
	}
}

// run tracks a session and an event for one device, and sends until ctx ends.
func run(ctx context.Context, dir, endpoint string, l engine.Listener) error {
	store, err := disk.Open(disk.Config{Dir: dir})
	if err != nil {
		return err
	}
	deliverer, err := adjust.New(adjust.Config{Endpoint: endpoint}) // Adjust's own when empty
	if err != nil {
		return errors.Join(err, store.Close())
	}
	e, err := engine.New(engine.Config{Store: store, Deliverer: deliverer})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	if _, err := store.Enroll(ctx, l.Name()); err != nil { // it hears everything from here on
		return errors.Join(err, store.Close())
	}
	go func() { _ = e.Listen(ctx, l) }()

	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	device := "external_device_id"
	err = e.Track(ctx,
		engine.Package{Kind: engine.KindSession, App: app, Params: map[string]string{device: "pc-17", "os_name": "linux"}},
		engine.Package{Kind: engine.KindEvent, App: app, Params: map[string]string{device: "pc-17", "event_token": "abc123"}},
	) // nil: both are on disk
	if err == nil {
		err = e.Run(ctx) // sends until ctx ends
	}
	_, closeErr := e.Close()
	return errors.Join(err, closeErr)
}
