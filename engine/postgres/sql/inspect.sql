-- name: queued of app
-- A page of the queued packages of an app, by device and number: the next of each partition, and of these the first.
SELECT q.* FROM unnest($1::smallint[]) AS k (partition) CROSS JOIN LATERAL (
	SELECT p.partition, p.app, p.device, p.number, p.id, p.created, p.accepted, p.attempts, p.failures, p.last, p.message,
		NULL::bigint AS ended, p.body, p.due, p.waits, p.session
	FROM packages p WHERE p.partition = k.partition AND p.app = $2 AND (p.device, p.number) > ($3::bytea, $4::bigint)
	ORDER BY p.device, p.number LIMIT $5
) q ORDER BY q.device, q.number LIMIT $5

-- name: dead of app
SELECT q.* FROM unnest($1::smallint[]) AS k (partition) CROSS JOIN LATERAL (
	SELECT p.partition, p.app, p.device, p.number, p.id, p.created, p.accepted, p.attempts, p.failures, p.last, p.message,
		p.ended, p.body, NULL::bigint AS due, false AS waits, p.session
	FROM dead p WHERE p.partition = k.partition AND p.app = $2 AND (p.device, p.number) > ($3::bytea, $4::bigint)
	ORDER BY p.device, p.number LIMIT $5
) q ORDER BY q.device, q.number LIMIT $5

-- name: queued of lane
SELECT p.partition, p.app, p.device, p.number, p.id, p.created, p.accepted, p.attempts, p.failures, p.last, p.message,
	NULL::bigint AS ended, p.body, p.due, p.waits, p.session
FROM packages p WHERE p.partition = ANY ($1::smallint[]) AND p.app = $2 AND p.device = $3 AND p.number > $4 ORDER BY p.number LIMIT $5

-- name: dead of lane
SELECT p.partition, p.app, p.device, p.number, p.id, p.created, p.accepted, p.attempts, p.failures, p.last, p.message,
	p.ended, p.body, NULL::bigint AS due, false AS waits, p.session
FROM dead p WHERE p.partition = ANY ($1::smallint[]) AND p.app = $2 AND p.device = $3 AND p.number > $4 ORDER BY p.number LIMIT $5

-- name: package
-- One package, wherever it is.
SELECT 0 AS place, p.partition, p.app, p.device, p.number, p.id, p.created, p.accepted, p.attempts, p.failures, p.last, p.message,
	NULL::bigint AS ended, p.body, p.due, p.waits, p.session
FROM ids i JOIN packages p ON p.partition = i.partition AND p.app = i.app AND p.stream = i.stream AND p.number = i.number
WHERE i.part = $1 AND i.id = $2
UNION ALL
SELECT 1, d.partition, d.app, d.device, d.number, d.id, d.created, d.accepted, d.attempts, d.failures, d.last, d.message,
	d.ended, d.body, NULL, false, d.session
FROM ids i JOIN dead d ON d.partition = i.partition AND d.id = i.id
WHERE i.part = $1 AND i.id = $2

-- name: last of ids
SELECT k.place, l.seq FROM unnest($1::bytea[]) WITH ORDINALITY AS k (id, place)
CROSS JOIN LATERAL (SELECT seq FROM log WHERE log.id = k.id ORDER BY seq DESC LIMIT 1) l

-- name: done
SELECT seq, app, device, id, created, accepted, at, ambiguous, outcome, response, body, failures FROM log WHERE id = $1 AND final ORDER BY seq DESC LIMIT 1

-- name: lanes of app
-- A page of lanes: for each partition the next devices, one after the other, by the index.
WITH RECURSIVE walk AS (
	SELECT k.partition, f.device, 1 AS n FROM unnest($1::smallint[]) AS k (partition) CROSS JOIN LATERAL (
		SELECT p.device FROM packages p WHERE p.partition = k.partition AND p.app = $2 AND p.device > $3::bytea
		ORDER BY p.device LIMIT 1
	) f
	UNION ALL
	SELECT w.partition, f.device, w.n + 1 FROM walk w CROSS JOIN LATERAL (
		SELECT p.device FROM packages p WHERE p.partition = w.partition AND p.app = $2 AND p.device > w.device
		ORDER BY p.device LIMIT 1
	) f WHERE w.n < $4
), page AS (
	SELECT partition, device FROM walk ORDER BY device LIMIT $4
)
SELECT g.partition, g.device, (SELECT count(*) FROM packages c WHERE c.partition = g.partition AND c.app = $2 AND c.device = g.device),
	f.id, f.accepted, f.due, h.waits AND f.number = h.number, d.adid, d.session
