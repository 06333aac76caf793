-- name: now
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000

-- name: register
-- Becomes a host. No row: what another store holds is being brought in.
WITH new AS (
	INSERT INTO hosts (host, id, name, version, started, seen, expires)
	SELECT nextval('host_numbers'), $1, $2, $3, t.now, t.now, t.now + $4::bigint
	FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000 AS now) t
	WHERE NOT EXISTS (SELECT FROM settings WHERE key = 'import')
	RETURNING host, started
), stream AS (
	INSERT INTO streams (host) SELECT host FROM new
)
SELECT host, started, (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint * 1000 FROM new

-- name: renew
-- Says that a host lives. No row: it was declared lost.
UPDATE hosts SET seen = t.now, expires = t.now + $2::bigint, leased = $3, sends = $4
FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000 AS now) t
WHERE host = $1 AND NOT ended RETURNING t.now

-- name: hosts
SELECT host, id, name, version, started, seen, expires, leased, ended, sends,
	expires < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000 FROM hosts ORDER BY host

-- name: partitions
SELECT partition, host, epoch FROM partitions ORDER BY partition

-- name: lose
-- Declares a host lost that was silent for too long. It waits for a settlement in hand.
UPDATE hosts SET ended = true
WHERE host = $1 AND NOT ended AND expires < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000
RETURNING expires, (SELECT lanes FROM flights f WHERE f.host = hosts.host)

-- name: leave
UPDATE hosts SET ended = true, leased = 0 WHERE host = $1

-- name: leave flights
DELETE FROM flights WHERE host = $1

-- name: leave partitions
-- Gives the partitions of a host that ends to the others that send, in turn, so that these need only look; to nobody where there is
-- none.
WITH heirs AS (
	SELECT host, row_number() OVER (ORDER BY host) - 1 AS n, count(*) OVER () AS many FROM hosts
	WHERE host <> $1 AND sends AND NOT ended AND expires > (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000
), mine AS (
	SELECT partition, row_number() OVER (ORDER BY partition) - 1 AS n FROM partitions WHERE host = $1
)
UPDATE partitions p SET host = (SELECT h.host FROM heirs h WHERE h.n = m.n % h.many), epoch = epoch + 1
FROM mine m WHERE p.partition = m.partition AND p.host = $1

-- name: leave claims
UPDATE claims SET host = NULL WHERE host = $1

-- name: claim
-- Takes partitions that nobody owns who lives.
UPDATE partitions p SET host = $1, epoch = epoch + 1
WHERE p.partition = ANY ($2::smallint[]) AND (p.host IS NULL OR NOT EXISTS (SELECT FROM hosts h WHERE h.host = p.host AND NOT h.ended))
AND EXISTS (SELECT FROM hosts h WHERE h.host = $1 AND NOT h.ended)
RETURNING p.partition, p.epoch

-- name: hand over
UPDATE partitions p SET host = k.heir, epoch = epoch + 1 FROM unnest($2::smallint[], $3::bigint[]) AS k (partition, heir)
WHERE p.partition = k.partition AND p.host = $1 AND EXISTS (SELECT FROM hosts h WHERE h.host = k.heir AND NOT h.ended)

-- name: own
INSERT INTO claims (name, host, epoch)
SELECT $1, $2, 1 WHERE EXISTS (SELECT FROM hosts WHERE host = $2 AND NOT ended)
ON CONFLICT (name) DO UPDATE SET host = excluded.host, epoch = claims.epoch + 1
WHERE claims.host IS NULL OR claims.host = excluded.host OR NOT EXISTS (SELECT FROM hosts h WHERE h.host = claims.host AND NOT h.ended)
RETURNING epoch

-- name: disown
UPDATE claims SET host = NULL WHERE name = $1 AND host = $2 AND epoch = $3

-- name: claims
SELECT name, host FROM claims WHERE host IS NOT NULL ORDER BY name

-- name: forget host
-- Forgets hosts that were lost long ago and accepted nothing that is still queued.
DELETE FROM hosts h WHERE h.ended AND h.seen < $1 AND NOT EXISTS (SELECT FROM partitions p CROSS JOIN apps a
	CROSS JOIN LATERAL (SELECT FROM packages q WHERE q.partition = p.partition AND q.app = a.app AND q.stream = h.host LIMIT 1) q)

-- name: forget flights
DELETE FROM flights f WHERE NOT EXISTS (SELECT FROM hosts h WHERE h.host = f.host)

-- name: forget streams
DELETE FROM streams s WHERE NOT EXISTS (SELECT FROM hosts h WHERE h.host = s.host)

-- name: forget orders
-- Whoever asked has gone, too, or knows that nothing was done.
DELETE FROM orders o WHERE NOT EXISTS (SELECT FROM hosts h WHERE h.host = o.host)

-- name: flights
-- What was in flight at hosts that were lost since a time.
SELECT h.expires, f.lanes FROM hosts h JOIN flights f USING (host) WHERE h.ended AND h.leased >= 0 AND h.expires > $1

-- name: durability
-- What commits wait for, and how many standbys follow. Who reads changes one by one is no standby.
SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
	(SELECT count(*) FROM pg_stat_replication r
		WHERE NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical'))
