package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/contents"

	"github.com/jackc/pgx/v5"
)

// The keys in settings of an import that is not complete, which keeps hosts from starting, and of one that is.
const (
	importKey   = "import"
	importedKey = "imported"
)

// Import brings all that another store holds into a schema that is empty. One goroutine at a time may use it.
type Import struct {
	cfg   Config
	conn  *pgx.Conn
	sql   map[string]string
	parts division
	apps  map[engine.App]int32
	found Schema
	state importState
	raw   string // the state as the database has it; empty: there is no import that is not complete
	most  int    // things that one transaction writes
	wrote func() error
}

// importState says how far an import is. It is kept as JSON.
type importState struct {
	ID    string            `json:"id"`
	From  string            `json:"from"`
	Host  int64             `json:"host"`
	Shift int64             `json:"shift"` // added to times of the other store's clock
	Step  int               `json:"step"`
	At    string            `json:"at"` // the last place of the step, in hexadecimal
	Moved map[string]uint64 `json:"moved"`
}

// ImportState says what there is of an import in a schema. The zero value: there is none.
type ImportState struct {
	// ID names the import, and From the store that it is from, for people.
	ID, From string
	// Complete says that all of it is there.
	Complete bool
}

// OpenImport connects to the database, for nobody but one at a time, and changes nothing. ctx bounds that.
func OpenImport(ctx context.Context, cfg Config) (*Import, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	im := &Import{cfg: cfg, apps: map[engine.App]int32{}, most: 1000, wrote: func() error { return nil }}
	if im.sql, err = statements(cfg.clock); err != nil {
		return nil, err
	}
	if im.conn, err = dial(ctx, &cfg); err != nil {
		return nil, err
	}
	if err := im.look(ctx); err != nil {
		im.Close(ctx)
		return nil, err
	}
	return im, nil
}

// Close disconnects, also when ctx has ended.
func (im *Import) Close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), im.cfg.Lease)
	defer cancel()
	_ = im.conn.Close(ctx) // nothing is open on it
}

// look finds out what there is.
func (im *Import) look(ctx context.Context) error {
	if err := checkVersion(ctx, im.conn); err != nil {
		return err
	}
	if err := im.alone(ctx); err != nil {
		return err
	}
	// What is called complete must be on the disk of the server.
	if _, err := im.conn.Exec(ctx, "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')"); err != nil {
		return err
	}
	known, err := allMigrations()
	if err != nil {
		return err
	}
	im.found = Schema{Name: im.cfg.Schema, Known: known[len(known)-1].number}
	if im.found.Version, err = schemaVersion(ctx, im.conn, &im.cfg); err != nil || im.found.Version == 0 {
		return err
	}
	if im.found.Version < im.found.Known {
		return fmt.Errorf("schema %s has version %d, and this program has %d; bring it up to date first, with `trackhook store migrate`",
			im.cfg.Schema, im.found.Version, im.found.Known)
	}
	im.raw, im.state, err = readImport(ctx, im.conn, importKey)
	return err
}

// alone keeps others from importing, as long as the connection lives. The server takes a moment to end that of one that was killed.
func (im *Import) alone(ctx context.Context) error {
	if _, err := im.conn.Exec(ctx, "SELECT set_config('lock_timeout', $1, false)", millis(im.cfg.Lease/2)); err != nil {
		return err
	}
	_, err := im.conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext('trackhook import ' || $1))", im.cfg.Schema)
	if isCode(err, codeLockTimeout) {
		return errors.New("another import into this schema is at work; wait for its end")
	}
	if err != nil {
		return err
	}
	_, err = im.conn.Exec(ctx, "SELECT set_config('lock_timeout', '0', false)")
	return err
}

// readImport reads what settings say of an import; an empty text: nothing.
func readImport(ctx context.Context, conn *pgx.Conn, key string) (text string, state importState, err error) {
	err = conn.QueryRow(ctx, "SELECT value FROM settings WHERE key = $1", key).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", state, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &state)
	}
	if err != nil {
		return "", state, fmt.Errorf("read how far an import is: %w", err)
	}
	return text, state, nil
}

