package postgres

import (
	"context"
	"time"
)

// Lose makes this host believe that its lease has ended, and all others that it was silent for too long, which they do later.
func (s *Store) Lose(ctx context.Context) error {
	s.mu.Lock()
	inc := s.host
	inc.until = time.Time{}
	s.mu.Unlock()
	if _, err := s.work.Exec(ctx, "UPDATE hosts SET ended = true, expires = seen WHERE host = $1", inc.number); err != nil {
		return err
	}
	_, err := s.work.Exec(ctx, "SELECT pg_notify($1, $2)", s.channel(), noticeHosts+" "+noticeClaims)
	return err
}

// Maintain does now what one host does for all once in a while.
func (s *Store) Maintain(ctx context.Context) error { return s.maintain(ctx) }

// WithLogPart makes parts of the log small.
func (c Config) WithLogPart(responses int64) Config {
	c.logPart = responses
	return c
}

// WithDatabaseClock has the clock of the database ahead of that of the host.
func (c Config) WithDatabaseClock(ahead time.Duration) Config {
	c.clock = ahead
	return c
}

// Slow has an import write little in each transaction, and calls wrote after each.
func (im *Import) Slow(most int, wrote func() error) { im.most, im.wrote = most, wrote }

// Gather fills a group as the goroutine does that appends, where as many senders were seen and the group before took that long, and tells
// how many calls it has, and how many senders are believed in then.
func Gather(calls <-chan int, senders int, took time.Duration) (group, believed int) {
	appends := make(chan *appendCall)
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for n := range calls {
			select {
			case appends <- &appendCall{packages: make([]appendPackage, n)}:
			case <-ended:
				return
			}
		}
	}()
	g := gathering{senders: senders, took: took}
	g.fill(<-appends, appends)
	return len(g.group), g.senders
}

// Send makes the host one that takes its share of the lanes, as Lease does first.
func (s *Store) Send(ctx context.Context) error { return s.send(ctx) }

// HoldRounds keeps the host from taking over what it is given, until that is ended.
func (s *Store) HoldRounds() (end func()) {
	s.rounding <- struct{}{}
	return func() { <-s.rounding }
}
