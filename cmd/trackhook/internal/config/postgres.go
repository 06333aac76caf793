package config

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The bounds of what is about a cluster.
const (
	maxPartitions  = 4096
	minConnections = 5
	minLease       = time.Second
)

// The forms of the address of a database.
const (
	postgresScheme   = "postgres://"
	postgresqlScheme = "postgresql://"
)

// OnPostgres tells whether the queue and the log are in a database, and not in a data folder.
func (c *Config) OnPostgres() bool { return c.Postgres+c.PostgresEnv+c.PostgresFile != "" }

// Database reads the address of the database from where the configuration says. It may hold a password. The error is an
// [*Error] and holds none.
func (c *Config) Database() (string, error) {
	address := c.Postgres
	if address == "" {
		var err error
		if address, err = secret("postgres", c.PostgresEnv, c.PostgresFile); err != nil {
			return "", err
		}
	}
	if err := CheckDatabase(address); err != nil {
		return "", &Error{fmt.Errorf("postgres: %w", err)}
	}
	return address, nil
}

// DatabaseName is what people are shown of the address of the database: no password. Empty: there is no database, or its
// address cannot be read.
func (c *Config) DatabaseName() string {
	address, err := c.Database()
	if err != nil || address == "" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// CheckDatabase says what is wrong with the address of a database; nil: it looks like one.
func CheckDatabase(address string) error {
	if !isPostgres(address) {
		return errors.New("the address of a database begins with postgres://, such as postgres://trackhook@db.example/trackhook?sslmode=verify-full")
	}
	if _, err := url.Parse(address); err != nil {
		// The error would show the address.
		return errors.New("the address of the database cannot be understood; characters of a password other than letters and digits are written as %XX")
	}
	return nil
}

func isPostgres(text string) bool {
	return strings.HasPrefix(text, postgresScheme) || strings.HasPrefix(text, postgresqlScheme)
}

// settleData takes the default data folder away where there is a database.
func (c *Config) settleData(given bool) {
	if c.OnPostgres() && !given {
		c.Data = ""
	}
}

// checkPostgres finds what does not go with a database, and what does not go without one.
func (c *Config) checkPostgres(p *problems) {
	if !c.OnPostgres() {
		for _, one := range []struct {
			key string
			set bool
		}{
			{"cluster.schema", c.Cluster.Schema != ""},
			{"cluster.lease", c.Cluster.Lease != 0},
			{"cluster.partitions", c.Cluster.Partitions != 0},
			{"cluster.connections", c.Cluster.Connections != 0},
		} {
			if one.set {
				p.wrong(one.key, "belongs to postgres, which is missing: a host with a data folder is alone")
			}
		}
		return
	}
	named := 0
	for _, value := range []string{c.Postgres, c.PostgresEnv, c.PostgresFile} {
		if value != "" {
			named++
		}
	}
	if named > 1 {
		p.wrong("postgres", "give one of postgres, postgres_env and postgres_file")
	}
	if c.Postgres != "" {
		if err := CheckDatabase(c.Postgres); err != nil {
			p.wrong("postgres", "%w", err)
		}
	}
	if c.Data != "" {
		p.wrong("data", "the queue and the log are in a data folder or in a database: leave out data, or postgres")
	}
	if c.HighWater.Bytes != 0 {
		p.wrong("high_water.bytes", "is of the data folder, and there is none with postgres; leave it out")
	}
	if c.HighWater.Free != 0 {
		p.wrong("high_water.free", "is of the disk of the data folder, and there is none with postgres; leave it out")
	}
	if n := c.Cluster.Partitions; n > maxPartitions {
		p.wrong("cluster.partitions", "must be at most %d", maxPartitions)
	}
	if n := c.Cluster.Connections; n > 0 && n < minConnections {
		p.wrong("cluster.connections", "must be at least %d", minConnections)
	}
	if lease := c.Cluster.Lease; lease > 0 && lease < minLease {
		p.wrong("cluster.lease", "must be at least %v", minLease)
	}
}
