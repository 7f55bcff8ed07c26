# Usage: unknown-customers.sh ORDERS CUSTOMERS. Prints how many orders are of a customer that is not there.
awk -F, 'FNR == 1 { next } NR == FNR { known[$1]; next } !($2 in known) { count++ } END { print count + 0 }' "$2" "$1"
