"""Usage: revenue.py ORDERS CUSTOMERS FILE"""

import sys
from collections import Counter

from etl_task import read_rows, write_rows

orders, customers, target = sys.argv[1:]
country_of = {row["customer_id"]: row["country"] for row in read_rows(customers)}
revenue = Counter()
for order in read_rows(orders):
    revenue[country_of[order["customer_id"]]] += int(order["amount"])
write_rows(target, [{"country": country, "revenue": revenue[country]} for country in sorted(revenue)])
