package engine

import (
	"context"
	"time"
)

// Inspector is what operators may ask of a store, beside what the loops need. Lists are paged: each returns at most
// limit (>= 1) rows and a token for the next page, "" at the end. Lists read the store as it is; rows may come and go
// between pages, but no row that stays is left out. A token that the store did not make is an error that wraps
// [ErrNotFound].
//
// Package, History and Runs return what can be read also when a part cannot be, and then a [*PartError] that names it.
type Inspector interface {
	// Packages lists queued packages and dead letters that filter takes, by lane and then in the order of sending.
	Packages(ctx context.Context, filter Filter, page string, limit int) (rows []PackageState, next string, err error)
	// Package returns one package by ID, also one that has left the queue while its last response is in the log.
	// [ErrNotFound] when the store does not know it.
	Package(ctx context.Context, id string) (PackageState, error)
	// History returns the responses of one package that the log still holds, oldest first.
	History(ctx context.Context, id string) ([]Response, error)
	// Lanes lists the lanes that hold packages, by app, environment and device. Of filter, only these three are looked at.
	Lanes(ctx context.Context, filter Filter, page string, limit int) (rows []LaneState, next string, err error)

	// Device returns what the server has told about a device, also of one without packages; the zero value when that is
	// nothing.
	Device(ctx context.Context, lane Lane) (Device, error)

	// Retry puts dead letters back at the end of their lanes, with no attempts on record but their history kept, in one
	// durable step, and returns how many of ids were dead letters. Others are skipped. [ErrFull] as for Append.
	Retry(ctx context.Context, ids ...string) (retried int, err error)
	// Drop removes dead letters and queued packages that are not being sent just now, in one durable step, and returns how
	// many of ids it removed. A queued package that cannot be read, which [Stats] tells of, is removed by its ID, or by what
	// Stats says in its place. Each leaves a response with the outcome [Dropped] in the log.
	Drop(ctx context.Context, ids ...string) (dropped int, err error)

	// Counts returns how many packages were accepted and how many responses of each outcome there were, by app, kind,
	// event token and day (UTC, of Package.Created), for days from..to inclusive, sorted in that order. The first
	// [MaxCountedEvents] event tokens of an app and a day have rows of their own; the rest share that of [OtherEvents].
	Counts(ctx context.Context, from, to time.Time) ([]Count, error)
	// Runs returns who handled a response: one row for each listener that is past it and whose record is still kept.
	Runs(ctx context.Context, seq uint64) ([]Run, error)
}

// Filter selects packages. A zero field takes everything.
type Filter struct {
	// AppToken and Environment select the app.
	AppToken    string
	Environment Environment
	Kind        Kind
	// Device is a device key, KIND=ID.
	Device string
	// EventToken selects events.
	EventToken string
	// State is queued or dead.
	State PackageStatus
	// Reason is an outcome: of the last attempt for queued packages, of the burial for dead letters.
	Reason Outcome
	// After and Before bound the time of acceptance, After inclusive.
	After, Before time.Time
}

// PackageStatus says where a package is.
type PackageStatus string

// Where a package can be.
const (
	// Queued: it waits to be sent, or is being sent.
	Queued PackageStatus = "queued"
	// Dead: it is a dead letter.
	Dead PackageStatus = "dead"
	// Done: it has left the queue.
	Done PackageStatus = "done"
)

// PackageState is a package and what became of it so far.
type PackageState struct {
	Package Package
	Status  PackageStatus
	// Accepted is when it was stored.
	Accepted time.Time
	// Attempts and Failures are as in [Lease].
	Attempts, Failures int
	// Last is the outcome of the last attempt, and Message its message. Zero: there was none.
	Last    Outcome
	Message string
	// Due is when its lane's head may be sent, for the head of a lane. Zero for others.
	Due time.Time
	// Ended is when it was buried or left the queue. Zero while it is queued.
	Ended time.Time
	// Seq is the last response about it. Zero: none.
	Seq uint64
}

// LaneState is the queue of one device.
type LaneState struct {
	Lane   Lane
	Queued uint64
	// Head is the ID of the package that is sent next, and Due when.
	Head string
	Due  time.Time
	// Leased is true while the head is being sent; Waiting while it waits for a session of its device.
	Leased, Waiting bool
	Device          Device
}

const (
	// MaxCountedEvents bounds how many event tokens of an app are told apart in the counts of a day, because a sender
	// chooses them.
	MaxCountedEvents = 1000
	// OtherEvents stands in place of an event token for those beyond the bound. No event has such a token.
	OtherEvents = "other"
)

// Count is one row of the reconciliation: what to compare with the dashboard.
type Count struct {
	// Day is midnight UTC.
	Day  time.Time
	App  App
	Kind Kind
	// EventToken is empty for packages that are no events, and may be [OtherEvents].
	EventToken string
	// Accepted counts packages that were taken in.
	Accepted uint64
	// Outcomes counts responses by outcome. Delivered, duplicate, rejected and so on count packages, because each of
	// these is the last response of one; the outcomes that are tried again count attempts.
	Outcomes map[Outcome]uint64
	// Ambiguous counts attempts whose requests were sent completely and got no answer: possible duplicates.
	Ambiguous uint64
}

// Run is what one listener made of one response.
type Run struct {
	Listener string
	// Version is the version of the plugin that ran. Empty: it was skipped, because it was not meant for this listener.
	Version string
	// Failure is the error of the run. Empty: none.
	Failure string
}
