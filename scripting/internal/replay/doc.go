// Package replay runs the plugin that is on disk on responses of the past, beside the version that handled them then, and
// says where the two differ.
//
//	summary, err := replay.Run(ctx, replay.Config{Settings: settings, Name: "count", Responses: next},
//		func(r *replay.Replayed) error { fmt.Println(r.Verdict); return nil })
//
// Both run on a stage: nothing leaves it. Date is the time of the response, and Math.random gives both the same, so that
// what differs is the edit.
//
// # Files
//
//   - config.go: what a replay works with, and the plugin that it is about
//   - replay.go: both versions on one response after the other
//   - verdict.go: what came of that, and how the two compare
package replay
