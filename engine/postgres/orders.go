package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// Packages that are queued, and lanes that wait, are changed by the host that owns them, because it alone knows what is being
// sent just now. Another host asks it by a row, and waits for the answer.

// askOrders says that another host may have asked something.
func (s *Store) askOrders() {
	select {
	case s.orders <- struct{}{}:
	default:
	}
}

// orderLoop does what other hosts ask until the store closes.
func (s *Store) orderLoop() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.orders:
		}
		ctx, cancel := context.WithTimeout(s.ctx, patience)
		err := s.obey(ctx)
		cancel()
		if err != nil && s.ctx.Err() == nil {
			s.cfg.Log.Debug().Err(err).Msg("cannot do what another host asks; it asks again")
		}
	}
}

// order is what one host asks of another: to drop packages, to make lanes of an app due, or one: of the device in ids, with a
// bound of none, so that a host that does not know this kind does nothing.
type order struct {
	number int64
	ids    [][]byte
	app    *int32
	most   *int32
}

// obey does all that is asked.
func (s *Store) obey(ctx context.Context) error {
	s.mu.Lock()
	host := s.host.number
	s.mu.Unlock()
	all, err := rows(ctx, s.soft, s.sql["ordered"], func(r pgx.Rows) (o order, err error) {
		return o, r.Scan(&o.number, &o.ids, &o.app, &o.most)
	}, host)
	if err != nil {
		return err
	}
	for _, o := range all {
		var done int
		var failure *string
		switch {
		case o.app != nil && len(o.ids) == 1:
			done, err = s.hastenOrdered(ctx, *o.app, string(o.ids[0]))
		case o.app != nil:
			done, err = s.hasten(ctx, *o.app, int(*o.most))
		default:
			ids := make([]string, len(o.ids))
			for i, id := range o.ids {
				ids[i] = string(id)
			}
			var foreign map[int16][]string
			if done, foreign, err = s.dropOwned(ctx, ids, byPerson(), false); len(foreign) > 0 {
				done = -1 - done // see ask
			}
		}
		if err != nil {
			failure = new(err.Error())
		}
		if _, err := s.work.Exec(ctx, s.sql["answer"], o.number, done, failure); err != nil {
			return err
		}
		s.notices.tell(noticeAnswer)
	}
	return nil
}

// ask asks a host and waits for its answer. gone: it does not own some of it any more, for which its answer is below zero, or it was lost
// meanwhile, and nothing may have been done.
func (s *Store) ask(ctx context.Context, host int64, ids [][]byte, app, most *int32) (done int, gone bool, err error) {
	var number int64
	if err := s.work.QueryRow(ctx, s.sql["order"], host, ids, app, most).Scan(&number); err != nil {
		return 0, false, err
	}
	defer s.work.Exec(context.WithoutCancel(ctx), s.sql["end order"], number) //nolint:errcheck // a row that is left does no harm
	s.notices.tell(noticeOrders)
	for {
		s.mu.Lock()
		answers := s.answers
		s.mu.Unlock()
		var n *int32
		var failure *string
		var lives bool
		if err := s.work.QueryRow(ctx, s.sql["answered"], number).Scan(&n, &failure, &lives); err != nil {
			return 0, false, err
		}
		switch {
		case failure != nil:
			return 0, false, errors.New("the host that owns it says: " + *failure)
		case n != nil && *n < 0:
			return int(-1 - *n), true, nil
		case n != nil:
			return int(*n), false, nil
		case !lives:
			return 0, true, nil
		}
		if err := pause(ctx, answers, pollEvery/4); err != nil {
			return 0, false, fmt.Errorf("the host that owns it does not answer: %w", err)
		}
	}
}

// owners returns which host owns which partition, and which hosts own any.
func (s *Store) owners(ctx context.Context) (map[int16]int64, error) {
	all := map[int16]int64{}
	_, err := rows(ctx, s.work, s.sql["partitions"], func(r pgx.Rows) (none struct{}, err error) {
		var partition int16
		var host *int64
		var epoch int64
		if err = r.Scan(&partition, &host, &epoch); err == nil && host != nil {
			all[partition] = *host
		}
		return none, err
	})
	return all, err
}

