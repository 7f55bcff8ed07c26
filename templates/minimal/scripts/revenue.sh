# Usage: revenue.sh ORDERS CUSTOMERS FILE
{
  echo country,revenue
  awk -F, 'FNR == 1 { next } NR == FNR { country[$1] = $2; next } { sum[country[$2]] += $3 }
    END { for (one in sum) print one "," sum[one] }' "$2" "$1" | sort
} > "$3"
echo "{\"rows\": $(($(wc -l < "$3") - 1))}" >> "${ETL_TASK_REPORT:-/dev/null}"
