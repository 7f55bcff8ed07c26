# A task of the pipeline beside it: its name, about how many seconds it takes, and how many rows it has in the end; with `fail`
# its first attempt fails. SHOP_PACE makes all of them slower, the task SHOP_BROKEN fails, and so many orders
# as SHOP_LOST says have no customer.
name=$1 seconds=$2 rows=$3
report() { echo "$1" >> "$ETL_TASK_REPORT"; }
printf '\033[1mbegin\033[0m %s for %s\n' "$name" "$ETL_PARAM_DAY"
if [ "$rows" = fail ] && [ "$ETL_ATTEMPT" = 1 ]; then
  sleep 1
  echo 'GET /rates/2026-01-05: 503 Service Unavailable' >&2
  echo 'error: the source of the rates did not answer' >&2
  exit 1
fi
[ "$rows" = fail ] && rows=31
if [ "${SHOP_BROKEN:-}" = "$name" ]; then
  echo 'error: the disk of the warehouse is full' >&2
  exit 1
fi
for part in 1 2 3 4; do
  printf '\033[32mok\033[0m   part %s of 4: %s rows\n' "$part" "$((rows * part / 4))"
  [ "$part" = 3 ] && echo 'warning: 3 rows without a price were left out' >&2
  report "{\"progress\":0.$((part * 25 - 1)),\"rows\":$((rows * part / 4)),\"message\":\"part $part of 4\"}"
  # A little work for the charts.
  node -e "const kept = Buffer.alloc($seconds * 2e7, 1); const end = Date.now() + $seconds * ${SHOP_PACE:-100}; while (Date.now() < end) kept.at(1);"
  sleep "0.$((seconds + 1))"
done
report "{\"rows\":$rows,\"rows_changed\":$((rows / 20))}"
echo "done: $rows rows"
