// Package admin is HTTP for operators: health, and what the host and its plugins are doing. [New] makes the server's
// side, [Client] is the command line's.
//
// # Endpoints
//
//	GET /healthz           200 {"status":"ok"}, 200 {"status":"degraded","reasons":[...]} when a plugin is broken,
//	                       503 {"status":"failing","reasons":[...]} when the store does not answer
//	GET /readyz            200 {"status":"ready"} when packages can be taken in, else 503 {"status":"not ready","reasons":[...]}
//	GET /api/v1/plugins    {"plugins":[...]}, see [Plugin]
//	GET /api/v1/host       see [Host]
//	GET /api/v1/stats      counts of the store, see [engine.Stats]
//
// A broken plugin leaves the status of /healthz at 200: responses wait for the plugin, and restarting the host, which is
// what a 503 asks of an orchestrator, would not mend it. Errors are JSON: {"error":"...","detail":"..."}.
//
// # Who may ask
//
// With [Config.Check], whoever it lets pass. Without, only this machine: the connection must come from a loopback
// address, the Host header must name one (a page that rebinds its own name to 127.0.0.1 cannot), and a request that a
// proxy has forwarded is refused. The two health endpoints answer everybody, because probes come from anywhere, but
// tell the reasons only to those who may ask. No CORS headers are ever sent.
//
// # Concurrency
//
// The handler and the client may be used by many goroutines at once. The package starts no goroutine and keeps nothing
// between requests.
//
// # Shutdown
//
// There is nothing to stop. [Config.Ready] may return an error from the moment on in which the host stops taking
// packages, so that a load balancer sends them elsewhere.
package admin
