// Package site keeps web pages out of a host that listens on somebody's machine: it knows whom an HTTP request is for, and
// which page has sent it. It also has the words for what an asker may do there.
//
//	hosts, err := site.NewHosts("127.0.0.1:8787", "trackhook.internal")
//	handler = hosts.Check(handler)
//
// A page of any site can have a browser send requests to 127.0.0.1, directly or under a name of the site's own that leads
// there. [Hosts] finds the second by the header Host, and [Foreign] the first by what browsers say of the page. Programs
// that are no browsers are not held up by either, as long as they call the host by an address or a name that it knows.
//
// # Concurrency
//
// Everything may be used by many goroutines at once. There are no go statements.
//
// # Files
//
//	hosts.go    Hosts: the names that a host answers to
//	foreign.go  Foreign: requests that a browser sends for another site
//	access.go   Access: what an asker may do
package site
