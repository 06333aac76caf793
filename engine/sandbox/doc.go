// Package sandbox stands in for Adjust's server: for the demo, for tests, and as a server of its own. It speaks the
// server-to-server protocol with the documented answers, remembers devices, and fails on demand.
//
//	server, err := sandbox.Start(ctx, "127.0.0.1:0", sandbox.Config{
//		Faults: []sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 503, Count: 1}},
//	})
//	deliverer, err := adjust.New(adjust.Config{Endpoint: server.URL})
//	...
//	for _, request := range server.Requests() { ... }
//
// # What it does
//
// Devices are remembered per app token and environment. The first session of a device is an install; events of an
// unknown device are refused. Tokens of apps, events and authentication are checked, the first two against lists where
// the [Config] has some. Events are refused when they are too old, out of order, or a duplicate by deduplication_id.
// Erasure makes a device opted out. Where the documents contradict each other or are silent, a comment says what was
// chosen.
//
// [Fault] describes what goes wrong: any status, resets, slow answers, no answer, garbage, and more, for some requests
// or a share of them. Which requests that hits depends on the seed, the device and how often the device came, not on
// the order in which devices come: a test with many connections can be repeated.
//
// [Pace] puts it at a distance: answers that take a while, more or less, with a heavy tail; a rate above which it answers
// 429; a bound on connections.
//
// # Control
//
// Beside the protocol, paths under /sandbox/ are for people and tests; requests to them are not recorded.
//
//	GET    /sandbox/requests?after=SEQ&limit=N&path=/event&device=KEY   what arrived, in order
//	GET    /sandbox/counts                                             totals
//	GET    /sandbox/devices?after=N&limit=N                            what is remembered of devices
//	POST   /sandbox/forget   {"app_token":..,"environment":..,"device":..}   as the testing console's "forget device"
//	POST   /sandbox/reset                                              forget everything; faults stay
//	GET    /sandbox/faults                                             the faults that are set
//	POST   /sandbox/faults   [{"kind":"status","status":503,"probability":0.3}]   replace them
//	DELETE /sandbox/faults                                             clear them
//	GET    /sandbox/pace                                               how far away it is and what it takes
//	PUT    /sandbox/pace     {"latency":"50ms..400ms x5","rate":2000,"connections":100}   change what is named
//
// # Concurrency
//
// All methods of [Server] and [LocalServer] may be called from many goroutines at once. State is behind one mutex, which
// is not held while a request is read or an answer is written. The package has one go statement: [Start] runs
// http.Server.Serve on it; [LocalServer.Close] ends it and waits for it. The end of its context is noticed by
// context.AfterFunc. net/http runs a goroutine for each connection.
//
// # Shutdown
//
// [Server.Close] ends every answer that is being delayed or withheld. [LocalServer.Close] does that, closes all
// connections and waits.
//
// # Files
//
//	config.go        Config, its defaults, and the server's limits
//	server.go        Server and New: what happens to a request, from its arrival to its answer
//	start.go         Start: a server that listens
//	request.go       Request: what arrived, and how it is read
//	check.go         what is checked for all kinds: ways of sending, tokens, apps, devices
//	session.go       which answer a session gets
//	event.go         which answer an event gets
//	ad_revenue.go    which answer ad revenue gets
//	erasure.go       which answer an erasure request gets
//	attribution.go   what is said of where a device came from
//	sharing.go       which answer third party sharing gets
//	answer.go        the forms of answers
//	device.go        Device: what is remembered of devices
//	record.go        the requests that arrived, Totals, and Count
//	fault.go         Fault and FaultKind: what can go wrong
//	fault_pick.go    which requests a fault hits
//	fault_effect.go  what a fault does to an answer
//	fault_mix.go     Mix: all faults together
//	pace.go          Pace and Latency: how far away it is, and how much it takes
//	control.go       the endpoints under /sandbox/
package sandbox
