package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"trackhook/engine"
	"trackhook/engine/contents"

	"github.com/jackc/pgx/v5"
)

// importBytes is about how much one transaction of an import writes at most.
const importBytes = 4 << 20

// What an import brings in, for people.
const (
	importedResponses = "responses"
	importedPackages  = "queued packages"
	importedDead      = "dead letters"
	importedKnown     = "known IDs"
	importedDevices   = "devices"
	importedValues    = "values of plugins"
	importedCounts    = "counts"
	importedCursors   = "cursors"
)

// importStep brings in things of one kind, from where the import is to their end.
type importStep func(ctx context.Context, progress func(string, uint64)) error

// steps are the steps of an import. Their order is kept with how far it is, and never changes.
func (im *Import) steps(from contents.Source) []importStep {
	return []importStep{
		importing(im, importedResponses, from.Responses, func() importRows[*contents.Response] { return &responseRows{im: im} }),
		importing(im, importedPackages, from.Packages, func() importRows[*contents.Package] { return &packageRows{im: im} }),
		importing(im, importedDead, from.DeadLetters, func() importRows[*contents.DeadLetter] { return &deadRows{im: im} }),
		importing(im, importedKnown, from.Known, func() importRows[string] { return &knownRows{im: im} }),
		importing(im, importedDevices, from.Devices, func() importRows[*contents.Device] { return &deviceRows{im: im} }),
		importing(im, importedValues, from.Values, func() importRows[*contents.Value] { return &valueRows{im: im} }),
		importing(im, importedCounts, from.Counts, func() importRows[*engine.Count] { return &countedRows{im: im, counts: countRows{}} }),
		func(ctx context.Context, _ func(string, uint64)) error { return im.listeners(ctx, from) },
	}
}

// importRows are things as the statements take them.
type importRows[T any] interface {
	// add takes one more, and returns about how many bytes it has.
	add(ctx context.Context, one T) (bytes int, err error)
	queue(batch *pgx.Batch)
}

// importing is a step that reads things and writes many at a time.
func importing[T any](im *Import, what string, read func(context.Context, string, func(string, T) error) error, fresh func() importRows[T]) importStep {
	return func(ctx context.Context, progress func(string, uint64)) error {
		after, err := hex.DecodeString(im.state.At)
		if err != nil {
			return err
		}
		rows, n, bytes := fresh(), 0, 0
		write := func(next importState) error {
			batch := &pgx.Batch{}
			rows.queue(batch)
			err := im.commit(ctx, batch, next)
			progress(what, im.state.Moved[what])
			rows, n, bytes = fresh(), 0, 0
			return err
		}
		err = read(ctx, string(after), func(at string, one T) error {
			size, err := rows.add(ctx, one)
			if n, bytes = n+1, bytes+size; err != nil || n < im.most && bytes < importBytes {
				return err
			}
			return write(im.next(what, n, at))
		})
		if err != nil {
			return err
		}
		next := im.next(what, n, "")
		next.Step++
		return write(next)
	}
}

// lane returns where a lane belongs.
func (im *Import) lane(ctx context.Context, l engine.Lane) (key laneKey, err error) {
	key = laneKey{partition: im.parts.ofLane(&l), device: l.Device}
	key.app, err = im.app(ctx, l.App)
	return key, err
}

// app returns the number of an app, made when it is new.
func (im *Import) app(ctx context.Context, app engine.App) (int32, error) {
	if id, known := im.apps[app]; known {
		return id, nil
	}
	token, environment := []byte(app.Token), []byte(app.Environment)
	if _, err := im.conn.Exec(ctx, im.sql["new app"], token, environment); err != nil {
		return 0, err
	}
	var id int32
	err := im.conn.QueryRow(ctx, "SELECT app FROM apps WHERE token = $1 AND environment = $2", token, environment).Scan(&id)
	if err == nil {
		im.apps[app] = id
	}
	return id, err
}

// shifted is a time of the other store's clock by that of the database.
func (im *Import) shifted(n int64) int64 { return n + im.state.Shift }

// idRows are IDs that are known.
type idRows struct {
	parts, partitions []int16
	ids               [][]byte
	apps              []int32
	streams, numbers  []int64
}

// add notes where a package is. Number 0: it is not queued.
func (c *idRows) add(im *Import, id string, key laneKey, number int64) {
	c.parts, c.ids, c.partitions = append(c.parts, im.parts.of(id)), append(c.ids, []byte(id)), append(c.partitions, key.partition)
	c.apps, c.streams, c.numbers = append(c.apps, key.app), append(c.streams, im.state.Host), append(c.numbers, number)
}

func (c *idRows) queue(im *Import, batch *pgx.Batch) {
	if len(c.ids) > 0 {
		batch.Queue(im.sql["import ids"], c.parts, c.ids, c.partitions, c.apps, c.streams, c.numbers)
	}
}

