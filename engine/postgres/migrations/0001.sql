-- What was set when the schema was made, and does not change: how many partitions there are.
CREATE TABLE settings (
	key text PRIMARY KEY,
	value text NOT NULL
);

-- Hosts, one row for each start of one. A row is changed by its host in each settlement, so it is narrow and has room.
CREATE SEQUENCE host_numbers CACHE 1;
CREATE TABLE hosts (
	host bigint PRIMARY KEY,
	id text NOT NULL,
	name text NOT NULL,
	version text NOT NULL,
	started bigint NOT NULL,
	seen bigint NOT NULL,
	expires bigint NOT NULL,
	settles bigint NOT NULL DEFAULT 0,
	settled bigint NOT NULL DEFAULT 0,
	leased integer NOT NULL DEFAULT 0,
	sends boolean NOT NULL DEFAULT false,
	ended boolean NOT NULL DEFAULT false
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

-- How often a host has added to the queue. The row makes what it adds follow one on the other, also when it has given up waiting
-- for the first.
CREATE TABLE streams (
	host bigint PRIMARY KEY,
	appends bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

-- Which lanes were in flight at a host: what a successor lets rest. It is written without waiting for the disk.
CREATE TABLE flights (
	host bigint PRIMARY KEY,
	lanes bytea NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE partitions (
	partition smallint PRIMARY KEY,
	host bigint,
	epoch bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- What one host owns by name: listeners, probes.
CREATE TABLE claims (
	name bytea PRIMARY KEY,
	host bigint,
	epoch bigint NOT NULL
) WITH (fillfactor = 50);

-- What one host asks of another, which owns the lanes: to drop packages, or to make lanes due.
CREATE SEQUENCE order_numbers CACHE 1;
CREATE TABLE orders (
	number bigint PRIMARY KEY,
	host bigint NOT NULL,
	ids bytea[],
	app integer,
	most integer,
	done integer,
	failure text
);

CREATE TABLE apps (
	app integer PRIMARY KEY,
	token bytea NOT NULL,
	environment bytea NOT NULL,
	UNIQUE (token, environment)
);
CREATE SEQUENCE app_numbers CACHE 1;

-- Every package that is known: queued, dead, or gone with its last response in the log.
CREATE TABLE ids (
	part smallint,
	id bytea,
	partition smallint NOT NULL,
	app integer NOT NULL,
	stream bigint NOT NULL,
	number bigint NOT NULL,
	PRIMARY KEY (part, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- The queue. number orders a lane, whoever accepted; stream is the host that did, so that numbers of a stream are
-- committed in their order and a reader that is past one has seen all before it.
CREATE SEQUENCE numbers CACHE 1;
CREATE TABLE packages (
	partition smallint,
	app integer,
	stream bigint,
	number bigint,
	device bytea NOT NULL,
	id bytea NOT NULL,
	created bigint NOT NULL,
	accepted bigint NOT NULL,
	session boolean NOT NULL,
	waits boolean NOT NULL DEFAULT false,
	due bigint,
	attempts integer NOT NULL DEFAULT 0,
	failures integer NOT NULL DEFAULT 0,
	last smallint NOT NULL DEFAULT 0,
	message bytea,
	body bytea NOT NULL,
	PRIMARY KEY (partition, app, stream, number)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.1);
-- The front of a lane, and lists of packages.
CREATE INDEX packages_lane ON packages (partition, app, device, number);
-- The first session of a lane whose head waits for one.
CREATE INDEX packages_session ON packages (partition, app, device, number) WHERE session;
-- Lanes whose front was attempted or given back, by when it may be leased.
CREATE INDEX packages_due ON packages (app, due, number) WHERE due IS NOT NULL;

CREATE TABLE dead (
	partition smallint,
	app integer,
	device bytea,
	number bigint,
	id bytea NOT NULL,
	created bigint NOT NULL,
	accepted bigint NOT NULL,
	ended bigint NOT NULL,
	session boolean NOT NULL,
	attempts integer NOT NULL,
	failures integer NOT NULL,
	last smallint NOT NULL,
	message bytea,
	body bytea NOT NULL,
	PRIMARY KEY (partition, app, device, number)
);
-- One dead letter by its ID.
CREATE INDEX dead_id ON dead (partition, id);
-- Those that are kept for too long.
CREATE INDEX dead_ended ON dead (ended);

CREATE TABLE devices (
	partition smallint,
	app integer,
	device bytea,
	adid bytea NOT NULL,
	session bigint,
	PRIMARY KEY (partition, app, device)
);

-- The last number of the log, the first that it holds, and the first whose package is still known.
CREATE TABLE counter (
	one boolean PRIMARY KEY,
	last bigint NOT NULL,
	first bigint NOT NULL,
	forgot bigint NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

-- The log, in parts that are dropped whole.
CREATE TABLE log (
	seq bigint,
	partition smallint NOT NULL,
	app integer NOT NULL,
	device bytea NOT NULL,
	id bytea NOT NULL,
	created bigint NOT NULL,
	accepted bigint NOT NULL,
	at bigint NOT NULL,
	final boolean NOT NULL,
	ambiguous boolean NOT NULL,
	outcome smallint NOT NULL,
	failures integer NOT NULL,
	response bytea NOT NULL,
	body bytea NOT NULL,
	PRIMARY KEY (seq)
) PARTITION BY RANGE (seq);
-- The responses of one package.
CREATE INDEX log_id ON log (id, seq);
-- How many possible duplicates there are.
CREATE INDEX log_ambiguous ON log (seq) WHERE ambiguous;

CREATE TABLE cursors (
	listener bytea PRIMARY KEY,
	seq bigint NOT NULL,
	since bigint NOT NULL,
	version bytea NOT NULL,
	seen bigint NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

-- How listeners handled the responses behind after, up to until, as far as the row of the cursor does not say it.
CREATE TABLE runs (
	listener bytea,
	until bigint,
	after bigint NOT NULL,
	version bytea NOT NULL,
	failed jsonb,
	PRIMARY KEY (listener, until)
);

CREATE TABLE kept (
	space bytea,
	key bytea,
	value bytea NOT NULL,
	PRIMARY KEY (space, key)
);

-- What is counted for the reconciliation, by the host that counts, so that hosts do not wait for each other. Outcome 0 is
-- accepted, -1 ambiguous.
CREATE TABLE counts (
	host bigint,
	day integer,
	app integer,
	kind bytea,
	event bytea,
	outcome smallint,
	n bigint NOT NULL,
	PRIMARY KEY (host, day, app, kind, event, outcome)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- Event tokens that have rows of their own in the counts.
CREATE TABLE events (
	day integer,
	app integer,
	kind bytea,
	event bytea,
	PRIMARY KEY (day, app, kind, event)
);

INSERT INTO counter VALUES (true, 0, 1, 1);
