package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// oldest is the oldest version of PostgreSQL that has what is needed.
const oldest = 14

// connect makes the pool of connections for what people ask. Nothing is connected yet.
func (s *Store) connect(ctx context.Context) error {
	base, err := parse(s.cfg.URL)
	if err != nil {
		return err
	}
	c := base.ConnConfig
	for name, value := range map[string]string{
		"search_path":      s.cfg.Schema,
		"application_name": "trackhook " + strings.ToValidUTF8(s.cfg.Name, ""),
		"timezone":         "UTC",
		// The server ends what a host has begun that is cut off, because it holds up the others.
		"idle_in_transaction_session_timeout": millis(s.cfg.Lease),
		"tcp_keepalives_idle":                 "5",
		"tcp_keepalives_interval":             "2",
		"tcp_keepalives_count":                "3",
	} {
		if _, set := c.RuntimeParams[name]; !set || name == "search_path" || name == "timezone" {
			c.RuntimeParams[name] = value
		}
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	if c.ValidateConnect == nil {
		// A standby is of no use. With several hosts in the address, the one is found that can be written.
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	base.MaxConnIdleTime = time.Minute
	s.base, s.away = base, newAway(s.cfg.Log, c, s.reconnect)
	s.away.login = s.cfg.login
	s.look, err = s.pool(ctx, 3)
	return err
}

// connectAll makes the other pools, for what must be durable and what need not.
func (s *Store) connectAll(ctx context.Context) (err error) {
	durable := []string{"plan_cache_mode", "force_generic_plan", "enable_seqscan", "off"}
	if s.cfg.commit != "" {
		durable = append(durable, "synchronous_commit", s.cfg.commit)
	}
	if s.work, err = s.pool(ctx, max(2, s.cfg.Connections-6), durable...); err != nil {
		return err
	}
	s.soft, err = s.pool(ctx, 2, "synchronous_commit", "off", "enable_seqscan", "off")
	return err
}

// pool makes a pool of connections that have settings of their own: names, each followed by a value.
func (s *Store) pool(ctx context.Context, most int, settings ...string) (*door, error) {
	own := s.base.Copy()
	own.MaxConns = int32(most) //nolint:gosec // a small number
	own.ConnConfig.RuntimeParams["jit"] = "off"
	for i := 0; i < len(settings); i += 2 {
		own.ConnConfig.RuntimeParams[settings[i]] = settings[i+1]
	}
	own.BeforeConnect = func(_ context.Context, c *pgx.ConnConfig) error {
		s.cfg.login(c)
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, own)
	return &door{pool, s.away}, err
}

// login has a connection that is to be made log in as the address says now.
func (c *Config) login(to *pgx.ConnConfig) {
	if c.Address == nil {
		return
	}
	if address, err := c.Address(); err == nil {
		if now, err := parse(address); err == nil {
			to.User, to.Password = now.ConnConfig.User, now.ConnConfig.Password
		}
	}
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// reconnect has all connections made anew.
func (s *Store) reconnect() {
	for _, d := range []*door{s.work, s.soft, s.look} {
		if d != nil && d.pool != nil {
			d.pool.Reset()
		}
	}
}

func (s *Store) disconnect() {
	for _, d := range []*door{s.work, s.soft, s.look} {
		if d != nil && d.pool != nil {
			d.pool.Close()
		}
	}
}

// whereIs names the servers and the database of an address, without user and password.
func whereIs(c *pgx.ConnConfig) string {
	name := func(host string, port uint16) string {
		if strings.HasPrefix(host, "/") {
			return host
		}
		return net.JoinHostPort(host, strconv.Itoa(int(port)))
	}
	hosts := []string{name(c.Host, c.Port)}
	for _, f := range c.Fallbacks {
		// With sslmode=prefer there are two ways to the same server.
		if other := name(f.Host, f.Port); other != hosts[len(hosts)-1] {
			hosts = append(hosts, other)
		}
	}
	return strings.Join(hosts, ",") + "/" + c.Database
}

// parse understands the address of the database. Its error does not hold it, nor a part of it that may be a password.
func parse(address string) (*pgxpool.Config, error) {
	base, err := pgxpool.ParseConfig(address)
	if err == nil {
		return base, nil
	}
	const text = "the address of the database cannot be understood; it is like postgres://user:password@host:5432/database?sslmode=verify-full"
	why := errors.Unwrap(err)
	if _, isURL := errors.AsType[*url.Error](err); isURL || why == nil || strings.ContainsAny(why.Error(), "@=") || strings.Contains(why.Error(), address) {
		return nil, errors.New(text)
	}
	return nil, fmt.Errorf("%s: %w", text, why)
}

// begin migrates the schema, reads what does not change, and becomes a host.
func (s *Store) begin(ctx context.Context) error {
	if err := s.look.connected(ctx, s.prepare); err != nil {
		return s.refused(err)
	}
	if err := s.connectAll(ctx); err != nil {
		return err
	}
	if err := s.look.connected(ctx, func(ctx context.Context, conn *pgx.Conn) (err error) {
		s.parts, err = readDivision(ctx, conn)
		return errors.Join(err, refuseImported(ctx, conn, s.cfg.Schema))
	}); err != nil {
		return err
	}
	if err := s.loadApps(ctx); err != nil {
		return err
	}
	if err := s.extendLog(ctx); err != nil {
		return err
	}
	if err := s.register(ctx); err != nil {
		return err
	}
	_, err := s.round(ctx)
	return err
}

// readDivision returns how many partitions there are.
func readDivision(ctx context.Context, conn *pgx.Conn) (n division, err error) {
	var text string
	if err := conn.QueryRow(ctx, "SELECT value FROM settings WHERE key = 'partitions'").Scan(&text); err != nil {
		return 0, fmt.Errorf("read settings: %w", err)
	}
	if _, err := fmt.Sscan(text, &n); err != nil || n < 1 || n > math.MaxInt16 {
		return 0, fmt.Errorf("the setting of partitions is %q", text)
	}
	return n, nil
}

// prepare looks at the server and brings the schema up to date.
func (s *Store) prepare(ctx context.Context, conn *pgx.Conn) error {
	if err := checkVersion(ctx, conn); err != nil {
		return err
	}
	if err := s.checkPooler(ctx, conn); err != nil {
		return err
	}
	if err := s.checkDurability(ctx, conn); err != nil {
		return err
	}
	_, err := migrate(ctx, conn, &s.cfg)
	return err
}

// checkPooler refuses a pooler that keeps the settings of connections from the server, and warns of any: a connection must lead to
// one session as long as it lives, for LISTEN, locks, prepared statements and settings.
func (s *Store) checkPooler(ctx context.Context, conn *pgx.Conn) error {
	var path string
	var pid uint32
	if err := conn.QueryRow(ctx, "SELECT current_setting('search_path'), pg_backend_pid()").Scan(&path, &pid); err != nil {
		return err
	}
	if path != s.cfg.Schema {
		return fmt.Errorf("the server at %s does not have the settings that connections are made with: %s", s.away.where, noPooler)
	}
	if pid != conn.PgConn().PID() {
		s.cfg.Log.Warn().Str("database", s.away.where).Msg("something stands between this host and the database, such as PgBouncer: it must pool sessions, and neither " +
			"transactions nor statements")
	}
	return nil
}

// noPooler says what to do about a pooler.
const noPooler = "a pooler such as PgBouncer stands before it; give the address of PostgreSQL itself, of which a host uses few connections (cluster.connections)"

// checkVersion refuses a server that is too old.
func checkVersion(ctx context.Context, conn *pgx.Conn) error {
	var version int
	if err := conn.QueryRow(ctx, "SELECT current_setting('server_version_num')::integer / 10000").Scan(&version); err != nil {
		return err
	}
	if version < oldest {
		return fmt.Errorf("the database at %s is PostgreSQL %d; %d or newer is needed", whereIs(conn.Config()), version, oldest)
	}
	return nil
}

// checkDurability says what the database may lose of what it has acknowledged, and has it wait at least for its own disk.
func (s *Store) checkDurability(ctx context.Context, conn *pgx.Conn) error {
	var fsync, commit, names string
	var standbys int
	if err := conn.QueryRow(ctx, s.sql["durability"]).Scan(&fsync, &commit, &names, &standbys); err != nil {
		return fmt.Errorf("read how durable the database is: %w", err)
	}
	log := s.cfg.Log.With().Str("database", s.away.where).Logger()
	if fsync == "off" {
		log.Warn().Msg("fsync is off in the database: a power cut may lose what was accepted, and damage the database")
	}
	if commit == "off" || commit == "local" && names != "" {
		s.cfg.commit = "on"
		log.Warn().Str("synchronous_commit", commit).
			Msg("the database would acknowledge what may be lost; this host sets synchronous_commit to on for itself")
	}
	switch {
	case names != "":
	case standbys > 0:
		log.Warn().Int("standbys", standbys).
			Msg("the database has standbys and waits for none of them: one that takes over may lack what was accepted in the last moments, " +
				"and what was sent may be sent again; set synchronous_standby_names to lose nothing")
	default:
		log.Info().Msg("no standby is connected to the database: what was accepted is on its disk alone")
	}
	return nil
}
