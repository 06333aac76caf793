// Package adjust is the JavaScript API of Adjust's SDKs, versions 4 and 5, as a host without a handset can offer it: the
// object Adjust, AdjustConfig, events and revenue, the listeners, and the host's own device that scripts act for.
//
//	devices := adjust.NewDevices(adjust.Settings{Engine: engine, DefaultApp: app}) // once for a host
//	api := adjust.New(machine, plugin, devices, view.NewResponses(machine.VM))
//	f, arguments := api.Next(&response) // the next listener that a response is for; nil: none
//
// # The host's own device
//
// Adjust.trackEvent and its like act for one device: that of the first config that the plugin created, or before that the
// host's own for the default app. Its identifiers are [Settings.Device] and what setExternalDeviceId sets. State is kept
// in the store, under device/TOKEN/ENVIRONMENT/DEVICE KEY. The first Adjust.create for a device in a process sends a
// session when more than 30 minutes have passed since the last activity; no reload does. What the top level tracks is
// sent when the version goes live, so that a broken edit sends nothing.
//
// # Deviations from the SDKs
//
// On purpose: an app token or environment that this host does not know, and a listener that is not a function, throw in
// Adjust.create instead of being logged or ignored; willRetry is a boolean, and jsonResponse an object for listeners of
// version 4, as documented; revenue that the S2S protocol refuses is left out with a log line, and an event whose token is
// not 6 letters and digits is not sent, with one.
//
// # Concurrency
//
// An [API] belongs to the goroutine of its machine. [Devices] may be used from many goroutines at once.
//
// # Files
//
//   - adjust.go: the API of one runtime: create, initSdk, and what is registered
//   - adjust.js: what of it is written in JavaScript
//   - globals.go: where scripts find the API: global names and modules
//   - lazy.go: objects and names that are made when they are first used
//   - config.go: AdjustConfig
//   - field.go: the names of its fields in each SDK
//   - setting.go: what the settings of a config do on this host
//   - unstarted.go: configs with listeners that nobody has started
//   - app.go: which app a config means, and for which device it acts
//   - methods.go: the methods of Adjust
//   - track.go: events, revenue and sessions that scripts track
//   - package.go: from the objects of scripts to S2S parameters
//   - steps.go: how many steps from outside a package is, and no more than a few
//   - hold.go: when a call takes effect: at once, or when the version is live
//   - delay.go: the delayed first session
//   - state.go: enabling, forgetting, and what the server tells about a device
//   - devices.go: the host's own devices, and what is kept of them
//   - home.go: where packages go and devices are kept, and who may change them
//   - attribution.go: listeners of attributions and deep links
//   - attributions.go: where devices came from, as it is kept
//   - question.go: questions about the device that are answered later
//   - record.go: calls in the form in which the Cordova SDK hands them on, for tests
//   - hint.go: what to say about names that only a browser or a handset has
package adjust
