// Package instance is one version of one plugin at work: a graph of source files, one program that was bundled from
// them, and a machine that runs it. Responses are handed over in batches; one response is handled at a time, in order, and
// a promise that a listener returns is awaited before the next, up to the time limit.
//
//	shared := instance.NewShared(settings) // once for a host
//	i, graph, err := instance.Start(ctx, instance.Config{Shared: shared, Name: "count", Entry: file, Resources: own})
//	handled, err := i.Handle(ctx, responses)
//	<-i.Retire()
//
// # From the file to the first response
//
// A classic script that needs nothing of others runs as it is written; all else is bundled first. The top level of a
// module may await something, up to the time limit. What the top level tracks and stores waits until the version has
// taken over from the one before: a load that fails, or that is thrown away because the file was saved again meanwhile,
// sends nothing.
//
// What all versions of a plugin share is its resources: the connections of fetch, and localStorage, which is read before
// the first version is loaded, and written before the responses whose listeners have changed it count as handled.
//
// # When runs fail
//
// An error of the script is a [script.Error]. At the top level, an exception and a rejected promise that nobody handles
// make the load fail. Later they are logged: the first of a kind in full, repeats as counts. They never stop the log of
// responses; which response failed, in which version, is recorded beside it. Values of granted environment variables are
// taken out of all of this.
//
// A machine that is stuck or broken is thrown away, the response counts as handled, and a fresh machine of the same bytes
// takes over. A version that does this again and again is quarantined: three runs of a sort in a row that had to be
// interrupted, or three lost machines within a minute. It is not run any more, its responses wait, and the next edit
// heals it.
//
// What cannot be stopped: goja has no limit for memory, and Go ends a process whose goroutine outgrows its stack; the
// bound on the depth of calls keeps scripts away from that, but a value nested a million deep that is printed as JSON may
// get there.
//
// # Concurrency
//
// The methods of [Instance] may be called from many goroutines at once, save Handle, which is for one at a time. The
// machine's goroutine is started by Start, or by Handle when a fresh one must take over.
//
// # Shutdown
//
// Retire ends an instance: the batch in hand stops after its current response, timers are dropped, and work that goes on
// elsewhere for the script may come back for the grace period. Calls of the script that write to the store wait for half
// the time limit at most, so that nobody waits for them longer.
//
// # Files
//
//   - instance.go: the version and its life
//   - account.go: what it tells of itself: runs, errors, listeners, warnings
//   - lines.go: its lines in the log, and those that wait for the version to be known
//   - runtime.go: the version at work in one machine
//   - settings.go: what a version needs of the configuration, with the default of the time limit of a run, and what plugins share
//   - load.go: from the program to the first response
//   - batch.go: responses handed to listeners
//   - program.go: bundling and compiling, once for each version
//   - require.go: require and module of classic scripts
//   - web.go: the web platform in a runtime
//   - node.go: the modules of Node in a runtime
//   - resources.go: what the versions of a plugin share
//   - reports.go: errors in the log, and their repeats
//   - redact.go: secrets taken out of texts
//   - redact_forms.go: in which forms secrets may stand there
//   - redact_layer.go: escapes, lines and bytes of a text, undone
//   - quarantine.go: when a version is given up
//   - histogram.go: how long runs take
//   - probe.go: watching and driving an instance, for tests and replays
//   - clock.go: a time that stands still until it is moved
package instance