// refuseImported is an error while an import is not complete.
func refuseImported(ctx context.Context, conn *pgx.Conn, schema string) error {
	text, state, err := readImport(ctx, conn, importKey)
	if err != nil || text == "" {
		return err
	}
	return fmt.Errorf("the data folder %s is being copied into schema %s of this database, and the copy has not come to its end: run `trackhook store copy` "+
		"again, which goes on where it was, or give it up with DROP SCHEMA %s CASCADE, and remove the file MOVED from that folder",
		state.From, schema, pgx.Identifier{schema}.Sanitize())
}

// State says what there is of an import.
func (im *Import) State(ctx context.Context) (ImportState, error) {
	if im.raw != "" {
		return ImportState{ID: im.state.ID, From: im.state.From}, nil
	}
	if im.found.Version == 0 {
		return ImportState{}, nil
	}
	text, state, err := readImport(ctx, im.conn, importedKey)
	if text == "" {
		return ImportState{}, err
	}
	return ImportState{ID: state.ID, From: state.From, Complete: true}, nil
}

// Moved counts what has been brought in so far, by what it is.
func (im *Import) Moved() map[string]uint64 { return im.state.Moved }

// Check is an error when no import can begin: a host has the schema open, or it is not empty.
func (im *Import) Check(ctx context.Context) error {
	if im.found.Version == 0 {
		return nil
	}
	return pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error { return errors.Join(im.check(ctx, tx), tx.Rollback(ctx)) })
}

func (im *Import) check(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, im.sql["import lost"]); err != nil {
		return err
	}
	got, err := tx.Query(ctx, im.sql["import living"])
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(got, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return fmt.Errorf("hosts have schema %s of the database open: %s; stop them first (one that was killed counts for as long as its lease)",
			im.cfg.Schema, strings.Join(names, ", "))
	}
	var last int64
	var some [6]bool
	if err := tx.QueryRow(ctx, im.sql["import empty"]).Scan(&last, &some[0], &some[1], &some[2], &some[3], &some[4], &some[5]); err != nil {
		return err
	}
	var holds []string
	for i, what := range []string{"queued packages", "dead letters", "known IDs", "devices", "values of plugins", "counts"} {
		if some[i] {
			holds = append(holds, what)
		}
	}
	if last > 0 {
		holds = append(holds, "responses")
	}
	if len(holds) > 0 {
		return fmt.Errorf("schema %s of the database is not empty, it has %s: name another with cluster.schema, or remove it when nothing in it is wanted, with DROP SCHEMA %s CASCADE",
			im.cfg.Schema, strings.Join(holds, ", "), pgx.Identifier{im.cfg.Schema}.Sanitize())
	}
	return nil
}

// Begin begins an import: from then on no host starts in the schema, until it is complete. id names it, and from says in one line
// which store it is of, for people; now is the present as the times of that store are meant.
func (im *Import) Begin(ctx context.Context, id, from string, now time.Time) error {
	if im.raw != "" {
		return errors.New("an import has begun already")
	}
	if _, err := migrate(ctx, im.conn, &im.cfg); err != nil {
		return err
	}
	state := importState{ID: id, From: from, Moved: map[string]uint64{}}
	var raw string
	err := pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
		// A host that starts meanwhile waits, and finds the import.
		if _, err := tx.Exec(ctx, "LOCK TABLE hosts IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		if err := im.check(ctx, tx); err != nil {
			return err
		}
		var began int64
		before := time.Now()
		if err := tx.QueryRow(ctx, im.sql["import register"], rand.Text(), "import", im.cfg.Version).Scan(&state.Host, &began); err != nil {
			return err
		}
		const noise = int64(2 * time.Second)
		if shift := began - now.Add(time.Since(before)).UnixNano(); shift < -noise || shift > noise {
			state.Shift = shift
		}
		text, err := json.Marshal(&state)
		if err != nil {
			return err
		}
		raw = string(text)
		_, err = tx.Exec(ctx, im.sql["import begin"], raw)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin an import: %w", refusal(err, im.conn.Config(), im.cfg.Connections))
	}
	im.found.Version, im.state, im.raw = im.found.Known, state, raw
	return nil
}

