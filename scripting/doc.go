// Package scripting runs plugins: JavaScript files in a folder that hear what the server answered, and are reloaded while
// they are edited.
//
//	host, err := scripting.New(scripting.Config{Dir: "plugins", Engine: engine, DefaultApp: app})
//	err = host.Run(ctx) // until ctx ends
//
// [Host] is the door of the house; [Check], [Test] and [Replay] run a plugin without a host, and [Host.Editor] lets people work
// on the plugins of one that runs.
//
// # The path of one response
//
//	engine.Listen     hands a batch from the log to a plugin, which is its listener          scripting: plugin.go, handle.go
//	instance.Handle   posts the batch to the loop of the version's machine                   internal/instance
//	machine           turns the loop, under the eye of the watchdog                          internal/machine
//	adjust.Next       finds the listeners that the plugin has registered for the response    internal/adjust
//	view.Object       makes what they are called with                                        internal/view, internal/jsontext
//	console, web      print, fetch and store what they ask for                               internal/console, web, fetch, storage
//	scripting         keeps what was stored, and commits the cursor                          scripting: handle.go
//
// # Which process does what
//
//	host                                              worker, where a plugin has one: trackhook worker
//	+--------------------------------------+          +----------------------------------------------+
//	| engine, store, HTTP, source.Watcher  |          |                                              |
//	| plugin -> wall.Version --------------|--Load--->| worker -> bundle, instance, machine, console |
//	|   responses as in the log -----------|--Handle->|   view, adjust, web, fetch (granted hosts)   |
//	|   files, Track, values, locks <------|--Call----|   worker.home                                |
//	|   the log <--------------------------|--Line----|   what it prints, before the run is settled  |
//	|   handled, failed runs, state <------|--Handled-|                                              |
//	+--------------------------------------+          +----------------------------------------------+
//
// One more worker is started ahead, knows nothing, and is the next one that is needed. Without isolation there is none of them, and
// instance and all below it run in the host. What crosses is described by internal/wire; internal/wall is the host's side, and says
// what a death is; internal/worker is the other.
//
// # The path of one save
//
//	source.Watcher    sees that something changed, source.Graph that the bytes are others    internal/source
//	bundle.Build      makes one program of the files                                         internal/bundle, internal/surface
//	instance.Start    runs its top level in a fresh machine, beside the version that runs    internal/instance
//	scripting         lets it take over between two responses, or says what is wrong         scripting: reload.go, status.go
//
// Beside them: internal/bound bounds what is parsed, internal/script has the errors of scripts, internal/stage runs a version alone, internal/replay and
// internal/tester use that, internal/trial does what people want of a draft, internal/folder changes files, internal/diff compares texts, and internal/documents finds what tests read. What a room may
// import stands in a table that a test of the engine holds.
//
// # Concurrency
//
// A [Host] may be used from many goroutines at once. Run starts one goroutine that takes file system events, one for
// Ready, and for each plugin one that keeps it in line with the disk, one that stands in engine.Listen, one for a load
// while it lasts, and one for each replaced version while it retires.
//
// # Shutdown
//
// When the context of Run ends, the runs in hand return and their cursors are committed; every version is retired within
// [Config.Grace]; Run returns when all of that is over.
//
// # Files
//
//   - config.go: the configuration of a host, and its defaults; two have their numbers where they work: the time limit of a run
//     in internal/instance, settings.go, and the polling interval in internal/source, watch.go
//   - host.go: the host
//   - follow.go: keeping in line with the folder
//   - plugin.go: one plugin, from its file to its listener
//   - own.go: which of several hosts runs a plugin, and standing by
//   - runner.go: versions in the host's process, and in processes of their own
//   - handle.go: responses, handed to the version that runs
//   - reload.go: the next version, and how it takes over; saves that leave a file empty for a moment
//   - regrant.go: rights that are replaced while plugins run
//   - keep.go: the source of versions, kept for replays
//   - status.go: how plugins are doing
//   - deaf.go: plugins that hear nothing of what they seem to be meant to hear
//   - recent.go: what plugins have printed lately
//   - check.go: what a plugin registers, or what is wrong with it
//   - listener_name.go: the names of plugins as listeners of the log
//   - editor.go: people who work on the plugins
//   - draft.go: checking, trying and testing what is not saved
//   - answers.go: the answers that a draft is tried on
//   - errand.go, errand_replay.go: checks, tests and replays in processes of their own
//   - exports.go: tests, replays, and the types of the rooms that the outside needs
package scripting