// responseRows are responses.
type responseRows struct {
	im   *Import
	log  logColumns
	seqs []int64
	ids  idRows
}

func (c *responseRows) add(ctx context.Context, r *contents.Response) (int, error) {
	p := &r.Package
	key, err := c.im.lane(ctx, p.Lane())
	body := appendPackageBytes(make([]byte, 0, 512), p)
	c.log.add(&heldLease{
		lane: &lane{laneKey: key}, id: p.ID, created: nanos(p.Created), accepted: nanos(r.Accepted), failures: r.Failures, body: body,
	}, &r.Response, r.Final)
	c.seqs = append(c.seqs, int64(r.Seq)) //nolint:gosec // numbers of the log fit
	if r.Final {
		c.ids.add(c.im, p.ID, key, 0)
	}
	return len(body) + len(r.Body), err
}

func (c *responseRows) queue(batch *pgx.Batch) {
	l := &c.log
	batch.Queue(c.im.sql["import log"], l.partitions, l.apps, l.devices, l.ids, l.created, l.accepted, l.times, l.final, l.ambiguous,
		l.outcomes, l.failures, l.responses, l.bodies, c.seqs)
	c.ids.queue(c.im, batch)
}

// packageRows are queued packages.
type packageRows struct {
	im                 *Import
	ids                idRows
	partitions         []int16
	apps               []int32
	streams, numbers   []int64
	devices, names     [][]byte
	created, accepted  []int64
	sessions, waits    []bool
	dues               []*int64
	attempts, failures []int32
	last               []int16
	messages, bodies   [][]byte
}

func (c *packageRows) add(ctx context.Context, p *contents.Package) (int, error) {
	key, err := c.im.lane(ctx, p.Lane())
	number := int64(p.Number) //nolint:gosec // numbers of packages fit
	c.ids.add(c.im, p.ID, key, number)
	body := appendPackageBytes(make([]byte, 0, 512), &p.Package)
	c.partitions, c.apps = append(c.partitions, key.partition), append(c.apps, key.app)
	c.streams, c.numbers = append(c.streams, c.im.state.Host), append(c.numbers, number)
	c.devices, c.names = append(c.devices, []byte(p.Device)), append(c.names, []byte(p.ID))
	c.created, c.accepted = append(c.created, nanos(p.Created)), append(c.accepted, nanos(p.Accepted))
	c.sessions, c.waits = append(c.sessions, p.Kind == engine.KindSession), append(c.waits, p.Waits)
	var due *int64
	if p.Front && !p.Due.Equal(p.Accepted) {
		due = new(c.im.shifted(p.Due.UnixNano()))
	}
	c.dues = append(c.dues, due)
	c.attempts, c.failures = append(c.attempts, small(p.Attempts)), append(c.failures, small(p.Failures))
	var message []byte
	if p.Message != "" {
		message = []byte(p.Message)
	}
	c.last, c.messages, c.bodies = append(c.last, int16(p.Last)), append(c.messages, message), append(c.bodies, body)
	return len(body), err
}

func (c *packageRows) queue(batch *pgx.Batch) {
	batch.Queue(c.im.sql["import packages"], c.partitions, c.apps, c.streams, c.numbers, c.devices, c.names, c.created, c.accepted,
		c.sessions, c.waits, c.dues, c.attempts, c.failures, c.last, c.messages, c.bodies)
	c.ids.queue(c.im, batch)
}

// deadRows are dead letters.
type deadRows struct {
	im                       *Import
	ids                      idRows
	partitions               []int16
	apps                     []int32
	devices, names           [][]byte
	numbers                  []int64
	created, accepted, ended []int64
	sessions                 []bool
	attempts, failures       []int32
	last                     []int16
	messages, bodies         [][]byte
}

func (c *deadRows) add(ctx context.Context, d *contents.DeadLetter) (int, error) {
	key, err := c.im.lane(ctx, d.Lane())
	c.ids.add(c.im, d.ID, key, 0)
	body := appendPackageBytes(make([]byte, 0, 512), &d.Package)
	c.partitions, c.apps = append(c.partitions, key.partition), append(c.apps, key.app)
	c.devices, c.names = append(c.devices, []byte(d.Device)), append(c.names, []byte(d.ID))
	c.numbers = append(c.numbers, int64(d.Number)) //nolint:gosec // numbers of the log fit
	c.created, c.accepted = append(c.created, nanos(d.Created)), append(c.accepted, nanos(d.Accepted))
	c.ended = append(c.ended, c.im.shifted(d.Buried.UnixNano()))
	c.sessions = append(c.sessions, d.Kind == engine.KindSession)
	c.attempts, c.failures = append(c.attempts, small(d.Attempts)), append(c.failures, small(d.Failures))
	c.last, c.messages, c.bodies = append(c.last, int16(d.Last)), append(c.messages, []byte(d.Message)), append(c.bodies, body)
	return len(body) + len(d.Message), err
}

