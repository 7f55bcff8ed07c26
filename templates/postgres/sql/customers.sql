-- The SELECT stands for your source: a foreign table, another schema, a table into which a task before has copied a file.
-- Rows that are equal are not touched, so that what is reported as changed has changed.
INSERT INTO shop.customers AS target (customer_id, country)
SELECT id, (ARRAY['AT', 'CH', 'DE', 'FR', 'IT'])[1 + id % 5]
FROM generate_series(1, 40) AS id
ON CONFLICT (customer_id) DO UPDATE SET country = excluded.country
WHERE target.country IS DISTINCT FROM excluded.country;