FROM page g
CROSS JOIN LATERAL (
	SELECT p.* FROM packages p WHERE p.partition = g.partition AND p.app = $2 AND p.device = g.device ORDER BY p.number LIMIT 1
) h
CROSS JOIN LATERAL (
	(SELECT 0 AS rank, p.* FROM packages p WHERE h.waits AND p.session AND p.partition = g.partition AND p.app = $2
		AND p.device = g.device AND p.number > h.number ORDER BY p.number LIMIT 1)
	UNION ALL SELECT 1, h.* ORDER BY 1 LIMIT 1
) f
LEFT JOIN devices d ON d.partition = g.partition AND d.app = $2 AND d.device = g.device
ORDER BY g.device

-- name: device
SELECT adid, session FROM devices WHERE partition = $1 AND app = $2 AND device = $3

-- name: counts
SELECT day, app, kind, event, outcome, sum(n)::bigint FROM counts WHERE day BETWEEN $1 AND $2 GROUP BY 1, 2, 3, 4, 5

-- name: retry
-- Dead letters, back at the ends of their lanes. They are held in the order in which others hold them that drop them.
WITH turn AS (
	UPDATE streams SET appends = appends + 1 WHERE host = $3::bigint RETURNING appends
), held AS MATERIALIZED (
	SELECT d.partition, d.app, d.device, d.number FROM turn, ids i JOIN dead d ON d.partition = i.partition AND d.id = i.id
	WHERE i.part = ANY ($1::smallint[]) AND i.id = ANY ($2::bytea[]) ORDER BY 1, 2, 3, 4 FOR UPDATE OF d
), taken AS (
	DELETE FROM dead d USING held h
	WHERE d.partition = h.partition AND d.app = h.app AND d.device = h.device AND d.number = h.number RETURNING d.*
), numbered AS MATERIALIZED (
	SELECT t.*, nextval('numbers') AS next FROM turn CROSS JOIN (SELECT * FROM taken ORDER BY array_position($2::bytea[], id)) t
), moved AS (
	UPDATE ids i SET stream = $3, number = n.next FROM numbered n WHERE i.part = ANY ($1::smallint[]) AND i.id = n.id
)
INSERT INTO packages (partition, app, stream, number, device, id, created, accepted, session, body)
SELECT partition, app, $3, next, device, id, created, accepted, session, body FROM numbered
RETURNING partition, app, device, number, session

-- name: drop dead
-- Fails with a number out of range when some are not there any more: another host has dropped or retried them.
WITH held AS MATERIALIZED (
	SELECT d.partition, d.app, d.device, d.number FROM ids i JOIN dead d ON d.partition = i.partition AND d.id = i.id
	WHERE i.part = ANY ($1::smallint[]) AND i.id = ANY ($2::bytea[]) ORDER BY 1, 2, 3, 4 FOR UPDATE OF d
), gone AS (
	DELETE FROM dead d USING held h
	WHERE d.partition = h.partition AND d.app = h.app AND d.device = h.device AND d.number = h.number RETURNING 1
)
SELECT CASE WHEN count(*) = $3::bigint THEN count(*) ELSE count(*) + 9223372036854775807 + 1 END FROM gone

-- name: drop queued
-- Fails as the one above.
WITH gone AS (
	DELETE FROM packages p USING unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[]) AS k (partition, app, stream, number)
	WHERE p.partition = k.partition AND p.app = k.app AND p.stream = k.stream AND p.number = k.number RETURNING 1
)
SELECT CASE WHEN count(*) = $5::bigint THEN count(*) ELSE count(*) + 9223372036854775807 + 1 END FROM gone

-- name: find
-- Where packages are that are named by their IDs.
SELECT i.id, p.partition, p.app, p.stream, p.number, p.device, p.created, p.accepted, p.attempts, p.failures, p.session, p.body, false
FROM ids i JOIN packages p ON p.partition = i.partition AND p.app = i.app AND p.stream = i.stream AND p.number = i.number
WHERE i.part = ANY ($1::smallint[]) AND i.id = ANY ($2::bytea[])
UNION ALL
SELECT i.id, d.partition, d.app, 0, d.number, d.device, d.created, d.accepted, d.attempts, d.failures, d.session, d.body, true
FROM ids i JOIN dead d ON d.partition = i.partition AND d.id = i.id
WHERE i.part = ANY ($1::smallint[]) AND i.id = ANY ($2::bytea[])

-- name: queued
SELECT count(*) FROM packages

-- name: lanes
SELECT count(*) FROM (SELECT DISTINCT partition, app, device FROM packages) l

-- name: dead
SELECT count(*), coalesce(sum(octet_length(body) + octet_length(device) + octet_length(id) + coalesce(octet_length(message), 0) + 64), 0)::bigint FROM dead

-- name: ambiguous
SELECT count(*) FROM log WHERE ambiguous

-- name: bytes
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind = 'r'
