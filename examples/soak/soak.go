package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/sandbox"
)

// soak is one run, as asked for.
type soak struct {
	Duration   time.Duration
	Devices    int
	Rate       int
	Fail       float64
	Pace       sandbox.Pace
	Kill, Edit time.Duration
	Clock      time.Duration
	Kills      int // end early after so many kills; 0: only Duration ends it
	Seed       uint64
	Hosts      int    // 0: one
	Postgres   string // the database that they share; empty: one host with a folder
	Binary     string
	Keep       bool
	Progress   io.Writer // gets a line twice a minute; nil: none are written
}

const appToken = "soak12345678"

// check finds what was asked for and cannot be done.
func (s *soak) check() error {
	switch {
	case s.Clock > 0 && s.Kill > 0:
		return errors.New("-clock needs -kill 0: after a kill, the host does not know of times that it gave in its last moment")
	case s.Hosts > 1 && s.Postgres == "":
		return errors.New("several -hosts need -postgres, which they share")
	case s.Clock > 0 && s.Binary != "":
		return errors.New("-clock builds a binary of its own: leave -trackhook out")
	case s.Duration <= 0 || s.Devices < senderCount || s.Rate < 1:
		return fmt.Errorf("-duration must be positive, -devices at least %d, and -rate at least 1", senderCount)
	case s.Fail < 0 || s.Fail > 0.9:
		return errors.New("-fail must be between 0 and 0.9")
	}
	return nil
}

// keepAs makes this program, main's or the tests', copy the program that it is given to the path that the variable holds.
const keepAs = "TRACKHOOK_SOAK_KEEP_AS"

// build makes the binary that is tested. Unlike go build, go run links only what it has not linked before, which is most
// of the time that a short run takes; this program is what it runs the binary with.
func (s *soak) build(ctx context.Context, dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args := []string{"run", "-exec", `"` + self + `"`}
	if s.Clock > 0 {
		overlay, err := jumpyClock(ctx, dir, s.Clock)
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stderr, "soak: building with a clock that is set again and again; the first time, that takes minutes")
		args = append(args, "-overlay", overlay)
	}
	build := exec.CommandContext(ctx, "go", append(args, "trackhook/cmd/trackhook")...) //nolint:gosec // arguments of our own
	build.Env = append(os.Environ(), keepAs+"="+s.Binary)
	build.Stderr = os.Stderr
	return build.Run()
}

// keep copies the program that go run has built, and is os.Args[1], to where build wants it.
func keep(to string) error {
	built, err := os.Open(os.Args[1])
	if err != nil {
		return err
	}
	defer func() { _ = built.Close() }()
	kept, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755) //nolint:gosec // it is a program, in a folder of its own
	if err != nil {
		return err
	}
	_, err = io.Copy(kept, built)
	return errors.Join(err, kept.Close())
}

// run does everything and leaves nothing behind.
func (s *soak) run(ctx context.Context) (report, error) {
	if err := s.check(); err != nil {
		return report{}, err
	}
	dir, err := os.MkdirTemp("", "trackhook-soak-")
	if err != nil {
		return report{}, err
	}
	if s.Keep {
		fmt.Fprintln(os.Stderr, "soak: data and logs are in", dir)
	} else {
		defer func() { _ = os.RemoveAll(dir) }()
	}
	if s.Binary == "" {
		s.Binary = filepath.Join(dir, "trackhook.exe")
		if err := s.build(ctx, dir); err != nil {
			return report{}, fmt.Errorf("build trackhook: %w", err)
		}
	}
	server, err := sandbox.Start(context.WithoutCancel(ctx), "127.0.0.1:0", sandbox.Config{
		Seed: s.Seed, CountBy: "n", Compact: true, KeepRequests: 4_000_000, KeepCounts: 4_000_000,
		Faults: sandbox.Mix(s.Fail), Pace: s.Pace,
	})
	if err != nil {
		return report{}, err
	}
	defer func() { _ = server.Close() }()
	patience := time.Minute
	if s.Fail > 0 {
		// Some faults are silence, and each keeps a device waiting.
		patience = time.Second + time.Duration(float64(s.Pace.Latency.Most)*max(s.Pace.Latency.P99, 1))
	}
	all, err := s.newHosts(dir, server.URL, patience)
	if err != nil {
		return report{}, err
	}
	defer all.kill()
	if err := all.start(ctx); err != nil {
		return report{}, err
	}
	return s.load(ctx, all, server)
}

