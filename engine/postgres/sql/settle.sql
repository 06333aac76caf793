-- name: fence
-- Fails with a division by zero when this host was declared lost, or when the settlement before this one was not the one that
-- the host believes. The row stays locked until the end, so that nobody declares the host lost meanwhile.
WITH held AS (
	UPDATE hosts SET settles = $2::bigint + 1, settled = $3 WHERE host = $1::bigint AND settles = $2 AND NOT ended RETURNING 1
)
SELECT 1 / (SELECT count(*) FROM held)

-- name: fenced
SELECT settles, settled, ended FROM hosts WHERE host = $1

-- name: gone
-- Packages that leave the queue; those that are buried become dead letters.
WITH gone AS (
	DELETE FROM packages p
	USING unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[], $5::boolean[], $6::integer[], $7::integer[],
		$8::smallint[], $9::bytea[]) AS k (partition, app, stream, number, bury, attempts, failures, last, message)
	WHERE p.partition = k.partition AND p.app = k.app AND p.stream = k.stream AND p.number = k.number
	RETURNING p.partition, p.app, p.device, p.id, p.created, p.accepted, p.session, p.body, k.bury, k.attempts, k.failures,
		k.last, k.message
)
INSERT INTO dead (partition, app, device, number, id, created, accepted, ended, session, attempts, failures, last, message, body)
SELECT partition, app, device, nextval('numbers'), id, created, accepted, $10::bigint, session, attempts, failures, last, message, body
FROM gone WHERE bury

-- name: stay
-- Packages that stay at the front of their lanes.
UPDATE packages p SET due = k.due, waits = k.waits, attempts = k.attempts, failures = k.failures, last = k.last,
	message = coalesce(k.message, p.message)
FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[], $7::integer[],
	$8::integer[], $9::smallint[], $10::bytea[])
	AS k (partition, app, stream, number, due, waits, attempts, failures, last, message)
WHERE p.partition = k.partition AND p.app = k.app AND p.stream = k.stream AND p.number = k.number

-- name: devices
INSERT INTO devices (partition, app, device, adid, session)
SELECT * FROM unnest($1::smallint[], $2::integer[], $3::bytea[], $4::bytea[], $5::bigint[]) ORDER BY 1, 2, 3
ON CONFLICT (partition, app, device) DO UPDATE SET adid = excluded.adid, session = excluded.session

-- name: release
-- Heads that wait for a session of their device, which has one now.
UPDATE packages p SET waits = false, due = $4
FROM unnest($1::smallint[], $2::integer[], $3::bytea[]) AS k (partition, app, device)
CROSS JOIN LATERAL (
	SELECT h.stream, h.number, h.waits FROM packages h
	WHERE h.partition = k.partition AND h.app = k.app AND h.device = k.device ORDER BY h.number LIMIT 1
) f
WHERE f.waits AND p.partition = k.partition AND p.app = k.app AND p.stream = f.stream AND p.number = f.number

-- name: log
-- Responses at the end of the log. The row of the counter is taken last and held until the end, so that numbers are committed in
-- their order and have no gaps.
WITH c AS (
	UPDATE counter SET last = last + $1::bigint RETURNING last - $1::bigint AS base
)
INSERT INTO log (seq, partition, app, device, id, created, accepted, at, final, ambiguous, outcome, failures, response, body)
SELECT c.base + k.place, k.partition, k.app, k.device, k.id, k.created, k.accepted, k.at, k.final, k.ambiguous, k.outcome,
	k.failures, k.response, k.body
FROM unnest($2::smallint[], $3::integer[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[], $9::boolean[],
	$10::boolean[], $11::smallint[], $12::integer[], $13::bytea[], $14::bytea[])
	WITH ORDINALITY AS k (partition, app, device, id, created, accepted, at, final, ambiguous, outcome, failures, response,
		body, place)
CROSS JOIN c

-- name: count
INSERT INTO counts (host, day, app, kind, event, outcome, n)
SELECT $1::bigint, k.* FROM unnest($2::integer[], $3::integer[], $4::bytea[], $5::bytea[], $6::smallint[], $7::bigint[]) AS k
ORDER BY 2, 3, 4, 5, 6
ON CONFLICT (host, day, app, kind, event, outcome) DO UPDATE SET n = counts.n + excluded.n
