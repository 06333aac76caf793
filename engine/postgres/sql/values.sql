-- name: value
SELECT value FROM kept WHERE space = $1 AND key = $2

-- name: values
SELECT key, value FROM kept WHERE space = $1

-- name: hold space
-- Fails with a division by zero when another host owns the listener of that name. The row of the claim stays locked, so that no
-- other host takes the listener meanwhile.
WITH claim AS (SELECT host FROM claims WHERE name = $1 FOR SHARE)
SELECT 1 / (CASE WHEN EXISTS (SELECT FROM claim c JOIN hosts h ON h.host = c.host AND NOT h.ended WHERE c.host <> $2::bigint) THEN 0 ELSE 1 END)

-- name: set values
INSERT INTO kept (space, key, value) SELECT $1, k.key, k.value FROM unnest($2::bytea[], $3::bytea[]) AS k (key, value) ORDER BY 2
ON CONFLICT (space, key) DO UPDATE SET value = excluded.value

-- name: remove values
DELETE FROM kept WHERE space = $1 AND key = ANY ($2::bytea[])
