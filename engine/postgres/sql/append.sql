-- name: append new
-- Stores packages whose IDs nobody knows; it fails with a unique violation where somebody does. A package without a time gets that of
-- the statement. Numbers follow the order of the call, because rows are numbered as they are unpacked; rows of ids are written in their
-- own order, so that two hosts with the same IDs do not wait for each other in a circle. The row of the stream is changed first, which
-- makes one append follow on the other.
WITH clock AS (
	UPDATE streams SET appends = appends + 1 WHERE host = $11::bigint
	RETURNING appends, greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000, $12::bigint) AS now,
		EXISTS (SELECT FROM hosts WHERE host = $11::bigint AND NOT ended) AS alive
), input AS MATERIALIZED (
	SELECT i.*, clock.now, CASE WHEN i.created = $13::bigint THEN clock.now ELSE i.created END AS stamp, nextval('numbers') AS number
	FROM clock CROSS JOIN LATERAL unnest($1::smallint[], $2::bytea[], $3::smallint[], $4::integer[], $5::bytea[], $6::bigint[], $7::boolean[],
		$8::bytea[], $9::bytea[], $10::bytea[])
		AS i (part, id, partition, app, device, created, session, kind, event, body)
	WHERE clock.alive
), fresh AS (
	INSERT INTO ids (part, id, partition, app, stream, number)
	SELECT part, id, partition, app, $11, number FROM input ORDER BY part, id
), added AS (
	INSERT INTO packages (partition, app, stream, number, device, id, created, accepted, session, body)
	SELECT partition, app, $11, number, device, id, stamp, now, session, body FROM input
), counted AS (
	INSERT INTO counts (host, day, app, kind, event, outcome, n)
	SELECT $11, (stamp / 86400000000000)::integer, app, kind, event, 0, count(*) FROM input GROUP BY 2, 3, 4, 5
	ON CONFLICT (host, day, app, kind, event, outcome) DO UPDATE SET n = counts.n + excluded.n
)
SELECT clock.alive, clock.now, clock.appends, NULL::bigint[], (SELECT array_agg(number ORDER BY number) FROM input) FROM clock

-- name: append
-- Stores those packages whose IDs are new, as above, and tells their places in the call.
WITH turn AS (
	UPDATE streams SET appends = appends + 1 WHERE host = $11::bigint RETURNING appends
), clock AS MATERIALIZED (
	SELECT greatest((extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000, $12::bigint) AS now, appends,
		EXISTS (SELECT FROM hosts WHERE host = $11::bigint AND NOT ended) AS alive
	FROM turn
), input AS MATERIALIZED (
	SELECT i.*, nextval('numbers') AS number
	FROM clock CROSS JOIN LATERAL unnest($1::smallint[], $2::bytea[], $3::smallint[], $4::integer[], $5::bytea[], $6::bigint[], $7::boolean[],
		$8::bytea[], $9::bytea[], $10::bytea[])
		WITH ORDINALITY AS i (part, id, partition, app, device, created, session, kind, event, body, place)
), fresh AS (
	INSERT INTO ids (part, id, partition, app, stream, number)
	SELECT i.part, i.id, i.partition, i.app, $11, i.number
	FROM input i CROSS JOIN clock WHERE clock.alive
	ORDER BY i.part, i.id, i.place
	ON CONFLICT DO NOTHING
	RETURNING number
), new AS MATERIALIZED (
	SELECT i.*, clock.now, CASE WHEN i.created = $13::bigint THEN clock.now ELSE i.created END AS stamp
	FROM input i JOIN fresh USING (number) CROSS JOIN clock
), added AS (
	INSERT INTO packages (partition, app, stream, number, device, id, created, accepted, session, body)
	SELECT partition, app, $11, number, device, id, stamp, now, session, body FROM new
), counted AS (
	INSERT INTO counts (host, day, app, kind, event, outcome, n)
	SELECT $11, (stamp / 86400000000000)::integer, app, kind, event, 0, count(*) FROM new GROUP BY 2, 3, 4, 5
	ON CONFLICT (host, day, app, kind, event, outcome) DO UPDATE SET n = counts.n + excluded.n
)
SELECT clock.alive, clock.now, clock.appends, (SELECT array_agg(place ORDER BY number) FROM new), (SELECT array_agg(number ORDER BY number) FROM new) FROM clock

-- name: events
-- Gives event tokens rows of their own in the counts.
INSERT INTO events (day, app, kind, event)
SELECT * FROM unnest($1::integer[], $2::integer[], $3::bytea[], $4::bytea[]) ORDER BY 1, 2, 3, 4
ON CONFLICT DO NOTHING

-- name: known events
SELECT event FROM events WHERE day = $1 AND app = $2 AND kind = $3

-- name: apps
SELECT app, token, environment FROM apps

-- name: new app
INSERT INTO apps (app, token, environment)
SELECT nextval('app_numbers')::integer, $1::bytea, $2::bytea WHERE NOT EXISTS (SELECT FROM apps WHERE token = $1 AND environment = $2)
ON CONFLICT DO NOTHING
