"""What the tasks share. By hand they run the same: python3 tasks/orders.py build/orders.csv"""

import csv
import json
import os


def report(**what):
    """Tells the run how far the task is or what it did: report(progress=0.4, message="week 7"), report(rows=500)."""
    path = os.environ.get("ETL_TASK_REPORT")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(what) + "\n")


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path, rows):
    """Writes a CSV file that others see whole or not at all, so that the task may be killed at any moment."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    part = f"{path}.part"
    with open(part, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    os.replace(part, path)
    report(rows=len(rows))
