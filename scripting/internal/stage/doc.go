// Package stage runs one version of a plugin alone: in a time that stands still until it is moved, against a store in
// memory, with every effect on a tape: what it prints, tracks, fetches and throws. Nothing leaves the stage.
//
//	s, graph, err := stage.Open(ctx, &stage.Config{Settings: settings, Entry: entry, Now: time.Now(), Fetch: stage.AlwaysOK})
//	err = s.Hand(ctx, &response)
//	acts := s.Tape.Since(0)
//	err = s.Close()
//
// # Concurrency
//
// The methods of a [Stage] are for one goroutine at a time, save those of its tape and its clock.
//
// # Files
//
//   - stage.go: loading a version, handing it responses, moving the time
//   - tape.go: what it did, in order
//   - text.go: what it did, for people and for comparing
//   - fetch.go, fetch.js: requests that something else answers
package stage
