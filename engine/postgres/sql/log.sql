-- name: read
SELECT seq, app, device, id, created, accepted, at, ambiguous, outcome, response, body FROM log
WHERE seq > $1 ORDER BY seq LIMIT $2

-- name: history
SELECT seq, app, device, id, created, accepted, at, ambiguous, outcome, response, body FROM log WHERE id = $1 ORDER BY seq

-- name: ends
SELECT last, first FROM counter

-- name: enroll
INSERT INTO cursors (listener, seq, since, version, seen) SELECT $1, last, last, '', $2 FROM counter
ON CONFLICT (listener) DO UPDATE SET seen = excluded.seen RETURNING seq

-- name: lock cursor
-- The row of the claim stays locked, so that no other host takes the listener meanwhile.
SELECT c.seq, c.since, c.version, coalesce((SELECT host FROM claims WHERE name = $2 FOR SHARE), $3::bigint)
FROM cursors c WHERE c.listener = $1 FOR UPDATE

-- name: move cursor
UPDATE cursors SET seq = $2, since = $3, version = $4, seen = $5 WHERE listener = $1

-- name: add runs
INSERT INTO runs (listener, until, after, version, failed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING

-- name: see listeners
-- Listeners that a host owns were seen now.
UPDATE cursors c SET seen = $2 FROM claims k JOIN hosts h ON h.host = k.host AND NOT h.ended WHERE k.name = $1::bytea || c.listener

-- name: listeners
SELECT listener, seq, seen FROM cursors

-- name: cursors
SELECT listener, seq FROM cursors

-- name: forget
WITH r AS (DELETE FROM runs WHERE listener = $1) DELETE FROM cursors WHERE listener = $1

-- name: runs
SELECT listener, version, NULL::jsonb AS failed FROM cursors WHERE since < $1 AND $1 <= seq
UNION ALL
SELECT f.listener, f.version, f.failed FROM (SELECT DISTINCT listener FROM cursors) c CROSS JOIN LATERAL (
	SELECT r.listener, r.version, r.failed, r.after FROM runs r WHERE r.listener = c.listener AND r.until >= $1 ORDER BY r.until LIMIT 1
) f WHERE f.after < $1

-- name: parts
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'log'::regclass

-- name: part size
SELECT pg_total_relation_size($1::text::regclass)

-- name: log state
SELECT last, first, forgot FROM counter

-- name: forget ids
-- Forgets packages whose last response is in front of a number, once: they may come again afterwards.
WITH c AS (
	UPDATE counter SET forgot = $2 WHERE forgot = $1 RETURNING 1
), gone AS (
	DELETE FROM ids i USING unnest($3::smallint[], $4::bytea[]) AS k (part, id) WHERE i.part = k.part AND i.id = k.id AND EXISTS (SELECT FROM c)
)
SELECT FROM c

-- name: expired
SELECT id FROM dead WHERE ended < $1 ORDER BY ended LIMIT $2

-- name: forget counts
DELETE FROM counts WHERE day < $1

-- name: forget events
DELETE FROM events WHERE day < $1
