// Package scripting runs plugins: JavaScript files that hear what the server answered.
//
// A plugin is written against the JavaScript API of Adjust's SDKs, with globals as in the Cordova SDK (adjust.js,
// adjust*.go), and the functions of the web platform (web_*, fetch*.go, storage.go). Each version of a plugin is an
// instance: a graph of source files, fixed by its version, one program that was bundled from them (bundle*.go,
// program.go), and a goja runtime on a goroutine of its own. Responses are handed over in batches; one response of a
// plugin is handled at a time, in order, and a promise that a listener returns is awaited before the next response, up
// to the time limit.
//
// # From the file to the first response
//
// A classic script that needs nothing of others runs as it is written. Modules, TypeScript and what a script requires
// are bundled by esbuild in memory; positions in errors are the author's all the same. The top level of a module may
// await something, up to the time limit. What the top level tracks waits until the version has taken over from the one
// before: a load that fails, or that is thrown away because the file was saved again meanwhile, sends nothing.
//
// What all versions of a plugin share are its belongings: the connections of fetch, and localStorage, which is read
// before the first version is loaded, and written before the responses whose listeners have changed it count as
// handled.
//
// # What a script may do, in terms of time
//
// Whatever calls into a runtime is a run: the top level, a listener with the promise jobs that it leaves, a timer, a
// batch of promise jobs. A run that is longer than [Config.Timeout] is interrupted by the watchdog. The interrupt ends
// the run and nothing else: the next one finds the module's variables as they are. Promise jobs that were queued at
// that moment may be lost. A run that goes on regardless (a regular expression, a huge string) is stuck: whoever waits
// is let go, the response counts as handled, and a fresh runtime of the same bytes takes over. A Go panic that comes
// out of a runtime is a bug of ours; the runtime is thrown away and the process goes on.
//
// A version that does this again and again is quarantined: three runs of a sort in a row that had to be interrupted, or
// three lost runtimes within a minute. It is not run any more, its responses wait, and the next edit heals it.
//
// Bounded are also the timers that a runtime holds, the requests of a plugin that are on their way, the size of what
// they bring, localStorage, and what one run prints.
//
// What cannot be stopped: goja has no limit for memory, and Go ends a process whose goroutine outgrows its stack; the
// bound on the depth of calls keeps scripts away from that, but a value nested a million deep that is printed as JSON
// may get there.
//
// # Promise jobs
//
// Entering the machine costs more than calling a listener in it, so a batch enters it once, and goja runs promise jobs
// only when it is left. A runtime therefore notes when the first reaction is attached to a promise: before that there
// are no jobs, and one flush per batch is enough; from then on jobs run after every call, as everywhere else.
//
// # What fails, and how it shows
//
// An error of the script is a [ScriptError], with the place in the plugin's own source. At the top level, an exception
// and a rejected promise that nobody handles make the load fail. Later they are logged: the first of a kind in full,
// repeats as counts. They never stop the log of responses; which response failed, in which version, is recorded beside
// it. Values of granted environment variables are taken out of all of this.
//
// # The host's own device
//
// Adjust.trackEvent and its like act for one device: that of the first config that the plugin created, or before that
// the host's own for the default app. Its identifiers are [Config.Device] and what setExternalDeviceId sets. State is
// kept in the store, under device/TOKEN/ENVIRONMENT/DEVICE KEY. The first Adjust.create for a device in a process sends
// a session when more than 30 minutes have passed since the last activity; no reload does. What the top level tracks
// is sent when the version goes live, so that a broken edit sends nothing.
//
// Deviations from the SDKs, on purpose: an app token or environment that this host does not know, and a listener that
// is not a function, throw in Adjust.create instead of being logged or ignored; willRetry is a boolean and
// jsonResponse an object, as documented; revenue that the S2S protocol refuses is left away with a log line.
//
// # Tests and replays
//
// [Test] and [Replay] run instances by themselves: a probe (record_probe.go) gives each a clock that stands still until
// it is moved, and sees everything that it does, in order; a recorder stands in for the store. The host keeps the
// source of each version that takes over, with the place in the log from which it handled responses (record_keep.go),
// so that a replay can run beside the edited script what ran then. A runtime without a probe pays one comparison with
// nil for it.
//
// # Concurrency
//
// Everything that belongs to a runtime stays on its goroutine; others only post work to its loop. The go statements
// outside of the host:
//
//   - the runtime's goroutine: started by instance.load, through [Host] or by handle when a fresh one must take over;
//     ended by retire, by an error of the load, or by being given up; done of retire is closed at its end. One that is
//     stuck in native code is left behind until it comes back, and ends then.
//   - a goroutine for each request of fetch on its way: started by fetcher.start, ended with the request, at the latest
//     when its runtime ends or the plugin's belongings are closed, which waits for it. Timeouts of AbortSignal.timeout
//     run on timers that stop with the runtime.
//   - the watchdog's goroutine, one for a host: started with the first runtime, ends after the last.
//   - in a file of tests, one for each promise of the helper that drives plugins: started by underTest.promise, ended when
//     the step is done; Test waits for them.
//
// # Shutdown
//
// retire ends an instance: the batch in hand stops after its current response, timers are dropped, and work that goes
// on elsewhere for the script (a reservation, see loop; a fetch) may come back for [Config.Grace]. Calls of the script that
// write to the store wait for half the time limit at most, so that nobody waits for them longer.
package scripting
