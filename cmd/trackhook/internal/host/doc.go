// Package host assembles what `trackhook run` runs: the store, the sending, the scripts, and one address for packages and
// operators.
//
//	h, err := host.Open(ctx, host.Config{Settings: cfg, Version: "v1.2.3", Log: log})
//	if err != nil {
//		return err
//	}
//	return errors.Join(h.Serve(ctx), h.Close())
//
// Opening takes hold of everything that may be missing or taken, in the order in which people go wrong: the tokens, the
// address, the data folder or the database, and then what the settings name. What was opened before a mistake is closed again. Mistakes
// in the settings are a [*config.Error].
//
// # Concurrency
//
// The methods of a Host are called by one goroutine, one after the other, save [Host.Reload] and [Host.Alive], which
// anybody may call.
// [Host.Serve] starts five more and waits for them all: one runs the scripts, one the sending, one the door, one follows
// the configuration, and one below the door accepts connections. The first four are started by start in serve.go, the last
// by serveDoor in door.go. Requests are served on goroutines of the HTTP server, which only read the Host.
//
// # Reloading
//
// What can be replaced while the host runs is in an inForce, which is never written once it is in force. A reload reads
// everything, has each part check what is for it, and only then has all of them apply it, which cannot fail. So an invalid
// configuration changes nothing. Files with secrets are compared with what was read every few seconds, and secrets that
// have changed are put in force in the same way.
//
// # Shutdown
//
// Serve ends in order when its context does, or when a part fails: answers that stream are told to end; the door gives
// requests in hand five seconds, while the sending finishes attempts in flight; then the scripts finish the answer in
// hand and commit their places in the log. The settings' Drain bounds all of it together: what a script still has in hand
// then is given up, and heard again at the next start. [Host.Close] then closes the store last, and says what is still
// queued.
//
// # Files
//
//   - host.go: opening and closing
//   - claim.go: whose the store is: the demo's, or that of a configured host
//   - engine.go: the parts that send and run scripts, made from the settings
//   - secrets.go: what the files and variables hold that settings name
//   - reload.go: reading the configuration and secrets again
//   - check.go: whether a host could be opened
//   - door.go: the address that packages and operators come to
//   - console.go: the page, and who may sign in to it
//   - descriptors_unix.go: how many files and connections the system lets the host have
//   - descriptors_other.go: the same where systems do not say
//   - certificate.go: what the host proves its name with, where it speaks TLS
//   - cluster.go: the hosts that share the store, and what each has of plugins
//   - attribution.go: where devices came from, which the server is asked
//   - serve.go: running the parts, and ending them in order
//   - backup.go: what only a store in a data folder can do: a copy while it is in use, and how much room there is
//   - probe.go: apps and servers that operators want to be tried now
//   - plugins.go: what operators see of plugins, and forgetting those that were removed
package host
