-- name: value
SELECT value FROM kept WHERE space = $1 AND key = $2

-- name: values
SELECT key, value FROM kept WHERE space = $1

-- name: set values
INSERT INTO kept (space, key, value) SELECT $1, k.key, k.value FROM unnest($2::bytea[], $3::bytea[]) AS k (key, value) ORDER BY 2
ON CONFLICT (space, key) DO UPDATE SET value = excluded.value

-- name: remove values
DELETE FROM kept WHERE space = $1 AND key = ANY ($2::bytea[])
