-- name: order
INSERT INTO orders (number, host, ids, app, most) VALUES (nextval('order_numbers'), $1, $2, $3, $4) RETURNING number

-- name: ordered
-- What a host is asked and has not answered.
SELECT number, ids, app, most FROM orders WHERE host = $1 AND done IS NULL ORDER BY number

-- name: answer
UPDATE orders SET done = $2, failure = $3 WHERE number = $1

-- name: answered
-- The answer to an order, and whether the host that was asked is still there.
SELECT o.done, o.failure, EXISTS (SELECT FROM hosts h WHERE h.host = o.host AND NOT h.ended) FROM orders o WHERE o.number = $1

-- name: end order
DELETE FROM orders WHERE number = $1
