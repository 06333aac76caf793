// Package queue is `trackhook queue`: the commands by which an operator sees what waits and what died at a running host,
// and puts it right.
//
//	root.AddCommand(queue.Command())
//
// The commands ask the host through [trackhook/engine/admin.Client]; they never open its data folder.
//
// # Concurrency
//
// A command runs on the goroutine that calls it, and starts none.
//
// # Files
//
//   - queue.go: what the commands share: the selection of packages, and work on many of them
//   - list.go, show.go, retry.go, drop.go, adopt.go, hasten.go, acknowledge.go: the commands of these names
package queue
