/**
 * The shell program of the guardian.
 *
 * 1. It reads lines from its standard input, a pipe from the orchestrator:
 *
 *        h <pid>       a slot was opened
 *        x <pid>       a slot has ended
 *        g <tenths>    the longest grace of any attempt, in tenths of a second
 *        q             exit
 *
 * 2. The end of the input without `q` means that the orchestrator is dead. Then it sends SIGTERM to the slots, which end
 *    their attempts and exit (see slot-program.ts), and waits for them for the grace and 6 seconds.
 * 3. It searches /proc for processes that carry the mark `$1` in their environment: what left its group, and the attempts
 *    of a slot that was killed together with the orchestrator. It sends them SIGTERM, and SIGKILL after half a second, for
 *    10 seconds at most. Without /proc this step finds nothing.
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
__etl_terminated=
for ((__etl_start = __etl_now; __etl_now < __etl_start + 100; )); do
  __etl_alive=
  for __etl_file in $(grep -lsF "$__etl_mark" /proc/[0-9]*/environ); do
    __etl_pid=\${__etl_file#/proc/} __etl_pid=\${__etl_pid%/environ}
    ((__etl_pid > 1)) || continue
    if [[ ! $__etl_terminated ]]; then kill -TERM "$__etl_pid"; kill -CONT "$__etl_pid"; fi
    ((__etl_now >= __etl_start + 5)) && kill -KILL "$__etl_pid"
    __etl_alive=1
  done
  [[ $__etl_alive ]] || exit 0
  __etl_terminated=1
  sleep 0.1
  __etl_clock
done
`;