func (c *deadRows) queue(batch *pgx.Batch) {
	batch.Queue(c.im.sql["import dead"], c.partitions, c.apps, c.devices, c.numbers, c.names, c.created, c.accepted, c.ended, c.sessions,
		c.attempts, c.failures, c.last, c.messages, c.bodies)
	c.ids.queue(c.im, batch)
}

// knownRows are IDs of which nothing else is left.
type knownRows struct {
	im  *Import
	ids idRows
}

func (c *knownRows) add(_ context.Context, id string) (int, error) {
	c.ids.add(c.im, id, laneKey{}, 0)
	return len(id), nil
}

func (c *knownRows) queue(batch *pgx.Batch) { c.ids.queue(c.im, batch) }

// deviceRows are what the server has told about devices.
type deviceRows struct {
	im   *Import
	rows deviceColumns
}

func (c *deviceRows) add(ctx context.Context, d *contents.Device) (int, error) {
	key, err := c.im.lane(ctx, d.Lane)
	c.rows.add(&heldLease{lane: &lane{laneKey: key}}, &d.Device)
	return len(key.device), err
}

func (c *deviceRows) queue(batch *pgx.Batch) {
	if r := &c.rows; len(r.devices) > 0 {
		batch.Queue(c.im.sql["devices"], r.partitions, r.apps, r.devices, r.adids, r.sessions)
	}
}

// valueRows are values.
type valueRows struct {
	im                   *Import
	spaces, keys, values [][]byte
}

func (c *valueRows) add(_ context.Context, v *contents.Value) (int, error) {
	c.spaces, c.keys, c.values = append(c.spaces, []byte(v.Space)), append(c.keys, []byte(v.Key)), append(c.values, v.Value)
	return len(v.Value), nil
}

func (c *valueRows) queue(batch *pgx.Batch) {
	batch.Queue(c.im.sql["import values"], c.spaces, c.keys, c.values)
}

// countedRows are counts.
type countedRows struct {
	im     *Import
	counts countRows
	events eventRows
}

// eventRows are event tokens that have rows of their own.
type eventRows struct {
	days, apps    []int32
	kinds, tokens [][]byte
}

func (c *countedRows) add(ctx context.Context, n *engine.Count) (int, error) {
	app, err := c.im.app(ctx, n.App)
	key := countKey{day: dayOf(n.Day.UnixNano()), app: app, kind: n.Kind, event: n.EventToken}
	note := func(outcome int16, times uint64) {
		if key.outcome = outcome; times > 0 {
			c.counts[key] += int64(times) //nolint:gosec // counts fit
		}
	}
	note(0, n.Accepted)
	note(ambiguous, n.Ambiguous)
	for outcome, times := range n.Outcomes {
		note(int16(outcome), times)
	}
	if n.EventToken != "" && n.EventToken != engine.OtherEvents {
		e := &c.events
		e.days, e.apps = append(e.days, key.day), append(e.apps, app)
		e.kinds, e.tokens = append(e.kinds, []byte(n.Kind)), append(e.tokens, []byte(n.EventToken))
	}
	return len(n.EventToken), err
}

func (c *countedRows) queue(batch *pgx.Batch) {
	c.counts.queue(batch, c.im.sql["count"], c.im.state.Host)
	if e := &c.events; len(e.days) > 0 {
		batch.Queue(c.im.sql["events"], e.days, e.apps, e.kinds, e.tokens)
	}
}

// listeners brings in the cursors, and what is known of runs, at once.
func (im *Import) listeners(ctx context.Context, from contents.Source) error {
	next := im.next(importedCursors, 0, "")
	next.Step++
	var text []byte
	err := pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		write := func(over int) error {
			if batch.Len() <= over {
				return nil
			}
			err := tx.SendBatch(ctx, batch).Close()
			batch = &pgx.Batch{}
			return err
		}
		err := from.Listeners(ctx, func(l *contents.Listener) error {
			next.Moved[importedCursors]++
			batch.Queue(im.sql["import cursor"], []byte(l.Name), int64(l.Seq), int64(l.Since), []byte(l.Version), im.shifted(l.Seen.UnixNano())) //nolint:gosec // they fit
			return write(im.most)
		})
		if err != nil {
			return err
		}
		err = from.Runs(ctx, func(r *contents.Runs) error {
			var failed []byte
			if len(r.Failed) > 0 {
				var err error
				if failed, err = json.Marshal(escaped(r.Failed)); err != nil {
					return err
				}
			}
			batch.Queue(im.sql["add runs"], []byte(r.Listener), int64(r.Until), int64(r.After), []byte(r.Version), failed) //nolint:gosec // they fit
			return write(im.most)
		})
		if err != nil {
			return err
		}
		if text, err = json.Marshal(&next); err != nil {
			return err
		}
		batch.Queue(im.sql["import hold"], im.raw, string(text))
		return write(0)
	})
	if err != nil {
		return err
	}
	im.raw, im.state = string(text), next
	return im.wrote()
}
