-- name: fronts
-- What is next in each lane: its first package, or, when that waits for a session of its device, the first session.
SELECT k.place, f.stream, f.number, f.id, f.created, f.accepted, f.session, f.due, f.attempts, f.failures, f.last, f.body,
	h.waits, d.adid, d.session,
	f.number <> h.number OR EXISTS (SELECT FROM packages m WHERE m.partition = k.partition AND m.app = k.app
		AND m.device = k.device AND m.number > h.number) AS more
FROM unnest($1::smallint[], $2::integer[], $3::bytea[]) WITH ORDINALITY AS k (partition, app, device, place)
CROSS JOIN LATERAL (
	SELECT p.* FROM packages p WHERE p.partition = k.partition AND p.app = k.app AND p.device = k.device
	ORDER BY p.number LIMIT 1
) h
CROSS JOIN LATERAL (
	(SELECT 0 AS rank, p.* FROM packages p WHERE h.waits AND p.session AND p.partition = k.partition AND p.app = k.app
		AND p.device = k.device AND p.number > h.number ORDER BY p.number LIMIT 1)
	UNION ALL SELECT 1, h.* ORDER BY 1 LIMIT 1
) f
LEFT JOIN devices d ON d.partition = k.partition AND d.app = k.app AND d.device = k.device

-- name: scan
-- Packages behind a position of each stream of a partition and an app.
SELECT c.place, p.number, p.device, coalesce(p.due, p.accepted)
FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS c (partition, app, stream, position, place)
CROSS JOIN LATERAL (
	SELECT p.number, p.device, p.due, p.accepted FROM packages p
	WHERE p.partition = c.partition AND p.app = c.app AND p.stream = c.stream AND p.number > c.position
	ORDER BY p.number LIMIT $5
) p

-- name: due
-- Lanes of an app that were attempted or given back, those first that are due first.
SELECT p.partition, p.device, p.due, p.number FROM packages p
WHERE p.app = $1 AND p.due IS NOT NULL AND (p.due, p.number) > ($2::bigint, $3::bigint) AND p.partition = ANY ($4::smallint[])
ORDER BY p.due, p.number LIMIT $5

-- name: flight
INSERT INTO flights (host, lanes) VALUES ($1, $2) ON CONFLICT (host) DO UPDATE SET lanes = excluded.lanes

-- name: hasten
-- Makes fronts of lanes due that wait for a time.
UPDATE packages p SET due = $5 FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[]) AS k (partition, app, stream, number)
WHERE p.partition = k.partition AND p.app = k.app AND p.stream = k.stream AND p.number = k.number AND p.due > $5
