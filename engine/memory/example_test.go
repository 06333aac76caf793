package memory_test

import (
	"context"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// An engine that keeps nothing, here with a deliverer that takes everything.
func Example() {
	store := memory.New()
	eng, err := engine.New(engine.Config{Store: store, Deliverer: taker{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	ended := make(chan error, 1)
	go func() { ended <- eng.Run(ctx) }()

	err = eng.Track(ctx, engine.Package{
		Kind:   engine.KindEvent,
		App:    engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Params: map[string]string{"external_device_id": "kiosk-17", "event_token": "abc123"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	responses, err := store.Read(ctx, 0, 1) // waits for one
	fmt.Println(responses[0].Package.Device, responses[0].Outcome, err)

	stats, err := eng.Close() // ends Run, and closes the store
	fmt.Println(stats.Queued, err, <-ended)
	// Output:
	// external_device_id=kiosk-17 delivered <nil>
	// 0 <nil> <nil>
}

// A test of a listener needs a log and no queue.
func ExampleStore_Log() {
	store := memory.New()
	eng, err := engine.New(engine.Config{Store: store, Deliverer: taker{}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	ended := make(chan error, 1)
	go func() { ended <- eng.Listen(ctx, printer{}) }()

	if err := store.WaitEnroll(ctx, printer{}.Name()); err != nil {
		fmt.Println(err)
	}
	last := store.Log(
		engine.Response{Outcome: engine.Delivered, Message: "Event tracked"},
		engine.Response{Outcome: engine.Rejected, Message: "Invalid revenue"},
	)
	if err := store.WaitCommit(ctx, printer{}.Name(), last); err != nil {
		fmt.Println(err)
	}
	_, err = eng.Close()
	fmt.Println(<-ended, err)
	// Output:
	// 1 delivered Event tracked
	// 2 rejected Invalid revenue
	// <nil> <nil>
}

// taker is a server that takes everything.
type taker struct{}

func (taker) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Delivered, Status: 200, At: time.Now()}
}

// printer is a listener that prints.
type printer struct{}

func (printer) Name() string { return "printer" }

func (printer) Handle(_ context.Context, responses []engine.Response) (int, error) {
	for i := range responses {
		fmt.Println(responses[i].Seq, responses[i].Outcome, responses[i].Message)
	}
	return len(responses), nil
}
