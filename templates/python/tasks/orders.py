"""Usage: orders.py FILE. Stands for your source: an API, a file, a database."""

import sys

from etl_task import write_rows

write_rows(
    sys.argv[1],
    [{"order_id": i, "customer_id": 1 + i * 7 % 40, "amount": 5 + i * 13 % 95} for i in range(1, 501)],
)
