// Package fetch is an HTTP client that a script may be trusted with: it reaches public addresses only, or the hosts that
// were granted, and every redirect and every connection is checked again. Requests and bodies are bounded.
//
//	client, err := fetch.New(&fetch.Config{Plugin: "notify", AllowHosts: []string{"hooks.example.com"}})
//	response, err := client.Send(ctx, &fetch.Request{Method: "GET", URL: "https://hooks.example.com/x", Redirect: "follow"})
//	var body fetch.Body
//	err = client.ReadBody(ctx, response, &body)
//
// It knows no JavaScript. The refusals are [Error]s whose texts name the host, never a path, where webhooks keep secrets.
//
// # Concurrency
//
// A [Client] may be used from many goroutines at once. Each request that Start accepts has a goroutine.
//
// # Shutdown
//
// Close ends what is on its way, waits for it, and lets connections go.
//
// # Files
//
//   - client.go: the client, its limits, and how many requests are on their way
//   - request.go: one request and its redirects
//   - body.go: the body of an answer, whole or as it comes
//   - guard.go: what may be connected to, before a request and at each connection
//   - hosts.go: the hosts that were granted
//   - address.go: which addresses are public
//   - data.go: data: URLs
//   - url.go: the parser of URLs
//   - error.go: why a request failed
package fetch
