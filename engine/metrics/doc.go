// Package metrics tells Prometheus what a host does. A [Recorder] is written to while events pass, and its handler serves
// /metrics: what was recorded, and what the store, the plugins and the counts keep, which is read at each scrape.
//
//	recorder := metrics.New(apps...)
//	eng, err := engine.New(engine.Config{Store: store, Deliverer: recorder.Deliverer(deliverer)})
//	http.Handle("GET /metrics", recorder.Handler(metrics.Source{Stats: eng.Stats, Counts: store.Counts}))
//
// No other package has to import this one: a recorder wraps a deliverer and a tracker, and has methods that fit a func
// field. The handler answers whoever asks; the one who mounts it says who may, as engine/admin does for a whole host.
//
// # Names and labels
//
// All names begin with trackhook_; those of Go and of the process come with them as usual. No label has a value that a
// sender can choose without bound: apps beyond the first [MaxApps] share one, and devices, ids and event tokens are none.
// For event tokens there are the counts of engine/admin.
//
// # Concurrency
//
// Everything may be used by many goroutines at once. There are no go statements. Recording waits for nothing but short
// locks. A scrape asks the store once or twice, for at most three seconds; what does not answer is left out, and
// trackhook_store_up is 0.
//
// # Files
//
//	recorder.go  Recorder and New: the instruments, with names, help and buckets; blocked apps, breakers
//	attempts.go  Recorder.Deliverer: attempts by outcome, and how long they took
//	intake.go    Recorder.Tracker: what was taken in, and what was not
//	scrape.go    Source and Recorder.Handler: what is read at a scrape of the host and the store
//	plugins.go   Plugin: what is read of each plugin: runs, state, lag, coverage
//	today.go     the counts of the current day
//	label.go     label values, and the bound on apps
package metrics
