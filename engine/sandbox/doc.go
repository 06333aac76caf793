// Package sandbox stands in for Adjust's server: for the demo, for tests, and as a server of its own. It speaks the
// server-to-server protocol with the documented answers, remembers devices, and fails on demand.
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
//
// # Concurrency
//
// All methods of [Server] and [Listening] may be called from many goroutines at once. State is behind one mutex, which
// is not held while a request is read or an answer is written. The package has one go statement: [Start] runs
// http.Server.Serve on it; [Listening.Close] ends it and waits for it. The end of its context is noticed by
// context.AfterFunc. net/http runs a goroutine for each connection.
//
// # Shutdown
//
// [Server.Close] ends every answer that is being delayed or withheld. [Listening.Close] does that, closes all
// connections and waits.
package sandbox
