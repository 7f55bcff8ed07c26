"""Prints how many rows are wrong.

check.py duplicates FILE COLUMN          values that are there more than once
check.py empty FILE COLUMN               rows without a value
check.py orphans FILE COLUMN OTHER_FILE  rows whose value is in no row of the other file
"""

import sys
from collections import Counter

from etl_task import read_rows

kind, path, column = sys.argv[1:4]
values = [row[column] for row in read_rows(path)]
if kind == "duplicates":
    print(sum(1 for count in Counter(values).values() if count > 1))
elif kind == "empty":
    print(values.count(""))
elif kind == "orphans":
    known = {row[column] for row in read_rows(sys.argv[4])}
    print(sum(1 for value in values if value not in known))
else:
    sys.exit(f"there is no check {kind}")
