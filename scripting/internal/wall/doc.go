// Package wall keeps a host and its scripts in different processes: it starts a worker process for a version of a plugin,
// hands responses over, does for it what it asks for and may have, and says what ended it.
//
//	v, graph, err := wall.Start(ctx, &wall.Config{Command: []string{"trackhook", "worker"}, Start: wire.Start{Plugin: "count", Entry: file, ...}, ...})
//	handled, err := v.Handle(ctx, responses)
//
// A process that dies is the version's and nobody else's: a fresh one takes over, after a pause that grows. Which response it
// was working on is known once responses go over one by one, as they do after a death; one that has ended two processes is
// set aside, which is a failed run. What dies while it loads is an error of the load.
//
// What a worker asks for is checked as if it came from the script itself: it may be the script's by then.
//
// # Concurrency
//
// The methods of a [Version] may be called from many goroutines at once, save Handle, which is for one at a time. A process
// has four goroutines: one reads what it says, one starts it and waits for its end, one watches its memory, and one of its
// version waits until it has gone. A call that it makes has one while it lasts, and so has the version while it retires.
//
// # Files
//
//   - version.go: a version in processes, from one to the next
//   - report.go: what a version tells about itself
//   - handle.go: responses, handed over, and what came of them
//   - peers.go: the versions of one plugin, and what they tell each other
//   - process.go: one process
//   - process_linux.go: what the system does for that
//   - process_other.go: the same where it does less
//   - serve.go: what a process may ask for
//   - death.go: what ended a process, and which response is to blame
//   - errand.go: something that a process does once
//   - lines.go: what it prints, and how much of that
package wall
