/**
 * The shell program of the guardian. Its standard input comes from us and says what there is to guard:
 *
 *     h <pid>       a slot has come
 *     x <pid>       a slot has gone
 *     g <tenths>    the longest grace of any attempt, in tenths of a second
 *     q             all is over, leave
 *
 * The end of the input without `q` means that we are dead. Then it asks the slots to end their attempts, and when they
 * are done looks for what has escaped them, by the mark that every attempt carries in its environment (`$1`). That also
 * finds the attempts of a slot that was killed together with us. Without /proc the slots have to do.
 */
export const guardianProgram = `
trap '' HUP INT TERM
__etl_mark=$1 __etl_grace=50 __etl_slots=' '
while read -r __etl_what __etl_number; do
  case $__etl_what in
    h) __etl_slots="$__etl_slots$__etl_number " ;;
    x) __etl_slots="\${__etl_slots/ $__etl_number / }" ;;
    g) __etl_grace=$__etl_number ;;
    q) exit 0 ;;
  esac
done
exec 2>/dev/null
__etl_clock() {
  __etl_now=\${EPOCHREALTIME-$SECONDS.000000}
  __etl_now=$((10#\${__etl_now/[.,]/} / 100000))
}
__etl_clock
for ((__etl_start = __etl_now; __etl_now < __etl_start + __etl_grace + 60; )); do
  __etl_alive=
  for __etl_slot in $__etl_slots; do kill -TERM "$__etl_slot" && __etl_alive="$__etl_alive $__etl_slot"; done
  __etl_slots=$__etl_alive
  [[ $__etl_slots ]] || break
  sleep 0.1
  __etl_clock
done
__etl_asked=
for ((__etl_start = __etl_now; __etl_now < __etl_start + 100; )); do
  __etl_alive=
  for __etl_file in $(grep -lsF "$__etl_mark" /proc/[0-9]*/environ); do
    __etl_pid=\${__etl_file#/proc/} __etl_pid=\${__etl_pid%/environ}
    ((__etl_pid > 1)) || continue
    if [[ ! $__etl_asked ]]; then kill -TERM "$__etl_pid"; kill -CONT "$__etl_pid"; fi
    ((__etl_now >= __etl_start + 5)) && kill -KILL "$__etl_pid"
    __etl_alive=1
  done
  [[ $__etl_alive ]] || exit 0
  __etl_asked=1
  sleep 0.1
  __etl_clock
done
`;
