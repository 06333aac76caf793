// Package adjust delivers packages to Adjust over HTTP: the server-to-server (S2S) protocol. It encodes a package,
// makes one attempt, tells apart what can go wrong on the way, and classifies the answer by rules that are data.
//
// # Parts
//
//   - encode.go writes the parameters: s2s=1, app token, environment, time, parameters, in an order that never changes;
//     target.go the request around them.
//   - dial.go and proxy.go make connections, pool.go keeps them, conn.go is one of them.
//   - try.go makes one request, fault.go says what went wrong with it: a refused connection and a request that was sent
//     whole but never answered must not be treated alike, because the second may have been counted.
//   - answer.go reads the answer in one pass over its bytes.
//   - rules.yaml holds the rules, rules.go reads them, match.go applies them. The first rule that matches decides.
//   - curl.go shows a request to people, without its secrets.
//
// # Sent once
//
// A request that may have reached the server is never sent again by this package: that decision belongs to the rules and
// the sending loop. An attempt starts over only when a kept connection turns out to be closed and not one byte was
// written; that is safe and wanted, because it would cost a package a back-off for nothing. Most closed connections are
// found before anything is written: a look at the socket, without taking anything from it, precedes each use. A server
// that closes in the instant between the look and the write leaves the attempt ambiguous, as with every client.
// Redirects are not followed.
//
// Sent whole means that the connection took every byte, of the encrypted request with TLS. A request that misses its end
// cannot be counted, so it is never ambiguous.
//
// # Why connections of our own
//
// The HTTP client is the largest cost of delivery, and nothing else in this package is worth tuning beside it. Measured
// were four clients under the same encoding and classification: 64 connections over loopback, 400-byte forms, a net/http
// server in a process of its own, processor time of the client's process per request, medians of five interleaved runs,
// relative to net/http with the httptrace hooks and the context that telling sent from unsent takes:
//
//	                                     plain   TLS    allocations (plain)
//	net/http, hooks and context per try  1       1      67
//	net/http, neither                    0.90    0.92   54
//	fasthttp                             0.53    0.59    7
//	this package                         0.60    0.65   17
//
// Taking away from net/http what can be taken away gains little: its two goroutines for each connection, and the
// switches between them and the caller, are the cost, and its background read is also how it learns that a server has
// closed. fasthttp (1.78) is the cheapest, but knows no contexts, so that a shutdown could not end an attempt; does not look
// whether the server has closed a kept connection, so that every such close would make a purchase ambiguous; and does not
// read a refusal that comes while a large request is still being written. What adds those around it is most of what is
// here. So this package writes the request with one call, reads the answer on the same goroutine, and leaves the reading
// of HTTP to the parser of net/http, which with the look at the socket makes the rest of the difference: a tenth for a
// parser that everyone uses. Nearly half of what is left is spent in the kernel.
//
// BenchmarkDeliver measures this package beside a bare net/http client.
//
// # HTTP/1.1 only
//
// Measured over loopback with 400-byte forms, HTTP/2 took a quarter more processor time per request than HTTP/1.1, both
// by net/http, and reached two thirds of the rate. More important: attempts that share one HTTP/2 connection share its
// fate. One reset would make every attempt in flight ambiguous at once, and ambiguous revenue waits for a person.
//
// # Proxies and certificates
//
// HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read by [New], in capitals or not. They name proxies by URL, with the schemes
// http, https, socks5 or socks5h, and perhaps a user and a password; loopback addresses are never reached by proxy.
// Requests to https endpoints go through a tunnel, which the proxy cannot look into. Certificates are checked against
// those that the system trusts, and those of Config.CAFile. TLS 1.2 is the least, and sessions are resumed.
//
// # Concurrency
//
// A [Deliverer], [Rules] and everything in [Config] may be used from many goroutines at once and must not be written
// after [New]. The package contains no go statement: an attempt lives on its caller's goroutine. The standard library
// runs some while a connection is being made; one timer for each host runs a function, on a goroutine of its own, that
// closes what has been idle for 30 s; and the end of a caller's context runs one that makes its reads and writes fail.
//
// # Shutdown
//
// The caller's context ends attempts in flight. [Deliverer.Close] then closes the kept connections and stops the timers.
// Nothing is kept anywhere else.
package adjust
