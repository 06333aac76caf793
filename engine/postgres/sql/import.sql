-- name: import hold
-- Notes how far an import is. Fails with a division by zero when it is not where it is believed to be: another has gone on with it.
WITH held AS (
	UPDATE settings SET value = $2 WHERE key = 'import' AND value = $1 RETURNING 1
)
SELECT 1 / (SELECT count(*) FROM held)

-- name: import empty
-- What a schema holds: an import begins in one that holds nothing.
SELECT (SELECT last FROM counter), EXISTS (SELECT FROM packages), EXISTS (SELECT FROM dead), EXISTS (SELECT FROM ids),
	EXISTS (SELECT FROM devices), EXISTS (SELECT FROM kept), EXISTS (SELECT FROM counts)

-- name: import living
-- Hosts that were not declared lost and are not late.
SELECT name FROM hosts WHERE NOT ended ORDER BY name

-- name: import lost
UPDATE hosts SET ended = true WHERE NOT ended AND expires < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000

-- name: import register
-- The host that has accepted what is brought in. It is none that lives; only its stream matters.
WITH new AS (
	INSERT INTO hosts (host, id, name, version, started, seen, expires, ended)
	SELECT nextval('host_numbers'), $1, $2, $3, t.now, t.now, t.now, true
	FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000 AS now) t
	RETURNING host, started
), stream AS (
	INSERT INTO streams (host) SELECT host FROM new
), unread AS (
	DELETE FROM cursors
)
SELECT host, started FROM new

-- name: import begin
INSERT INTO settings (key, value) VALUES ('import', $1)

-- name: import end
UPDATE counter SET last = $1, first = $2, forgot = $2

-- name: import number
-- The next package comes behind those that were brought in.
SELECT setval('numbers', greatest((SELECT last_value FROM numbers), $1::bigint, 1))

-- name: import counted
SELECT (SELECT count(*) FROM packages), (SELECT count(*) FROM dead), (SELECT count(*) FROM log), (SELECT count(*) FROM devices),
	(SELECT count(*) FROM kept), (SELECT count(*) FROM cursors)

-- name: import ids
INSERT INTO ids (part, id, partition, app, stream, number)
SELECT * FROM unnest($1::smallint[], $2::bytea[], $3::smallint[], $4::integer[], $5::bigint[], $6::bigint[])
ON CONFLICT DO NOTHING

-- name: import packages
INSERT INTO packages (partition, app, stream, number, device, id, created, accepted, session, waits, due, attempts, failures, last, message, body)
SELECT * FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bigint[], $8::bigint[],
	$9::boolean[], $10::boolean[], $11::bigint[], $12::integer[], $13::integer[], $14::smallint[], $15::bytea[], $16::bytea[])

-- name: import dead
INSERT INTO dead (partition, app, device, number, id, created, accepted, ended, session, attempts, failures, last, message, body)
SELECT * FROM unnest($1::smallint[], $2::integer[], $3::bytea[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[],
	$9::boolean[], $10::integer[], $11::integer[], $12::smallint[], $13::bytea[], $14::bytea[])

-- name: import log
INSERT INTO log (partition, app, device, id, created, accepted, at, final, ambiguous, outcome, failures, response, body, seq)
SELECT * FROM unnest($1::smallint[], $2::integer[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::boolean[],
	$9::boolean[], $10::smallint[], $11::integer[], $12::bytea[], $13::bytea[], $14::bigint[])

-- name: import values
INSERT INTO kept (space, key, value) SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[])

-- name: import cursor
INSERT INTO cursors (listener, seq, since, version, seen) VALUES ($1, $2, $3, $4, $5)
