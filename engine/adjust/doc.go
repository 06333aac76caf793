// Package adjust delivers packages to Adjust over HTTP: the server-to-server (S2S) protocol. It encodes a package,
// makes one attempt, tells apart what can go wrong on the way, and classifies the answer by rules that are data.
//
// # Parts
//
//   - encode.go writes the request: s2s=1, app token, environment, time, parameters, in an order that never changes.
//   - transport.go holds the connections, fault.go what goes wrong with them: a refused connection and a request that
//     was sent whole but never answered must not be treated alike, because the second may have been counted.
//   - answer.go reads the answer in one pass over its bytes.
//   - rules.yaml holds the rules, rules.go reads them, match.go applies them. The first rule that matches decides.
//   - curl.go shows a request to people, without its secrets.
//
// # Sent once
//
// A request that may have reached the server is never sent again by this package: that decision belongs to the rules
// and the sending loop. net/http repeats requests on its own in two situations. It repeats what is idempotent; a POST
// without an Idempotency-Key header is not, and we set none. And it repeats a request of which not a single byte was
// written, because the kept connection was found closed; that one is safe and wanted, because it would cost a package
// a back-off for nothing. For the same reason an attempt starts over when net/http says that the server had closed the
// kept connection before the request was begun. Redirects are not followed.
//
// # HTTP/1.1 only
//
// The transport speaks HTTP/1.1. Measured over loopback with 400-byte forms, HTTP/2 took a quarter more processor time
// per request and reached two thirds of the rate. More important: attempts that share one HTTP/2 connection share its
// fate. One reset would make every attempt in flight ambiguous at once, and ambiguous revenue waits for a person.
//
// # Concurrency
//
// A [Deliverer], [Rules] and everything in [Config] may be used from many goroutines at once and must not be written
// after [New]. The package contains no go statement; net/http runs two goroutines for each open connection.
//
// # Shutdown
//
// The caller's context ends attempts in flight. [Deliverer.Close] then closes the kept connections; their goroutines end
// soon after. Nothing is kept anywhere else.
package adjust