// load runs senders, kills and edits, lets the host come to rest, and counts.
func (s *soak) load(ctx context.Context, hosts hosts, server *sandbox.LocalServer) (report, error) {
	begun := time.Now()
	loading, stop := context.WithTimeout(ctx, s.Duration)
	defer stop()
	senders := newSenders(s, hosts)
	var parts sync.WaitGroup
	var edits, kills atomic.Int64
	failed := make(chan error, 2)
	parts.Go(func() { senders.run(loading) })
	parts.Go(func() {
		for s.Progress != nil && engine.Wait(loading, 30*time.Second) {
			fmt.Fprintf(s.Progress, "soak: %v of %v: %d packages accepted, %d requests, %d kills, %d edits\n",
				time.Since(begun).Round(time.Second), s.Duration, senders.count(), server.Totals().Requests, kills.Load(), edits.Load())
		}
	})
	parts.Go(func() {
		every(loading, s.Edit, func() error { edits.Add(1); return hosts.edit(int(edits.Load())) }, failed)
	})
	parts.Go(func() {
		chance := rand.New(rand.NewPCG(s.Seed, 2))
		for s.Kill > 0 && engine.Wait(loading, time.Duration(float64(s.Kill)*2*chance.Float64())) {
			h := hosts[chance.IntN(len(hosts))]
			h.kill()
			if err := h.start(loading); err != nil {
				if loading.Err() == nil {
					failed <- err
				}
				return
			}
			if kills.Add(1) == int64(s.Kills) {
				stop()
			}
		}
	})
	parts.Wait()
	select {
	case err := <-failed:
		return report{}, err
	default:
	}
	if ctx.Err() != nil {
		return report{}, errors.New("interrupted")
	}
	loaded := time.Since(begun)
	// The server fails no more, and is near; whatever is queued must go out now.
	if err := errors.Join(server.SetFaults(), server.SetPace(sandbox.Pace{})); err != nil {
		return report{}, err
	}
	if err := hosts.start(ctx); err != nil { // the last kill may have been cut short
		return report{}, err
	}
	stats, err := hosts[0].rest(ctx)
	if err != nil {
		return report{}, err
	}
	memory := hosts.memory()
	if err := hosts.stop(); err != nil {
		return report{}, err
	}
	return count(senders, server, hosts, stats, tally{
		Loaded: loaded, Drained: time.Since(begun) - loaded, Kills: kills.Load(), Edits: edits.Load(), Memory: memory,
	})
}

// every calls f at each interval until ctx ends or f fails.
func every(ctx context.Context, interval time.Duration, f func() error, failed chan<- error) {
	for interval > 0 && engine.Wait(ctx, interval) {
		if err := f(); err != nil {
			failed <- err
			return
		}
	}
}

// rest waits until nothing is queued and every answer was handled.
func (h *host) rest(ctx context.Context) (admin.Host, error) {
	client := admin.Client{BaseURL: h.url}
	deadline := time.Now().Add(5 * time.Minute)
	for engine.Wait(ctx, 50*time.Millisecond) {
		stats, err := client.Stats(ctx)
		if err != nil {
			continue // it is still starting
		}
		plugins, err := client.Plugins(ctx)
		if err == nil && stats.Queued == 0 && len(plugins) == 1 && plugins[0].Lag == 0 {
			h.dead = stats.Dead
			return client.Host(ctx)
		}
		if time.Now().After(deadline) {
			return admin.Host{}, fmt.Errorf("the host does not come to rest: %d queued, plugins %+v", stats.Queued, plugins)
		}
	}
	return admin.Host{}, errors.Join(errors.New("interrupted"), ctx.Err())
}
