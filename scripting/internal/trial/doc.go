// Package trial checks, tries and tests a draft: a plugin with texts that are not saved. All of it runs on a stage, and
// nothing leaves that.
//
//	result := trial.Do(ctx, &trial.Job{Kind: trial.Try, Draft: draft, Dir: "/srv/plugins", DefaultApp: app, Responses: answers})
//
// A [Job] holds all that it needs, so that it can be done in a process of its own: the bytes of [Job.Encode] go there, and
// those of [Result.Encode] come back. Which process that is, is the caller's business.
//
// # Bounds
//
// A draft is typed by somebody who makes mistakes: it may not end, nest without end, or print without end. The time of a
// run, the time of all, what is recorded and what is told of it are bounded. Memory and stack are where it runs in a process
// of its own.
//
// # Concurrency
//
// Jobs may be done at once, by many goroutines. [Do] returns when ctx ends, and when what a script has in hand ends after it.
//
// # Files
//
//   - trial.go: jobs and their results
//   - check.go: what is wrong with a draft
//   - try.go: a draft on answers, beside the version that runs
//   - test.go: the tests of a plugin
//   - act.go: what scripts did, for people
package trial
