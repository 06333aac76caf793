package disk_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
)

// A package is accepted, leased, sent and settled; a listener reads the response. An engine does all of this by itself.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a temporary directory
	store, err := disk.Open(disk.Config{Dir: dir, Retain: 24 * time.Hour})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := store.Enroll(ctx, "listener"); err != nil {
		log.Fatal(err)
	}

	p := engine.Package{
		ID: "order-17", Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
		Device: "idfa=cdb3b5ae-2baf-4b4b-a44a-b0b4e0a3f4e5", Params: map[string]string{"event_token": "f0ob4r"}, Created: time.Now(),
	}
	// When Append returns, the package is on the disk. A second one with the same ID changes nothing.
	if err := store.Append(ctx, p, p); err != nil {
		log.Fatal(err)
	}
	leases, err := store.Lease(ctx, 10)
	if err != nil {
		log.Fatal(err)
	}
	for _, lease := range leases {
		response := engine.Response{Package: lease.Package, Attempt: lease.Attempts + 1, Outcome: engine.Delivered, Status: 200}
		if err := store.Settle(ctx, engine.Settlement{Lease: lease, Verdict: engine.Remove, Response: response}); err != nil {
			log.Fatal(err)
		}
	}
	responses, err := store.Read(ctx, 0, 10)
	if err != nil {
		log.Fatal(err)
	}
	for i := range responses {
		fmt.Println(responses[i].Seq, responses[i].Package.ID, responses[i].Outcome)
		if err := store.Commit(ctx, "listener", responses[i].Seq, engine.Runs{}); err != nil {
			log.Fatal(err)
		}
	}
	stats, err := store.Stats(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("queued:", stats.Queued)
	if err := store.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 1 order-17 delivered
	// queued: 0
}
