package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// appendMost is how many packages one transaction stores at most.
const appendMost = 1024

// appendPatience is how long packages wait for a database that is away before their senders are told. It must be longer than
// grace.
const appendPatience = 2 * time.Second

// appendCall is a call of Append that waits for its transaction.
type appendCall struct {
	packages []appendPackage
	done     chan error
	instead  func() error // what to do instead, by the same goroutine
}

type appendPackage struct {
	key     laneKey
	id      string
	part    int16
	created int64 // noTime: by the database
	session bool
	kind    engine.Kind
	event   string
	body    []byte
}

// Append implements [engine.Queue].
func (s *Store) Append(ctx context.Context, packages ...engine.Package) error {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	defer done()
	if len(packages) == 0 {
		return nil
	}
	if err := s.full(len(packages)); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	call := &appendCall{packages: make([]appendPackage, len(packages)), done: make(chan error, 1)}
	for i := range packages {
		if call.packages[i], err = s.encode(ctx, &packages[i]); err != nil {
			return fmt.Errorf("append: package %d: %w", i, failed(ctx, err))
		}
	}
	select {
	case s.appends <- call:
	case <-ctx.Done():
		return fmt.Errorf("append: %w", ctx.Err())
	}
	select {
	case err := <-call.done:
		if err != nil {
			return fmt.Errorf("append: %w", err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("append: %w", ctx.Err())
	}
}

func (s *Store) encode(ctx context.Context, p *engine.Package) (appendPackage, error) {
	if p.ID == "" || p.Device == "" {
		return appendPackage{}, errors.New("it has no ID or no device: it was not prepared")
	}
	if len(p.ID) > engine.MaxIDBytes {
		return appendPackage{}, fmt.Errorf("its ID has %d bytes; at most %d are allowed", len(p.ID), engine.MaxIDBytes)
	}
	app, err := s.number(ctx, p.App)
	if err != nil {
		return appendPackage{}, err
	}
	lane := p.Lane()
	a := appendPackage{
		key: laneKey{s.partition(&lane), app, p.Device}, id: p.ID, part: s.part(p.ID), created: p.Created.UnixNano(),
		session: p.Kind == engine.KindSession, kind: p.Kind, body: appendPackageBytes(make([]byte, 0, 512), p),
	}
	on := dayOf(a.created)
	// Not Equal: the reading of the monotonic clock alone makes the difference.
	if p.Created != p.Created.Round(0) {
		a.created = noTime
		on = dayOf(s.clock.now())
	}
	a.event, err = s.event(ctx, eventDay{on, app, p.Kind}, p.EventToken(), true)
	return a, err
}

// appendLoop stores packages, as many at once as have come in meanwhile, one transaction after the other.
func (s *Store) appendLoop() {
	g := gathering{}
	for {
		first, ok := g.held, true
		if g.held = nil; first == nil {
			first, ok = <-s.appends
		}
		if !ok {
			return
		}
		if first.instead != nil {
			first.done <- first.instead()
			continue
		}
		g.fill(first, s.appends)
		began := time.Now()
		err := s.appendGroup(g.group, g.packages)
		g.took, g.senders = time.Since(began), max(g.senders, len(g.group)+len(s.appends))
		for _, call := range g.group {
			call.done <- err
		}
	}
}

// gathering is the group that appendLoop stores, and what it knows of those who send.
type gathering struct {
	group    []*appendCall
	packages int
	held     *appendCall   // came behind the group
	senders  int           // how many calls there are at once, as far as was seen
	took     time.Duration // by the group before
}

// gatherPart is which part of the time that a group takes the next one waits at most for those who are about to send again, and gatherMost
// the longest. They come soon after they were answered, so that without that, they would be stored in halves that take turns.
const (
	gatherPart = 4
	gatherMost = 5 * time.Millisecond
)

// fill takes what has come in, and waits a moment for the others that send at the same time as a rule.
func (g *gathering) fill(first *appendCall, appends <-chan *appendCall) {
	g.group, g.packages = append(g.group[:0], first), len(first.packages)
	var late <-chan time.Time
	for g.packages < appendMost {
		var next *appendCall
		var ok bool
		select {
		case next, ok = <-appends:
		default:
			if len(g.group) >= g.senders {
				return
			}
			if late == nil {
				wait := time.NewTimer(min(g.took/gatherPart, gatherMost))
				defer wait.Stop()
				late = wait.C
			}
			select {
			case next, ok = <-appends:
			case <-late:
				g.senders = len(g.group)
				return
			}
		}
		if !ok {
			return
		}
		if next.instead != nil {
			g.held = next
			return
		}
		g.group = append(g.group, next)
		g.packages += len(next.packages)
	}
}

// appendGroup stores a group. A connection that dies during the commit may have committed: storing again finds out, because
// IDs that are known are skipped.
func (s *Store) appendGroup(group []*appendCall, n int) error {
	columns := newAppendColumns(n)
	for _, call := range group {
		for i := range call.packages {
			columns.add(&call.packages[i])
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	until := time.Time{}
	for pause := 10 * time.Millisecond; ; pause *= 2 {
		again, err := s.appendOnce(ctx, columns)
		if err == nil {
			return nil
		}
		s.unsureOfAppends()
		s.knows() // these, perhaps
		if !again || ctx.Err() != nil {
			return err
		}
		if until.IsZero() {
			until = time.Now().Add(appendPatience)
		}
		if s.away.wait(ctx, appendPatience) != nil || time.Now().After(until) {
			return err
		}
		engine.Wait(ctx, pause)
	}
}

// unsureOfAppends has looked for packages whose end was not heard of: they are stored or not, and may still become so.
func (s *Store) unsureOfAppends() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.unsure = true
	s.book.behindMine()
}

// turned takes note of how often this host has added to the queue: when that is more than it knows, there are packages of which
// it has not told the book. All that it had begun before has ended then.
func (s *Store) turned(inc *incarnation, appends int64) {
	missed := appends != inc.appends+1
	inc.appends = appends
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.unsure = false
	if missed {
		s.book.behindMine()
	}
}

// appendColumns are the packages of a group as the statement takes them.
type appendColumns struct {
	parts, partitions   []int16
	apps                []int32
	ids, devices, kinds [][]byte
	events, bodies      [][]byte
	created             []int64
	sessions            []bool
}

func newAppendColumns(n int) *appendColumns {
	return &appendColumns{
		parts: make([]int16, 0, n), partitions: make([]int16, 0, n), apps: make([]int32, 0, n), ids: make([][]byte, 0, n),
		devices: make([][]byte, 0, n), kinds: make([][]byte, 0, n), events: make([][]byte, 0, n), bodies: make([][]byte, 0, n),
		created: make([]int64, 0, n), sessions: make([]bool, 0, n),
	}
}

func (c *appendColumns) add(p *appendPackage) {
	c.parts, c.partitions, c.apps = append(c.parts, p.part), append(c.partitions, p.key.partition), append(c.apps, p.key.app)
	c.ids, c.devices = append(c.ids, []byte(p.id)), append(c.devices, []byte(p.key.device))
	c.kinds, c.events = append(c.kinds, []byte(p.kind)), append(c.events, []byte(p.event))
	c.bodies, c.created, c.sessions = append(c.bodies, p.body), append(c.created, p.created), append(c.sessions, p.session)
}

// lookUpFor is how long IDs are looked up when one came in that was known.
const lookUpFor = 10 * time.Minute

// knows has IDs looked up for a while. Storing them takes a quarter less where each is believed to be new, but one that is not fails all,
// and the database notes that in its log.
func (s *Store) knows() { s.lookUp = time.Now().Add(lookUpFor) }

// appendOnce makes one attempt. again: another may succeed.
func (s *Store) appendOnce(ctx context.Context, c *appendColumns) (again bool, err error) {
	s.mu.Lock()
	inc := s.host
	s.mu.Unlock()
	var alive bool
	var now, appends int64
	var places, numbers []int64
	store := func(statement string) error {
		return s.work.QueryRow(ctx, s.sql[statement], c.parts, c.ids, c.partitions, c.apps, c.devices, c.created, c.sessions, c.kinds,
			c.events, c.bodies, inc.number, s.stamped, int64(noTime)).Scan(&alive, &now, &appends, &places, &numbers)
	}
	look := time.Now().Before(s.lookUp)
	if !look {
		err = store("append new")
		look = isCode(err, codeUniqueViolation)
	}
	if look {
		if err = store("append"); err == nil && alive && len(numbers) < len(c.ids) {
			s.knows()
		}
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return true, errors.Join(s.reborn(ctx, inc), errors.New("this host is not known any more, and begins anew"))
	}
	if err != nil {
		return transient(err) || errors.Is(err, engine.ErrUnavailable), err
	}
	s.turned(inc, appends)
	if !alive {
		if err := s.reborn(ctx, inc); err != nil {
			return true, err
		}
		return true, errors.New("this host was declared lost, and begins anew")
	}
	s.stamped = max(s.stamped, now)
	s.tookIn(inc, c, places, numbers, now)
	return false, nil
}

// tookIn tells the owners of lanes what was accepted: this host, and the others. Without places it is all.
func (s *Store) tookIn(inc *incarnation, c *appendColumns, places, numbers []int64, now int64) {
	var tell map[int16]bool
	s.mu.Lock()
	for i, number := range numbers {
		at := int64(i)
		if places != nil {
			at = places[i] - 1
		}
		key := laneKey{c.partitions[at], c.apps[at], string(c.devices[at])}
		if _, owned := s.book.owned[key.partition]; owned && s.host == inc {
			s.book.accepted(key, number, now, c.sessions[at])
		} else {
			if tell == nil {
				tell = map[int16]bool{}
			}
			tell[key.partition] = true
		}
	}
	s.mu.Unlock()
	if len(tell) > 0 {
		all := make([]string, 0, len(tell))
		for partition := range tell {
			all = append(all, noticeQueue+strconv.Itoa(int(partition)))
		}
		s.notices.tell(all...)
	}
}
