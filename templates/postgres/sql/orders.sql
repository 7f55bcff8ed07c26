-- The SELECT stands for your source. Every order gets the time at which its source last confirmed it, which the check of
-- freshness looks at.
INSERT INTO shop.orders (order_id, customer_id, ordered_on, amount, state)
SELECT
  id,
  1 + id * 7 % 40,
  DATE '2026-01-01' + id % 180,
  (5 + id * 13 % 950)::numeric / 10,
  (ARRAY['open', 'paid', 'sent'])[1 + id % 3]
FROM generate_series(1, 5000) AS id
ON CONFLICT (order_id) DO UPDATE SET
  customer_id = excluded.customer_id,
  ordered_on = excluded.ordered_on,
  amount = excluded.amount,
  state = excluded.state,
  loaded_at = now();
