// Package store opens what the settings of a host keep the queue and the log in: a data folder, or a database that several
// hosts share. It brings what is in a folder into a database.
//
//	opened, err := store.Open(ctx, &settings, store.About{Version: "v1.2.3", Log: log})
//
// # Files
//
//   - open.go: the store of the settings, whichever it is
//   - owner.go: whose a store is: the demo's, or that of a configured host
//   - copy.go: what is in a folder, moved into a database
package store
