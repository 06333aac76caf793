package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// hosts are all processes that are tested. Several share a database.
type hosts []*host

// soakLease is how long a host of several may be silent before the others take over what it does: short, because they are
// killed often.
const soakLease = 3 * time.Second

// newHosts prepares the hosts, which give an attempt up after a time.
func (s *soak) newHosts(dir, endpoint string, patience time.Duration) (hosts, error) {
	further := fmt.Sprintf("attempt_timeout: %s\n", patience)
	if s.Postgres == "" {
		h, err := newHost(s.Binary, dir, endpoint, further, false)
		return hosts{h}, err
	}
	schema := fmt.Sprintf("soak_%d", time.Now().Unix())
	fmt.Fprintln(os.Stderr, "soak: the hosts share the schema", schema)
	further += fmt.Sprintf("postgres: %q\ncluster: { schema: %s, lease: %s }\n", s.Postgres, schema, soakLease)
	var all hosts
	for n := range max(1, s.Hosts) {
		name := fmt.Sprintf("host-%d", n+1)
		own := filepath.Join(dir, name)
		if err := os.Mkdir(own, 0o755); err != nil {
			return nil, err
		}
		h, err := newHost(s.Binary, own, endpoint, further+"name: "+name+"\n", true)
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// start starts those that do not run, and waits until all answer.
func (all hosts) start(ctx context.Context) error {
	for _, h := range all {
		if err := h.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (all hosts) kill() {
	for _, h := range all {
		h.kill()
	}
}

// stop ends all in order.
func (all hosts) stop() (err error) {
	for _, h := range all {
		err = errors.Join(err, h.stop())
	}
	return err
}

// edit replaces the script of all: they must have the same.
func (all hosts) edit(version int) error {
	for _, h := range all {
		if err := h.edit(version); err != nil {
			return err
		}
	}
	return nil
}

// memory is that of the largest.
func (all hosts) memory() (most uint64) {
	for _, h := range all {
		most = max(most, h.memory())
	}
	return most
}

// heard returns how often the script was told that a package has ended, by name, on any host.
func (all hosts) heard() (map[string]int, error) {
	heard := map[string]int{}
	for _, h := range all {
		if err := h.addHeard(heard); err != nil {
			return nil, err
		}
	}
	return heard, nil
}