// dropElsewhere has packages dropped by the hosts that own them. With moves, some are about to be owned by another, and it has waited a
// moment for that.
func (s *Store) dropElsewhere(ctx context.Context, foreign map[int16][]string) (dropped int, moves bool, err error) {
	owners, err := s.owners(ctx)
	if err != nil {
		return 0, false, err
	}
	byHost := map[int64][][]byte{}
	for partition, ids := range foreign {
		host, owned := owners[partition]
		if !owned {
			moves = true
			continue
		}
		for _, id := range ids {
			byHost[host] = append(byHost[host], []byte(id))
		}
	}
	for host, ids := range byHost {
		n, gone, err := s.ask(ctx, host, ids, nil, nil)
		dropped += n
		if err != nil {
			return dropped, false, err
		}
		moves = moves || gone
	}
	if moves {
		// Somebody is about to own them, and this host when nobody sends.
		err = errors.Join(s.sendAlone(ctx, owners), pause(ctx, nil, ownerPause))
	}
	return dropped, moves, err
}

// ownerPause is how long is waited for somebody to own lanes before it is looked again.
const ownerPause = 50 * time.Millisecond

// ownerPatience is how often a drop waits for somebody to own the lanes.
const ownerPatience = 20

// awaitOwners waits a moment where nobody owns one of these partitions: this host or another is about to. What is dropped by one
// host is logged in the order in which it was given, so this host owns them first where it is alone. It tells whether it waited.
func (s *Store) awaitOwners(ctx context.Context, partitions map[int16][]string) (waited bool, err error) {
	owners, err := s.owners(ctx)
	if err != nil {
		return false, err
	}
	for partition := range partitions {
		if _, owned := owners[partition]; !owned {
			return true, errors.Join(s.sendAlone(ctx, owners), pause(ctx, nil, ownerPause))
		}
	}
	return false, nil
}

// sendAlone makes this host one that takes its share of the lanes when nobody owns any: only owners can change what is queued.
func (s *Store) sendAlone(ctx context.Context, owners map[int16]int64) error {
	if len(owners) > 0 {
		return nil
	}
	return s.send(ctx)
}

// hastenElsewhere has lanes made due by the other hosts.
func (s *Store) hastenElsewhere(ctx context.Context, app int32, limit int) (hastened int, err error) {
	owners, err := s.owners(ctx)
	if err != nil {
		return 0, err
	}
	if len(owners) == 0 {
		if err := s.sendAlone(ctx, owners); err != nil {
			return 0, err
		}
		return s.hasten(ctx, app, limit)
	}
	s.mu.Lock()
	asked := map[int64]bool{s.host.number: true}
	s.mu.Unlock()
	for _, host := range owners {
		if asked[host] || hastened >= limit {
			continue
		}
		asked[host] = true
		n, _, err := s.ask(ctx, host, nil, &app, new(small(limit-hastened)))
		hastened += n
		if err != nil {
			return hastened, err
		}
	}
	return hastened, nil
}

// hastenOrdered makes a lane due that another host has asked for.
func (s *Store) hastenOrdered(ctx context.Context, app int32, device string) (hastened int, err error) {
	named, err := s.named(ctx, app)
	if err != nil {
		return 0, err
	}
	hastened, owned, err := s.hastenLane(ctx, laneKey{s.partition(&engine.Lane{App: named, Device: device}), app, device})
	if err == nil && !owned {
		err = errors.New("it does not own the lane any more")
	}
	return hastened, err
}

// hastenLaneElsewhere has a lane made due by the host that owns it, or by this one when nobody else does.
func (s *Store) hastenLaneElsewhere(ctx context.Context, key laneKey) (hastened int, err error) {
	for range ownerPatience {
		owners, err := s.owners(ctx)
		if err != nil {
			return 0, err
		}
		s.mu.Lock()
		self := s.host.number
		s.mu.Unlock()
		if owner, owned := owners[key.partition]; owned && owner != self {
			done, _, err := s.ask(ctx, owner, [][]byte{[]byte(key.device)}, &key.app, new(int32(0)))
			return done, err
		}
		// This host or another is about to own it.
		if err := errors.Join(s.sendAlone(ctx, owners), pause(ctx, nil, ownerPause)); err != nil {
			return 0, err
		}
		if hastened, owned, err := s.hastenLane(ctx, key); owned || err != nil {
			return hastened, err
		}
	}
	return 0, errors.New("no host owns the device at the moment; try again")
}
