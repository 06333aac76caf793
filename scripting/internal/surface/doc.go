// Package surface is the one list of the names that scripts find: those of Adjust's SDKs, as the documentation gives
// them to JavaScript, and those that a host adds.
//
//	surface.Types()   // trackhook.d.ts, for editors
//	surface.Exports() // the names that a module of the SDK exports
//
// The file trackhook.d.ts is made from the list, the bundler resolves modules by it, and tests hold the runtime to it. It
// makes nothing: a new documented method is listed here, and made in its room (internal/adjust, internal/web). The names and values are those of the Cordova and React Native SDKs, versions 4 and
// 5; the sentences are ours.
//
// # Files
//
//   - surface.go: what an entry of the list is, and the names in it
//   - adjust.go: the object Adjust
//   - config.go: AdjustConfig
//   - data.go: events, revenue, subscriptions and the other classes that carry data
//   - response.go: what listeners are called with
//   - web.go, web_body.go, web_stream.go, web_bytes.go, web_fetch.go: the web platform
//   - tests.go: the globals of files of tests
//   - modules.go: the modules that scripts may import without installing them
//   - generation.go: the names that only one version of the SDKs has
//   - types.go, trackhook.d.ts: the types for editors
//   - list.go: the same as a list, for pages that complete and explain
package surface
