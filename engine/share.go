package engine

import (
	"context"
	"time"
)

// Sharer is the part of a [Store] that matters where several hosts have the same data open at once. A store of one host
// embeds [Alone], which satisfies it.
//
// Each lane belongs to one host at a time. A store hands out leases only of lanes that its host owns; it may take lanes over
// and give them away at any time, and gives none away while a lease of it is held. A host that is silent for too long loses
// all that it owns at once: its leases are lost, and a settlement of one is an [ErrLost].
type Sharer interface {
	// Holds tells whether a lease still is this host's to attempt. It is asked right before each attempt, must be fast, and
	// goes by the monotonic clock: a host that was stopped and continued finds that its leases are lost before the others
	// could have told it. A lease that is not held is settled by a [Return], or not at all.
	Holds(lease *Lease) bool

	// Yield says that this host asks for no more leases for now: other hosts may have its lanes, each as soon as no lease of it is
	// held. The next [Queue.Lease] takes that back.
	Yield()

	// Own waits until this host owns what name stands for, of which there is one among all hosts: a listener, the probe of an
	// app. owned ends when that is lost, when release is called, or with ctx. Another host may own it once it was released, or
	// this host has been silent for too long. A host that owns it already need not wait. The error is that of ctx, or of the
	// store.
	Own(ctx context.Context, name string) (owned context.Context, release func(), err error)

	// Now returns the time of the store's clock, with a reading of the monotonic clock: the same on all hosts, as far as they
	// can tell, whatever their own clocks say. A store of one host returns time.Now.
	Now() time.Time

	// Shared tells whether several hosts may have the store open. Then it gives packages their times: [Queue.Append] replaces a
	// Created that carries a reading of the monotonic clock, which was made by this process, by the time of the clock that all
	// hosts share, in the order in which packages are accepted. Where it is not shared, the engine keeps such times in order.
	Shared() bool

	// Hosts returns all hosts that have the store open or were lost, the one that asks first; nil for a store of one host.
	Hosts(ctx context.Context) ([]HostState, error)
}

// HostState is what a store knows about a host that has it open.
type HostState struct {
	// ID is different at each start; Name is the operator's. Version is that of the program.
	ID, Name, Version string
	// Started is when it opened the store, and Seen when it was last heard of.
	Started, Seen time.Time
	// Lanes says how much of all lanes it owns, in parts of Of.
	Lanes, Of int
	// Owns are the names that it owns; see [Sharer.Own].
	Owns []string
	// Leased counts the leases that it held when it was last heard of.
	Leased int
	// Lost is true when it was silent for too long: it owns nothing any more.
	Lost bool
}

// The names that the engine owns things by; see [Sharer.Own].
const (
	// OwnListener is followed by the name of a listener.
	OwnListener = "listener/"
	// OwnLock is followed by a number: that of a lock of what plugins of several hosts change in turn, such as the state of a
	// device.
	OwnLock = "lock/"
	// OwnProbe is followed by the String of an [App] that is blocked.
	OwnProbe = "probe/"
)

// Alone is the [Sharer] of a store of one host, to be embedded: everything is owned, always.
type Alone struct{}

var _ Sharer = Alone{}

// Holds returns true.
func (Alone) Holds(*Lease) bool { return true }

// Yield does nothing.
func (Alone) Yield() {}

// Own returns at once.
func (Alone) Own(ctx context.Context, _ string) (owned context.Context, release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	owned, release = context.WithCancel(ctx)
	return owned, release, nil
}

// Now returns time.Now.
func (Alone) Now() time.Time { return time.Now() }

// Shared returns false.
func (Alone) Shared() bool { return false }

// Hosts returns nothing.
func (Alone) Hosts(context.Context) ([]HostState, error) { return nil, nil }
