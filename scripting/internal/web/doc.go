// Package web is the web platform for goja: URL, streams, blobs, encoding, crypto, events and abort, structuredClone, and
// the JavaScript face of fetch and localStorage.
//
//	programs := web.NewPrograms() // once for a host
//	w, err := web.Install(&web.Options{VM: vm, Scheduler: scheduler, Programs: programs, Fetcher: client, Storage: items})
//
// What is JavaScript lies in one .js file for each feature; what must be safe from the script, or fast, is Go. Nothing is
// built before a script first names it, and then it costs what it costs once.
//
// # Libraries
//
// Maintained libraries were bundled and measured beside what is written here. Streams are one of them, because it is whole; the
// others stay ours, because these win:
//
//	                                     bytes     first use    allocates    calls that do what Node's do
//	Buffer (npm buffer 6.0.3)            19K, 42K  0.1, 0.5 ms  92K, 262 KB  192 of 193, 155
//	FormData, Blob (formdata-polyfill 4) 10K, 175K 0.3, 0.9 ms  130K, 425 KB
//
// Each first number is of this package; libraries take another 15 to 80 ms to be compiled, once for a host, and these 1 to 2.
//
// # Concurrency
//
// Everything that holds a goja value stays on the machine's goroutine. Requests run on goroutines of [fetch.Client]; they
// end when the context of their machine ends or the client is closed. Timeouts of AbortSignal.timeout run on timers that
// stop with that context.
//
// # Files
//
//   - web.go: what the web functions need, and are given
//   - global.go: names that are built when they are first used
//   - programs.go: the features, their names, and their compiled programs
//   - native.go: the Go half of each feature
//   - host.js: performance, and process with its granted env
//   - exception.js: DOMException
//   - stream.js, dist: streams, and the package that they are
//   - textstream.js: TextEncoderStream and TextDecoderStream
//   - iterable.js: iterators of lists of pairs
//   - show.js: how objects of the web are printed, and compared
//   - abort.go, abort.js: events and AbortSignal
//   - blob.go, blob.js: Blob, File and FormData
//   - buffer.go, buffer.js: Buffer
//   - clone.go, clone.js: structuredClone
//   - crypto.go, crypto.js: crypto and crypto.subtle
//   - encoding.go, encoding.js: TextEncoder, TextDecoder, atob and btoa
//   - fetch.go, fetch.js: fetch, Request and Response
//   - headers.js: Headers
//   - body.js: what requests and responses carry, and how it is read
//   - dateparse.go, datescan.go: texts that are dates
//   - date.go: what dates lack
//   - locale.go: Intl, and the methods of the language that write for people
//   - storage.go, storage.js: localStorage
//   - url.go, url.js: URL and URLSearchParams
package web
