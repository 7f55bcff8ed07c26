# Usage: orders.sh FILE. Stands for whatever gives you the data, such as: curl --fail https://shop.example/orders.csv > FILE
mkdir -p "$(dirname "$1")"
awk 'BEGIN {
  print "order_id,customer_id,amount"
  for (i = 1; i <= 500; i++) printf "%d,%d,%d\n", i, 1 + i * 7 % 40, 5 + i * 13 % 95
}' > "$1"

# A task may report what it did; the screen, the log and the history of runs show it.
echo '{"rows": 500}' >> "${ETL_TASK_REPORT:-/dev/null}"
