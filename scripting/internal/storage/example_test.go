package storage_test

import (
	"context"
	"fmt"

	"trackhook/engine/memory"
	"trackhook/scripting/internal/storage"
)

// What a version changes while it loads is its own until it goes live.
func Example() {
	ctx := context.Background()
	store := memory.New()
	kept, err := storage.Open(ctx, store, "count")
	if err != nil {
		fmt.Println(err)
		return
	}
	draft := storage.NewDraft(kept)
	if err := draft.Set("n", "1"); err != nil {
		fmt.Println(err)
	}
	fmt.Println("kept while it loads:", kept.Size())
	if err := draft.Publish(); err != nil {
		fmt.Println(err)
	}
	if err := kept.Flush(ctx); err != nil {
		fmt.Println(err)
	}
	again, err := storage.Open(ctx, store, "count")
	if err != nil {
		fmt.Println(err)
		return
	}
	value, _ := again.Get("n")
	fmt.Println("after a restart:", value)
	// Output:
	// kept while it loads: 0
	// after a restart: 1
}
