// Package admin is HTTP for operators: health, what the host and its plugins are doing, what is queued and what became
// of it, and dead letters to put back or drop. [New] makes the server's side, and [Client] is the command line's.
//
//	http.Handle("/api/", admin.New(admin.Config{Stats: eng.Stats, Inspector: store, Responses: store}))
//
//	client := admin.Client{BaseURL: "http://127.0.0.1:8787"}
//	for p, err := range client.Packages(ctx, engine.Filter{State: engine.Dead}) { ... }
//
// # Endpoints
//
// The file openapi.yaml, which the host serves too, describes each with its parameters and answers; tests hold it true.
//
//	GET    /healthz                    200 {"status":"ok"}, 200 {"status":"degraded","reasons":[...]} when a person
//	                                   should look, 503 {"status":"failing",...} when the store does not answer
//	GET    /readyz                     200 {"status":"ready"} when packages can be taken in, else 503
//	GET    /metrics                    for Prometheus, where [Config].Metrics is given
//	GET    /api/v1/openapi.yaml        the description
//	GET    /api/v1/host                see [Host]
//	GET    /api/v1/hosts               the hosts that share the store, see [Member]
//	POST   /api/v1/reload              has the host read its configuration again, see [Reloaded]
//	POST   /api/v1/apps/probe          has an app tried now instead of later, see [Probe]
//	POST   /api/v1/endpoints/probe     has a server tried now, and all that is sent there
//	GET    /api/v1/endpoints           servers, and how many attempts at once they take, see [Endpoint]
//	POST   /api/v1/console/codes       makes a code that signs in to the console, see [Code]
//	GET    /api/v1/stats               counts of the store, see [engine.Stats]
//	GET    /api/v1/plugins             {"plugins":[...]}, see [Plugin]
//	DELETE /api/v1/plugins/{name}      forgets a plugin that was removed: its place in the log and what it stored
//	GET    /api/v1/scripts             the plugins folder: its plugins and files
//	GET    /api/v1/scripts/file        one file with its version, see [scripts.File]
//	PUT    /api/v1/scripts/file        saves it, unless the disk has another version than the edit was made from
//	DELETE /api/v1/scripts/file        removes it, or a folder
//	GET    /api/v1/scripts/folder      what is in a folder, and its version
//	POST   /api/v1/scripts/rename      gives a file or a folder another name
//	GET    /api/v1/scripts/templates   what plugins can be made from
//	POST   /api/v1/scripts/create      makes one
//	POST   /api/v1/scripts/check       says what is wrong with a draft that is not saved
//	POST   /api/v1/scripts/try         runs a draft on answers, beside the version that runs
//	POST   /api/v1/scripts/test        runs the tests of a plugin on a draft
//	GET    /api/v1/scripts/surface     the names that scripts find, for completion
//	GET    /api/v1/packages            queued packages and dead letters, see [Package]; page by page
//	GET    /api/v1/packages/{id}       the timeline of one package, see [Timeline]
//	DELETE /api/v1/packages/{id}       drops it
//	GET    /api/v1/queue               what waits, by app, and what for, see [Queue]
//	GET    /api/v1/queue/count         how many packages a filter takes, see [Counted]
//	POST   /api/v1/queue/drop          drops queued packages, at a rate; streams [Progress], a line each
//	GET    /api/v1/health              the parts of the host, each with how it does, see [Components]
//	GET    /api/v1/settings            the configuration in effect, see [Setting]
//	GET    /api/v1/lanes               devices that have packages in the queue, see [Lane]
//	POST   /api/v1/lanes/hasten        has a device tried now that waits for a later time, see [Hastened]
//	GET    /api/v1/dead                dead letters
//	GET    /api/v1/dead/summary        dead letters counted by app and reason, see [Summary]
//	POST   /api/v1/dead/retry          puts dead letters back, at a rate; streams [Progress], a line each
//	POST   /api/v1/dead/drop           drops dead letters, in the same way
//	POST   /api/v1/dead/acknowledge    says that somebody has looked: revenue that died degrades the health no more
//	POST   /api/v1/held/drop           drops queued packages of an app that is not configured, in the same way
//	POST   /api/v1/held/adopt          gives them to an app that is
//	POST   /api/v1/backup              copies the store to a folder on the host's machine, see [Backup]
//	GET    /api/v1/answers             the log as it grows, with what plugins make of it, see [AnswerEvent]; lines of JSON
//	GET    /api/v1/responses           the log, see [Response]; page by page
//	GET    /api/v1/responses/tail      the log as it grows, as server-sent events
//	GET    /api/v1/counts              the reconciliation, see [Count]; as JSON or CSV
//
// Parameters are read strictly: one that is not known, is given twice or has no value is an error, which names those that
// are known. Times are RFC 3339, days or ages, see [ParseTime]. Errors are JSON: {"error":"...","detail":"..."}. What a
// store says about its failures goes to the log, not to the asker.
//
// A broken plugin, a blocked app or an open breaker leaves the status of /healthz at 200: packages and responses wait,
// and restarting the host, which is what a 503 asks of an orchestrator, would not mend it.
//
// # Packages, many at once
//
// A retry or drop of many works on as many in a second as its rate says, [DefaultRate] where it does not, and stays open
// until it is done, so that there is no job to look for afterwards. When its asker goes or the host shuts down, it ends
// after the batch in hand; asked again, it goes on with what is left. What is accepted while it runs is left alone. One runs at a time: two together would be faster
// than the rate of each allows. What it puts back and what is buried again meanwhile is left alone.
//
// # Who may ask
//
// With [Config.Access], whoever may do by it what the path needs: read, operate, or write scripts. Without, only this
// machine: the connection must come from a loopback
// address, the Host header must name one (a page that rebinds its own name to 127.0.0.1 cannot), and a request that a
// proxy has forwarded is refused. What a browser sends for a page of another site is refused, with a token as well. The two health endpoints answer everybody, because probes come from anywhere, but tell the reasons
// only to those who may ask. No CORS headers are ever sent. A tail ends before the next response when its asker may not ask
// any more, because tokens can be taken back while it listens.
//
// A backup is written by the host, with its rights, to a folder that the asker names: one that is new, in a folder that is
// there, and closed to other users. Nothing is overwritten, and who asked for it is logged.
//
// # Scripts
//
// Whoever may save a script, or have a draft checked, tried or tested, has code run in the host, or in a process of its, with
// what the configuration grants to the plugin of that name. Each such request is logged. A save carries the version that it
// was made from; when the file was changed meanwhile, the answer is 409 with the three sides.
//
// # Concurrency
//
// The handler and the client may be used by many goroutines at once. There is one go statement: while an
// answer streams, a goroutine waits for [Config.Done] on its behalf; the handler that started it ends it and waits for
// it. A tail reads the log at the pace of its own asker, holds at most 64 responses, and nothing waits for it; an asker
// that takes nothing for 30 s is cut off. At most 32 tails run at once.
//
// # Shutdown
//
// Close [Config.Done] first: tails and bulk changes, which would go on for as long as their askers listen, end then. From
// the same moment on, [Config.Ready] may return an error, so that a load balancer sends packages elsewhere. Then shut the
// [http.Server] down, and close the store last.
//
// # Files
//
// The server's side:
//
//	config.go        Config
//	api.go           New: the handler, and how it finds who answers
//	route.go         the table of all paths and methods, and OpenAPI
//	openapi.yaml     the description of the API
//	guard.go         who may ask
//	refusal.go       answers that are errors
//	request.go       parameters and bodies of a request, read strictly, and ParseTime
//	filter.go        parameters that select packages
//	credential.go    values that operators need not see
//	stream.go        answers that stream, and their end at shutdown
//	host.go          Host, and Member: the hosts that share a store, and how the client asks for them
//	reload.go        Reloaded: reading the configuration again
//	endpoints.go     Endpoint: how much a server takes
//	code.go          Code: signing in to the console, and how the client asks for it
//	probe.go         Probe: an app or a server that is tried now, and how the client asks for one
//	health.go        Health: /healthz and /readyz
//	components.go    Components: the parts of the host
//	settings.go      Setting: the configuration in effect
//	plugin.go        Plugin: the list, the sources of versions, and forgetting one
//	script.go        the files of scripts
//	draft.go         scripts that are not saved: checked, tried and tested
//	package.go       Package: the list, and dropping one
//	timeline.go      Timeline: everything about one package
//	queue.go         Queue: what waits, and what for
//	queued.go        Counted: queued packages counted by a filter, dropped, and adopted
//	lane.go          Lane: the list, and one that is tried now
//	dead.go          dead letters, and Summary
//	bulk.go          a retry or drop of many: what may be asked
//	bulk_run.go      the same: its work
//	backup.go        Backup: a copy of the store, and how the client asks for one
//	response.go      Response: the log, page by page
//	tail.go          the log as it grows
//	answers.go       AnswerEvent: the same with what plugins make of it, sampled when much comes: what is asked for
//	answers_step.go  the same: its work
//	printed.go       Printed: what plugins have printed
//	report.go        Count: the report of counts, as JSON and CSV, and those of the store
//
// The client:
//
//	client.go       Client, AnswerError: requests and answers
//	client_list.go  the host, its health, counts, configuration and plugins; packages, lanes, dead letters, responses
//	client_bulk.go  Bulk: a retry or drop of many
//	client_tail.go  Tail: the log as it grows, and Answers: the same with what plugins make of it
package admin
