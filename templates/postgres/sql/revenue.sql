-- In one transaction: who reads meanwhile sees the revenue of before.
DELETE FROM mart.revenue;
INSERT INTO mart.revenue (country, month, orders, revenue)
SELECT country, date_trunc('month', ordered_on)::date, count(*), sum(amount)
FROM shop.orders
JOIN shop.customers USING (customer_id)
GROUP BY 1, 2;
