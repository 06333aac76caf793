package postgres

import (
	"cmp"
	"errors"
	"os"
	"regexp"
	"time"

	"github.com/rs/zerolog"
)

// Config says where the database is, and what is kept in it. URL is required; every other zero field means its default.
type Config struct {
	// URL is a connection string of libpq, such as postgres://user:password@host/database?sslmode=verify-full. It may hold a
	// password: it is never logged.
	URL string
	// Address, if not nil, reads the URL again before each connection, of which user and password are taken: they may be replaced
	// while the store is open. When it fails, those that were known are tried. It is called from many goroutines at once.
	Address func() (string, error)
	// Schema is the schema that holds the tables; all hosts with the same database and schema are one cluster. Default
	// "trackhook".
	Schema string
	// Name is what operators call this host. Default: the name of the machine.
	Name string
	// Version is that of the program, for operators.
	Version string
	// Partitions is how many parts the lanes are divided into when the schema is made; later it is not looked at. There cannot
	// be more hosts that send than parts. Default 64.
	Partitions int
	// Lease is how long a host may be silent before others take over what it owns. It must be the same on all hosts. Default
	// 10 s.
	Lease time.Duration
	// Attempt is how long an attempt takes at most. Lanes in which one was in flight when their host was lost rest for it, so
	// that nothing arrives after what follows it. Default 60 s.
	Attempt time.Duration
	// Connections bounds the connections to the database. Default 10; at least 5.
	Connections int
	// Retain is how long responses stay in the log; those that a listener has not handled stay until RetainBytes says otherwise.
	// Default 7 days.
	Retain time.Duration
	// RetainBytes bounds the size of the log. Default 1 GiB.
	RetainBytes uint64
	// DeadAge is how long dead letters are kept. Default 90 days.
	DeadAge time.Duration
	// RetainCounts is how long the counts of a day are kept. Default 400 days.
	RetainCounts time.Duration
	// HighWater says when [Store.Append] returns [engine.ErrFull].
	HighWater HighWater
	// Log receives what people should know. Default: nothing.
	Log zerolog.Logger

	// logPart is how many responses a part of the log holds, for tests that want many small parts.
	logPart int64
	// commit is what synchronous_commit is set to; empty: what the server has.
	commit string
	// clock is added to the time of the database, for tests of hosts whose own is wrong.
	clock time.Duration
	// window bounds the lanes of an app that are kept in memory, for tests that want few.
	window int
}

// HighWater holds the marks over which a store takes nothing more in.
type HighWater struct {
	// Queued bounds the packages that wait. Default 10 million.
	Queued uint64
	// Dead and DeadBytes bound the dead letters. Default 1 million, and 256 MiB.
	Dead, DeadBytes uint64
}

// Check says what is wrong with a configuration, as far as that can be told without the database: what [Open] would say.
func (c Config) Check() error {
	c, err := c.withDefaults()
	if err == nil {
		_, err = parse(c.URL)
	}
	return err
}

// schemaName keeps a name from meaning anything else in SQL.
var schemaName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,50}$`)

func (c Config) withDefaults() (Config, error) {
	const day = 24 * time.Hour
	if c.URL == "" {
		return c, errors.New("the address of the database (URL) is required")
	}
	c.Schema = cmp.Or(c.Schema, "trackhook")
	if !schemaName.MatchString(c.Schema) {
		return c, errors.New("the name of the schema must be small letters, digits and underscores, and begin with none of the digits")
	}
	if c.Name == "" {
		c.Name, _ = os.Hostname()
	}
	c.Partitions = cmp.Or(c.Partitions, 64)
	c.Lease = cmp.Or(c.Lease, 10*time.Second)
	c.Attempt = cmp.Or(c.Attempt, time.Minute)
	c.Connections = cmp.Or(c.Connections, 10)
	c.Retain = cmp.Or(c.Retain, 7*day)
	c.RetainBytes = cmp.Or(c.RetainBytes, 1<<30)
	c.DeadAge = cmp.Or(c.DeadAge, 90*day)
	c.RetainCounts = cmp.Or(c.RetainCounts, 400*day)
	c.HighWater.Queued = cmp.Or(c.HighWater.Queued, 10_000_000)
	c.HighWater.Dead = cmp.Or(c.HighWater.Dead, 1_000_000)
	c.HighWater.DeadBytes = cmp.Or(c.HighWater.DeadBytes, 256<<20)
	c.logPart = cmp.Or(c.logPart, 1<<17)
	c.window = cmp.Or(c.window, 8192)
	if c.Partitions < 1 || c.Partitions > 4096 || c.Lease < time.Second || c.Attempt < 0 || c.Connections < 5 {
		return c, errors.New("there must be 1 to 4096 Partitions and at least 5 Connections, a Lease must be at least 1 s, and Attempt not negative")
	}
	if c.Retain < 0 || c.DeadAge < 0 || c.RetainCounts < 0 {
		return c, errors.New("times to keep something must not be negative")
	}
	return c, nil
}
