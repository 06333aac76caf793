package disk

import (
	"errors"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// Config says where a store is and what it keeps. Dir is required; every other zero field means its default.
type Config struct {
	// Dir is the data directory. It is made when it is missing, with its parents. One process can open it at a time.
	Dir string
	// Retain is how long responses stay in the log. Responses that a listener has not handled stay longer, unless the
	// listener has not been seen for Retain itself. Default 7 days.
	Retain time.Duration
	// RetainBytes bounds the size of the log. Over it the oldest responses go, whether all listeners have handled them
	// or not; that is logged as a warning that names the listener and the count. Default 1 GiB.
	RetainBytes uint64
	// DeadAge is how long dead letters are kept. Then they are dropped: each leaves a response with the outcome
	// [engine.Dropped] in the log, and a warning tells how many. Default 90 days.
	DeadAge time.Duration
	// RetainCounts is how long the counts of a day are kept. Default 400 days.
	RetainCounts time.Duration
	// HighWater says when [Store.Append] returns [engine.ErrFull].
	HighWater HighWater
	// Log receives what people should know, and at debug level what the storage library says. Default: nothing.
	Log zerolog.Logger
	// FS is the file system. Default: that of the operating system. Tests take others.
	FS vfs.FS

	memTable uint64 // bytes of a memtable, for tests that want many small files
	block    int    // bytes of a block, for tests that damage some
}

// HighWater holds the marks over which a store takes nothing more in. It takes in again a tenth below them.
type HighWater struct {
	// Queued bounds the packages that wait. Default 10 million.
	Queued uint64
	// Dead and DeadBytes bound the dead letters, which are not dropped to make room: somebody must retry or drop them.
	// Those in flight may still become some. Default 1 million, and 256 MiB.
	Dead, DeadBytes uint64
	// Bytes bounds the size of the store on disk. Default: it is not bounded.
	Bytes uint64
	// Free is how much must be free on the disk, so that attempts of what is queued can still be recorded. Default
	// 256 MiB; where the file system cannot tell, it is not looked at.
	Free uint64
}

func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" {
		return c, errors.New("a data directory (Dir) is required")
	}
	if c.Retain == 0 {
		c.Retain = 7 * 24 * time.Hour
	}
	if c.Retain < 0 {
		return c, errors.New("the time to retain responses (Retain) must not be negative")
	}
	if c.RetainBytes == 0 {
		c.RetainBytes = 1 << 30
	}
	if c.HighWater.Queued == 0 {
		c.HighWater.Queued = 10_000_000
	}
	if c.DeadAge == 0 {
		c.DeadAge = 90 * 24 * time.Hour
	}
	if c.RetainCounts == 0 {
		c.RetainCounts = 400 * 24 * time.Hour
	}
	if c.DeadAge < 0 || c.RetainCounts < 0 {
		return c, errors.New("the times to keep dead letters (DeadAge) and counts (RetainCounts) must not be negative")
	}
	if c.HighWater.Dead == 0 {
		c.HighWater.Dead = 1_000_000
	}
	if c.HighWater.DeadBytes == 0 {
		c.HighWater.DeadBytes = 256 << 20
	}
	if c.HighWater.Free == 0 {
		c.HighWater.Free = 256 << 20
	}
	if c.FS == nil {
		c.FS = vfs.Default
	}
	return c, nil
}
