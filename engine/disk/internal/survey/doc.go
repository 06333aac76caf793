// Package survey reads a store that nobody has open, however damaged it is: [Verify] says what is wrong with it, [Repair]
// makes a new store of what can be read, [Contents] gives all of a sound one away. The store that is read is left as it is.
//
//	report, err := survey.Verify(ctx, survey.Config{Dir: dir, FS: vfs.Default, Log: log})
//	if report.Damaged() {
//		report, err = survey.Repair(ctx, survey.Config{Dir: dir, FS: vfs.Default, Log: log}, dir+"-repaired")
//	}
//
// # Concurrency
//
// Both lock the folder while they read, so that one at a time can do it. Nothing here starts a goroutine.
//
// # Files
//
//   - report.go: what is found.
//   - survey.go: reading a store that may be damaged.
//   - open.go: opening one, and the log of one that does not open.
//   - locked.go: Locked: what is done with a store that must not change meanwhile.
//   - verify.go: Verify: what fits together.
//   - repair_copy.go: what a repair takes over.
//   - repair_lost.go: what is lost, and what a repair leaves of it.
//   - repair.go: Repair.
//   - held.go: Contents: all that a store holds, for whoever takes it over.
//   - held_runs.go: how listeners handled responses, as that.
package survey
