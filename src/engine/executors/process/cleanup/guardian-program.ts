/**
 * The shell program of the guardian. Its argument `$1` is how an environment entry of every process of this runner begins
 * (see process-mark.ts).
 *
 * 1. It reads lines from its standard input, a pipe from the orchestrator:
 *
 *        h <pid>       a slot was opened
 *        x <pid>       a slot has ended
 *        g <tenths>    the longest grace of any attempt, in tenths of a second
 *        q             exit
 *
 * 2. The end of the input without `q` means that the orchestrator is dead. Then it looks in /proc, ten times a second, for
 *    living processes with the mark. A zombie is none: it may stay for as long as its parent likes, and has no environment.
 * 3. A slot it finds gets SIGTERM and SIGCONT, and ends its attempt itself (see slot-program.ts). Every other process group
 *    it finds gets SIGTERM and SIGCONT, once; a group whose leader is the child of a living slot only when the slot is gone.
 * 4. Whatever still lives when the grace in its mark is over gets SIGKILL; a slot six seconds after the longest grace.
 * 5. It exits when nothing is found, or when what it finds has outlived SIGKILL by ten seconds.
 *
 * All groups are handled at the same time, and none by a pid that was told before: only what carries the mark now is
 * signalled, so that no pid that was given to another program meanwhile is hit. The groups are our own, since a process can
 * move only to a group of its session, and every session of an attempt begins with a slot or with a process of the attempt.
 *
 * Without /proc only the slots are asked to end, by the pids that were told.
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
__etl_stat() {
  __etl_line=
  IFS= read -r -d '' __etl_line <"/proc/$1/stat"
  set -- \${__etl_line##*') '}
  __etl_parent=$2 __etl_group=$3
  [[ $1 == [!ZX] ]]
}
__etl_clock
if [[ ! -r /proc/self/environ ]]; then
  for ((__etl_start = __etl_now; __etl_now < __etl_start + __etl_grace + 60; )); do
    __etl_alive=
    for __etl_slot in $__etl_slots; do kill -TERM "$__etl_slot" && __etl_alive="$__etl_alive $__etl_slot"; done
    __etl_slots=$__etl_alive
    [[ $__etl_slots ]] || break
    sleep 0.1
    __etl_clock
  done
  exit 0
fi
__etl_until=() __etl_told=()
for ((__etl_last = __etl_now; ; )); do
  __etl_is_slot=() __etl_alive=
  __etl_found=$(grep -zosH "^$__etl_mark[^[:space:]]*" /proc/[0-9]*/environ | tr '\\0' '\\n')
  for __etl_entry in $__etl_found; do
    __etl_pid=\${__etl_entry#/proc/} __etl_pid=\${__etl_pid%%/*}
    [[ $__etl_entry == *"$__etl_mark"slot ]] && __etl_is_slot[__etl_pid]=1
  done
  for __etl_entry in $__etl_found; do
    __etl_pid=\${__etl_entry#/proc/} __etl_pid=\${__etl_pid%%/*}
    ((__etl_pid > 1)) && __etl_stat "$__etl_pid" || continue
    __etl_alive=1
    __etl_key=$__etl_pid __etl_target=$__etl_pid
    ((__etl_group > 1)) && __etl_key=$__etl_group __etl_target=-$__etl_group
    __etl_stat "$__etl_key" && __etl_held=\${__etl_is_slot[__etl_parent]} || __etl_held=
    if [[ ! \${__etl_until[__etl_key]} ]]; then
      __etl_number=\${__etl_entry##*/}
      [[ $__etl_number == *[!0-9]* || \${#__etl_number} -gt 7 ]] && __etl_number=5000
      __etl_allowed=$(((10#$__etl_number + 99) / 100 + (__etl_held ? 10 : 0)))
      [[ \${__etl_is_slot[__etl_pid]} ]] && __etl_allowed=$((__etl_grace + 60))
      __etl_until[__etl_key]=$((__etl_now + __etl_allowed))
      ((__etl_last < __etl_until[__etl_key] + 100)) && __etl_last=$((__etl_until[__etl_key] + 100))
    fi
    if [[ ! \${__etl_told[__etl_key]}$__etl_held ]]; then
      kill -TERM -- "$__etl_target"
      kill -CONT -- "$__etl_target"
      __etl_told[__etl_key]=1
    fi
    ((__etl_now >= __etl_until[__etl_key])) && kill -KILL -- "$__etl_target"
  done
  [[ $__etl_alive ]] && ((__etl_now < __etl_last)) || exit 0
  sleep 0.1
  __etl_clock
done
`;
