/**
 * The shell program of the guardian. Its argument `$1` is how an environment entry of every process of this runner begins
 * (see process-mark.ts); with a second one, the runner has a lease (see lease.ts), whose end, when one is known, is in two
 * more: a runner that stops before it has written its first line is watched all the same.
 *
 * 1. It reads lines from its standard input, a pipe from the orchestrator:
 *
 *        h <pid>       a slot was opened
 *        x <pid>       a slot has ended
 *        g <tenths>    the longest grace of any attempt, in tenths of a second
 *        l <up> <at>   the end of the lease, in tenths of a second since the start of the machine and since 1970
 *        q             exit
 *
 * 2. The end of the input without `q` means that the orchestrator is dead. As good as dead it is when the lease is over by
 *    either clock, at which the guardian looks five times a second, and nothing in the input renews it. Bash before version 4
 *    cannot look, and knows the end of the input only.
 * 3. Then it looks in /proc, ten times a second, for living processes with the mark. A zombie is none: it may stay for as
 *    long as its parent likes, and has no environment.
 * 4. A slot it finds gets SIGTERM and SIGCONT, and ends its attempt itself (see slot-program.ts). Every other process group
 *    it finds gets SIGTERM and SIGCONT, once; a group whose leader is the child of a living slot only when the slot is gone.
 * 5. Whatever still lives when the grace in its mark is over gets SIGKILL; a slot six seconds after the longest grace. A grace
 *    begins at the end of the lease, if that was before: after a sleep of the machine nothing is left of it.
 * 6. It exits when nothing is found, or when what it finds has outlived SIGKILL by ten seconds.
 *
 * All groups are handled at the same time, and none by a pid that was told before: only what carries the mark now is
 * signalled, so that no pid that was given to another program meanwhile is hit. The groups are our own, since a process can
 * move only to a group of its session, and every session of an attempt begins with a slot or with a process of the attempt.
 *
 * Without /proc only the slots are asked to end, by the pids that were told.
 */
export const guardianProgram = `
trap '' HUP INT TERM
__etl_mark=$1 __etl_grace=50 __etl_slots=' ' __etl_is_leased=\${2:+1} __etl_up=$3 __etl_at=$4 __etl_late=0 __etl_rest= __etl_sure=
__etl_clock() {
  __etl_now=\${EPOCHREALTIME-$SECONDS.000000}
  __etl_now=$((10#\${__etl_now/[.,]/} / 100000))
}
__etl_lease_is_over() {
  [[ $__etl_up ]] || return 1
  __etl_late=-1
  IFS=' .' read -r __etl_seconds __etl_part __etl_line </proc/uptime &&
    __etl_late=$((__etl_seconds * 10 + 10#$__etl_part / 10 - __etl_up))
  if [[ $EPOCHREALTIME ]]; then
    __etl_clock
    ((__etl_now - __etl_at > __etl_late)) && __etl_late=$((__etl_now - __etl_at))
  fi
  ((__etl_late >= 0)) || { __etl_late=0; return 1; }
}
__etl_wait=()
while :; do
  [[ $__etl_is_leased ]] && ((BASH_VERSINFO[0] > 3)) && __etl_wait=(-t "\${__etl_sure:-0.2}")
  if IFS= read -r "\${__etl_wait[@]}" __etl_line; then
    set -- $__etl_rest$__etl_line
    __etl_rest=
    case $1 in
      h) __etl_slots="$__etl_slots$2 " ;;
      x) __etl_slots="\${__etl_slots/ $2 / }" ;;
      g) __etl_grace=$2 ;;
      l) __etl_up=$2 __etl_at=$3 ;;
      q) exit 0 ;;
    esac
  elif (($? > 128)); then
    __etl_rest=$__etl_rest$__etl_line
  else
    __etl_lease_is_over
    break
  fi
  if ! __etl_lease_is_over; then __etl_sure=; elif [[ $__etl_sure ]]; then break; else __etl_sure=0.02; fi
done
exec 2>/dev/null
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
      __etl_allowed=$(((10#$__etl_number + 99) / 100 + (__etl_held && !__etl_is_leased ? 10 : 0)))
      [[ \${__etl_is_slot[__etl_pid]} ]] && __etl_allowed=$((__etl_grace + 60))
      __etl_until[__etl_key]=$((__etl_now + (__etl_allowed > __etl_late ? __etl_allowed - __etl_late : 0)))
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