// Run brings in what is not there yet, and completes the import. source must hold what it held when the import began. progress, if
// not nil, is told now and then how much of something is there. An import that was interrupted, also by an error, goes on with another Run.
func (im *Import) Run(ctx context.Context, source contents.Source, progress func(what string, done uint64)) (err error) {
	if progress == nil {
		progress = func(string, uint64) {}
	}
	if im.parts, err = readDivision(ctx, im.conn); err == nil {
		err = im.makeLog(ctx, source.Totals())
	}
	steps := im.steps(source)
	for err == nil && im.state.Step < len(steps) {
		err = steps[im.state.Step](ctx, progress)
	}
	if err == nil {
		err = im.complete(ctx, source.Totals())
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// makeLog makes the parts of the log.
func (im *Import) makeLog(ctx context.Context, totals contents.Totals) error {
	size := uint64(im.cfg.logPart) //nolint:gosec // not negative
	for n := totals.First / size; n <= totals.Last/size+1; n++ {
		err := pgx.BeginFunc(ctx, im.conn, func(tx pgx.Tx) error {
			return makeLogPart(ctx, tx, &im.cfg, int64(n)) //nolint:gosec // numbers of the log fit
		})
		if err != nil {
			return fmt.Errorf("make the log: %w", err)
		}
	}
	return nil
}

// commit writes rows, and how far the import is then.
func (im *Import) commit(ctx context.Context, rows *pgx.Batch, next importState) error {
	text, err := json.Marshal(&next)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(im.sql["import hold"], im.raw, string(text))
	batch.QueuedQueries = append(batch.QueuedQueries, rows.QueuedQueries...)
	err = im.conn.SendBatch(ctx, batch).Close()
	if isCode(err, codeDivisionByZero) {
		return errors.New("another import has gone on with this one")
	}
	if err != nil {
		return err
	}
	im.raw, im.state = string(text), next
	return im.wrote()
}

// next is the state after n more things were brought in, up to a place.
func (im *Import) next(what string, n int, at string) importState {
	next := im.state
	next.At, next.Moved = hex.EncodeToString([]byte(at)), map[string]uint64{}
	maps.Copy(next.Moved, im.state.Moved)
	next.Moved[what] += uint64(n) //nolint:gosec // not negative
	return next
}

// complete compares what there is with what there should be, and lets hosts start.
func (im *Import) complete(ctx context.Context, want contents.Totals) error {
	var got contents.Totals
	if err := im.conn.QueryRow(ctx, im.sql["import counted"]).
		Scan(&got.Queued, &got.Dead, &got.Responses, &got.Devices, &got.Values, &got.Listeners); err != nil {
		return err
	}
	for _, one := range []struct {
		what      string
		got, want uint64
	}{
		{"queued packages", got.Queued, want.Queued},
		{"dead letters", got.Dead, want.Dead},
		{"responses", got.Responses, want.Responses},
		{"devices", got.Devices, want.Devices},
		{"values", got.Values, want.Values},
		{"listeners", got.Listeners, want.Listeners},
	} {
		if one.got != one.want {
			return fmt.Errorf("%d %s are in the database, and there should be %d: something else has written there, or the folder has changed; "+
				"begin anew with an empty schema", one.got, one.what, one.want)
		}
	}
	rows := &pgx.Batch{}
	rows.Queue(im.sql["import end"], int64(want.Last), int64(max(want.First, 1))) //nolint:gosec // numbers of the log fit
	rows.Queue(im.sql["import number"], int64(max(want.Newest, want.Last)))       //nolint:gosec // so do these
	rows.Queue("DELETE FROM settings WHERE key = $1", importedKey)
	rows.Queue("UPDATE settings SET key = $1 WHERE key = $2", importedKey, importKey)
	if err := im.commit(ctx, rows, im.state); err != nil {
		return err
	}
	im.raw = ""
	// The plans of the first statements are better when sizes are known; the server finds them by itself later.
	_, err := im.conn.Exec(ctx, "ANALYZE packages, dead, ids, log, devices, kept, counts")
	if err != nil {
		im.cfg.Log.Warn().Err(err).Msg("the tables were not analyzed; the database does it by itself later")
	}
	return nil
}
