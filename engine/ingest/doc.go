// Package ingest is HTTP in: the door through which applications and servers hand packages to the engine.
//
//	handler, err := ingest.New(ingest.Config{Tracker: eng, Apps: apps, Tokens: tokens})
//	server := ingest.NewServer(handler, log)
//	err = server.Serve(listener)
//
// # Endpoints
//
//	GET, POST  /session               S2S parameters of one session
//	GET, POST  /event                 S2S parameters of one event
//	GET, POST  /ad_revenue            S2S parameters of one ad revenue report
//	POST       /gdpr_forget_device    S2S parameters of one erasure request
//	POST       /third_party_sharing   S2S parameters of what may be shared of one device with other companies
//	GET        /attribution           where one device came from, as far as the server tells; see [Config.Attribution]
//	POST       /v1/packages           NDJSON, one package a line: all of them accepted, or none
//
// 200 means that everything in the request is on disk, fsynced.
//
// # The S2S endpoints
//
// They take what Adjust's server-to-server API takes, so that an existing sender only changes its base URL: parameters
// in the query or in a form body (application/x-www-form-urlencoded, also without a Content-Type). A POST may use both;
// a name that comes twice with two values is refused, the same pair twice is taken once. The answer is
// {"status":"OK"} with the package's ID in the header X-Trackhook-Id.
//
//   - app_token is required. Without environment, production is meant, as at Adjust; where the app is configured for the
//     sandbox only, such a request is refused.
//   - created_at_unix counts seconds; 13 digits are taken as milliseconds. created_at takes what [engine.ParseTime] reads:
//     RFC 3339, the forms of Adjust's documentation, and what languages write by themselves. Both are checked, and created_at_unix wins. Without either, the package is stamped now.
//   - callback_params and partner_params are flat JSON objects of strings. Names with brackets, and those of these two with
//     a dot, are refused: they are how other APIs take objects, and the server would not know them.
//   - event_callback_id becomes [engine.Package.CallbackID]. It stays on this host.
//   - The header X-Adjust-Forwarded-For becomes ip_address when that is absent, unless it is IPv6, which the server does
//     not take. Both may be IPv4 in IPv6 form, and have a port, brackets or a zone.
//   - The header Idempotency-Key, or else the parameter deduplication_id, names the package: the same one again is
//     accepted and not queued twice, and the answer has the first ID and the header Idempotency-Replayed: true. Where
//     [Config.Lookup] knows the first, another body with the same key is refused with 422; another with the same
//     deduplication_id is dropped, as at Adjust, with a warning in the log. A name is remembered as long as the store
//     keeps the package's responses.
//   - s2s is ignored. Empty app_token, environment, callback_params, partner_params and event_callback_id count as
//     absent. Every other parameter is passed through as it is, known or not.
//
// # The batch endpoint
//
// Each line is one JSON object with these keys and no others; blank lines are skipped:
//
//	kind             required: session, event, ad_revenue, gdpr_forget_device or third_party_sharing
//	app_token        required
//	environment      as above
//	device           optional, KIND=ID with a device id parameter of S2S as KIND; it is added to params
//	params           the S2S parameters: an object of strings; numbers are taken as their text
//	callback_params  an object of strings
//	partner_params   an object of strings
//	callback_id      a string: the caller's own id
//	created_at_unix  a number, or a string of digits; created_at is the alternative
//	idempotency_key  a string
//
// The answer is {"accepted":N,"ids":[...]}, in the order of the lines. On an error nothing of the batch is stored, and
// the answer names line and field of the first one. An Idempotency-Key header names the batch: each line without a key
// of its own gets one from the header and its place in the batch, so that a batch that is sent again is not queued again.
//
// # Errors
//
// Every error body is JSON in the form of Adjust's server, plus a detail that says what would be right:
//
//	{"error":"Event request failed (Invalid revenue)","detail":"revenue \"abc\" must be a number ..."}
//
// The status is 400; 401 for a token that is missing, unknown or lacks the scope; 403 for a browser's request from
// another site; 404 for an app that is not configured, and for an unknown path; 405 with Allow; 408 for a body that does
// not come; 413 over a size limit; 415 for a body of another type; 422 for a
// key that named another body; 503 with Retry-After when the engine or the store
// cannot take the package, which may then be sent again. Batches add "line" and "field".
//
// # Tokens
//
// With [Config.Tokens], every request needs Authorization: Bearer. A token may be limited to scopes, see [ParseTokens]. Without, the header is ignored; that is for loopback
// only, see [RequireTokens]. Requests that a browser sends for a page of another site are refused, save for the pages of
// [Config.Pages]. Wrap the handler in engine/site's Hosts, so that no name of somebody else's leads here either.
//
// # Pages
//
// Adjust's Web SDK, with a customUrl or a urlStrategy that names this host, sends from the pages of [Config.Pages]. They
// need no token, on the paths that the SDK has: /session, /event, /gdpr_forget_device,
// /third_party_sharing and /attribution. No other path that exists
// answers them with CORS headers. Because everybody can claim to be such a page, it may do little:
//
//   - It speaks for one browser: web_uuid is required, external_device_id may be there, any other identifier is refused.
//   - ip_address is the address that the request came from, as far as it is public, through [NewPages]'s proxies as they
//     say in X-Forwarded-For; what the page says of it counts for nothing. user_agent is the header User-Agent.
//   - Each address is held to a rate, and answered with 429 over it; of IPv6, each network of 64 bits is.
//   - The SDK repeats a request that was not answered, without a key. The same again is recognised by all that it says.
//   - The SDK asks where the browser's user came from when the answer to a session says so: that has ask_in for pages.
//   - The SDK drops what was answered with JSON, and comes again after anything else. So 408, 429, 500 and 503 are text.
//
// # Concurrency
//
// A [Handler] may serve any number of requests at once. The package starts no goroutine. Bodies in hand are bounded
// together, by [Config.MaxMemory].
//
// # Shutdown
//
// The handler keeps nothing between requests. A request that was received completely is stored even when its sender has
// gone. Shut the [http.Server] down first, then close the engine; requests that come in between are answered with 503.
//
// # Files
//
//	config.go   Config, with its defaults
//	handler.go  Handler and New: the paths and methods
//	server.go   NewServer: a server with limits
//	token.go    Token, Scopes, ParseTokens: who may send what
//	attribution.go  where a device came from
//	pages.go    Pages: web pages that may send, and what they may say
//	rate.go     how much each address may send from pages
//	guard.go    RequireTokens, and what is refused without tokens
//	conns.go    LimitConnections: how many connections there may be
//	body.go     bodies: their size, the memory for all of them, the time that they may take
//	single.go   the S2S endpoints
//	form.go     parameters in a query or a form
//	batch.go    the batch endpoint
//	line.go     one line of a batch
//	json.go     the JSON that lines and parameters are written in
//	created.go  created_at and created_at_unix
//	app.go      the app and the environment of a package
//	prepare.go  Idempotency-Key, and the checks of the engine
//	track.go    handing over to the engine
//	repeat.go   packages that come again under the same name
//	refusal.go  answers that are errors
package ingest
