// Package demo is what a host makes up when it is given no app: an app, a device of its own, a server that plays Adjust,
// and a plugins folder with a first script.
//
//	d, err := demo.Start(ctx, demo.Config{Store: store, PluginsDir: "plugins"})
//	// ... a host serves d.App at d.Endpoint, as d.Device
//	err = d.Close()
//
// Nothing leaves the machine, unless [Config.Endpoint] lies elsewhere. The device is kept in the store, so that the next
// demo has the same one. The server is new each time, and is told of the devices that the one before knew.
//
// # Shutdown
//
// The server outlives the context of [Start], so that attempts in flight can be finished. [Demo.Close] ends it; call it
// when nothing sends any more.
//
// # Files
//
//   - demo.go: starting and closing
//   - device.go: the device, and how it is kept
//   - recall.go: telling a new server of the devices that an earlier one knew
package demo
