CREATE SCHEMA IF NOT EXISTS shop;
CREATE SCHEMA IF NOT EXISTS mart;

CREATE TABLE IF NOT EXISTS shop.customers (
  customer_id int PRIMARY KEY,
  country text NOT NULL
);

CREATE TABLE IF NOT EXISTS shop.orders (
  order_id int PRIMARY KEY,
  customer_id int,
  ordered_on date,
  amount numeric(10, 2),
  state text,
  loaded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS mart.revenue (
  country text,
  month date,
  orders bigint NOT NULL,
  revenue numeric NOT NULL,
  PRIMARY KEY (country, month)
);
