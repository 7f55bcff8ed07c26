"""Usage: customers.py FILE"""

import sys

from etl_task import write_rows

countries = ["AT", "CH", "DE", "FR", "IT"]
write_rows(sys.argv[1], [{"customer_id": i, "country": countries[i % 5]} for i in range(1, 41)])
