// Package adjust delivers packages to Adjust over HTTP: the server-to-server (S2S) protocol. It encodes a package,
// makes one attempt, tells apart what can go wrong on the way, and classifies the answer by rules that are data.
//
//	deliverer, err := adjust.New(adjust.Config{
//		Apps: map[engine.App]adjust.Settings{app: {Token: adjust.NewSecret(token)}},
//	})
//	gate, err := adjust.NewGate(deliverer, adjust.GateConfig{})
//	eng, err := engine.New(engine.Config{Store: store, Deliverer: deliverer, Gate: gate})
//
// A refused connection and a request that was sent completely but never answered must not be treated alike, because the
// second may have been counted: a [Fault] says what went wrong, and an [Answer] whether it is ambiguous. The rules stand
// in rules.yaml, with all that can be said in them; the first that matches decides.
//
// # Sent once
//
// A request that may have reached the server is never sent again by this package: that decision belongs to the rules and
// the sending loop. An attempt starts over only when a kept connection turns out to be closed and not one byte was
// written; that is safe and wanted, because it would cost a package a back-off for nothing. Most closed connections are
// found before anything is written: a look at the socket, without taking anything from it, precedes each use. A server
// that closes in the instant between the look and the write leaves the attempt ambiguous, as with every client, save for
// revenue on Linux: there the system tells whether any of the request was received before the end was sent, and an attempt
// of which nothing was starts over.
// Redirects are not followed. An app with two tokens is asked again with the other one when the server refuses it with the
// one; see [Settings].
//
// A request is sent completely when the connection took every byte, of the encrypted request with TLS. One that misses its
// end cannot be counted, so it is never ambiguous.
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
// here. So this package writes the request with one call, and reads the answer on the same goroutine. The header of an answer is read
// here where it is as nearly all are, and by the parser of net/http where it is anything else. That, and a hook to the context of
// the caller that a connection keeps from one attempt to the next, came later: they took another quarter off the plain requests, which have 5
// allocations since. Most of what is left is spent in the kernel.
//
// BenchmarkDeliver measures this package beside a bare net/http client.
//
// # HTTP/2 where the server offers it
//
// Over TLS, a server that offers HTTP/2 gets it, through a proxy's tunnel too: up to 100 attempts share a connection, or as
// many as the server allows, and another one is made when those are full. Attempts that begin at once wait for one handshake
// instead of making one each. A server that offers HTTP/2 and does not speak it, or asks for HTTP/1.1, gets that for two minutes.
//
// The frames and the compression of headers are those of golang.org/x/net/http2; what sends them is our own, because a
// client must tell what was sent. What is queued for a connection is counted, and so is what the connection took: when it
// ends, a request of which it did not take all is not counted by the server, and starts over on another one. So does one that the
// server says it has not looked at: those above the last number of GOAWAY, and those refused. The clients of net/http and
// x/net send a request again after a protocol error, too, and do not tell which requests were written completely.
//
// Attempts that share a connection share its fate: when it breaks, all that were sent on it, and not answered, are ambiguous,
// up to a hundred at once, and ambiguous revenue waits for a person. Servers that restart in order say what they have looked
// at, so that this is left to those that die. A connection on which nothing has come for 10 s, while an answer is waited for, is
// pinged; one that does not answer that for 10 s is dead.
//
// With 64 attempts at once over loopback, processor time of the client per request, and requests a second, medians of two
// interleaved runs on busy machines, relative to this package with HTTP/1.1 over TLS:
//
//	                        time   rate
//	this package, HTTP/1.1  1      1
//	this package, HTTP/2    0.60   1.9
//	net/http, HTTP/1.1      1.61   0.8
//	net/http, HTTP/2        1.28   1.0
//
// What is queued while a write is under way goes out with the next one, so that many requests cost one call and one record
// of TLS. With one attempt at a time, HTTP/2 costs a third more.
//
// # Proxies and certificates
//
// HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read by [New], in capitals or not. They name proxies by URL, with the schemes
// http, https, socks5 or socks5h, and perhaps a user and a password; loopback addresses are never reached by proxy.
// Requests to https endpoints go through a tunnel, which the proxy cannot look into. Certificates are checked against
// those that the system trusts, and those of Config.CAFile. TLS 1.2 is the least, and sessions are resumed. Names are looked
// up, and certificates checked, for each connection, and a connection is used for two minutes, however busy it is. Of a name
// with addresses of both kinds, those of IPv6 are tried first, and those of IPv4 as well after 300 ms, as RFC 6555 says; it is
// what net.Dialer does.
//
// # Concurrency
//
// A [Deliverer], [Rules] and everything in [Config] may be used from many goroutines at once and must not be written
// after [New]; [Deliverer.Reconfigure] replaces some of it, and an attempt in flight ends with what it began with. An attempt
// lives on its caller's goroutine, and each connection of HTTP/2 has two, one that reads and one that writes. The standard library
// runs some while a connection is being made; one timer for each host, and for each connection of HTTP/2, runs a function, on a
// goroutine of its own, that closes what has been idle for 4 s; and the end of a caller's context runs one that makes its reads
// and writes fail.
//
// # Shutdown
//
// The caller's context ends attempts in flight. [Deliverer.Close] then closes the kept connections and stops the timers.
// Connections of HTTP/2 end when the last of their attempts has. Nothing is kept anywhere else.
//
// # Files
//
//	config.go         Config and GateConfig, with their defaults
//	deliver.go        Deliverer: one attempt, from a package to a response
//	attribution.go    Attribution: where a device came from
//	reconfigure.go    tokens and rules that are replaced while attempts are made, and apps with two tokens
//	target.go         where the packages of an app go, and the request around the parameters
//	encode.go         Form: the parameters of a package, in an order that never changes
//	secret.go         Secret: a token that is never printed
//	curl.go           Curl: the request as a command for a shell
//	roundtrip.go      one request on one connection
//	pool.go           the connections to a host
//	conn.go           one connection of HTTP/1.1
//	crowd.go          which connection of HTTP/2 an attempt gets, or whether it makes one
//	shared.go         one connection of HTTP/2
//	shared_write.go   what goes out on it
//	shared_read.go    what comes in on it
//	stream.go         one request on it
//	dial.go           how connections are made, and TLS
//	proxy.go          the same, through proxies
//	peek_unix.go      a look at an idle connection, without taking anything from it
//	peek_other.go     the same, where that is not possible
//	acked_linux.go    what the other side has confirmed to have received
//	acked_other.go    the same, where the system does not tell
//	fault.go          Fault: what can go wrong on the way
//	answer.go         Answer: the values in it, and its headers
//	answer_plain.go   the header of an answer that is as nearly all are
//	answer_scan.go    an answer's JSON, in one pass over its bytes
//	coding.go         answers that come compressed, though nobody has asked for it
//	rules.yaml        which answers are retried, and which are final
//	rules.go          Rules: how a file of rules is read
//	rules_compile.go  how a rule of the file is checked
//	rules_match.go    Classify: how rules are applied
//	gate.go           Gate: which endpoints are up, and how many attempts each may have
//	gate_breaker.go   the breaker: an endpoint that is down
//	gate_limit.go     a fixed bound on attempts in flight, less when answers are slow
//	gate_find.go      a bound on attempts in flight that finds itself
package adjust
