// Package live keeps in memory what an open database needs to answer its callers: which lanes are leased, due, claimed or
// held because of damage; how far listeners are; whether anything is taken in; what is durable. It reads and writes nothing.
//
//	memory := live.New(live.Marks{Queued: 1000, Dead: 100, DeadBytes: 1 << 20})
//	memory.Publish(&changes) // a group is durable: its lanes can be leased
//	due, next, news, fill := memory.Take(now, 100)
//
// Of what is due only the front is here, app by app; what lies behind is read when it is needed ([Fill]).
//
// # Concurrency
//
// All methods of [Memory] may be called from many goroutines at once. Its one mutex is held for a moment: nothing waits,
// reads, writes or logs under it. [Changes] belong to the group that they are of. Nothing here starts a goroutine.
//
// # Files
//
//   - window.go: the front of an app's index of what is due.
//   - app.go: an app: its window, its limit, its leases.
//   - held.go: what holds a lane because it cannot be read, and how people are told.
//   - absent.go: what was counted and is not there.
//   - changes.go: what becomes true when a group is durable.
//   - lanes.go: which lanes are leased, which can be, and which app is next.
//   - listener.go: the cursors of listeners, and how they handled responses.
//   - admission.go: whether something is taken in.
//   - memory.go: all of these under one mutex.
//   - leasing.go: what is done with lanes, from taking them to settling them.
//   - fresh.go: packages that came in of late.
package live
