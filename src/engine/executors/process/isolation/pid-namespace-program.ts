/**
 * The shell program that runs an attempt in a PID namespace of its own: when its first process ends, the kernel ends every
 * other one in it, whatever it did to leave its group, its session or its environment. Arguments: the name of the slot's
 * program, the paths of `unshare`, `nsenter` and `setsid`, then the command.
 *
 * 1. `unshare` makes the namespace, with a /proc of its own. Its first process is a *keeper*, a shell that only waits and
 *    reaps. It prints `ready`. An ordinary user makes a user namespace as well, in which nothing but his own id exists.
 * 2. The program becomes `nsenter`, which enters the namespace, starts the command as a child, and ends as the command
 *    does, by the same exit code or signal. The command is not the first process itself: that one ignores every signal for
 *    which it has no handler, SIGTERM among them. `nsenter` ends at SIGTERM before its child does, so that an attempt that is
 *    terminated is told as such, whatever its command makes of it. (`unshare --fork` would wait, but makes an exit code of
 *    SIGKILL, by which the kernel ends what takes too much memory.)
 * 3. The keeper is outside of the attempt's group and carries its mark, and so is ended as any process that has left the
 *    group. When it gets SIGTERM, or the end of its input, a pipe that only `nsenter` holds, it sends SIGTERM to what has no
 *    mark (the runner sees to the others), on a second look too, since a program that is just being started has no environment
 *    for a moment, waits until the namespace is empty, and ends. A further SIGTERM may interrupt the
 *    reading of a process; what could not be read counts as running. SIGKILL ends it at once, and with
 *    it the namespace. Its parent `unshare` carries the mark too: below a parent that does not reap, the first process of a
 *    namespace never ends completely, and `unshare` waits for it until SIGKILL ends that wait after the grace.
 *
 * When the namespace cannot be made, it prints why in the form in which bash tells that a program cannot be started, under
 * the name of the slot's program, and exits with 126 (see `explainFailedExec`).
 */
export const pidNamespaceProgram = `
set +o posix
__etl_name=$1 __etl_unshare=$2 __etl_nsenter=$3 __etl_setsid=$4
shift 4
__etl_make=() __etl_enter=()
((EUID)) && __etl_make=(--user --map-current-user) __etl_enter=(--user --preserve-credentials)
__etl_keeper='
__etl_end() {
  trap : TERM
  __etl_bare=()
  for __etl_file in /proc/[0-9]*/environ; do
    __etl_pid=\${__etl_file#/proc/} __etl_pid=\${__etl_pid%/environ}
    ((__etl_pid > 1)) && ! grep -qs "ETL_TUI_MARK=" "$__etl_file" && __etl_bare+=("$__etl_pid")
  done
  ((\${#__etl_bare[@]})) && read -r -t 0.1 -u 9
  for __etl_pid in "\${__etl_bare[@]}"; do
    ! grep -qs "ETL_TUI_MARK=" "/proc/$__etl_pid/environ" && kill -TERM "$__etl_pid" && kill -CONT "$__etl_pid"
  done
  while :; do
    __etl_others=
    for __etl_file in /proc/[0-9]*/stat; do
      __etl_line=
      IFS= read -r -d "" __etl_line <"$__etl_file"
      [[ $__etl_line == "1 "* || $__etl_line == *") "[ZX]* || ! -e $__etl_file ]] || __etl_others=1
    done
    [[ $__etl_others ]] || exit 0
    read -r -t 0.05 -u 9
  done
}
trap "" HUP INT
trap __etl_end TERM
echo ready
exec >/dev/null 2>&1 9<> <(:)
while read -r; do :; done
__etl_end
'
exec 8<> <(:)
exec 9> >(
  exec "$__etl_setsid" "$__etl_unshare" "\${__etl_make[@]}" --pid --fork --kill-child=KILL --mount-proc -- \\
    "$BASH" --norc -p -c "$__etl_keeper" etl-tui-keeper >&8 2>&8
)
__etl_parent=$!
read -r -t 10 -u 8 __etl_line
if [[ $__etl_line == ready ]]; then
  __etl_line='the first process of the PID namespace cannot be found'
  read -r __etl_first <"/proc/$__etl_parent/task/$__etl_parent/children"
fi
if [[ ! $__etl_first ]]; then
  echo "$__etl_name: line 1: \${__etl_line:-there is no PID namespace}" >&2
  exit 126
fi
exec 8>&-
exec -- "$__etl_nsenter" --target "\${__etl_first%% *}" "\${__etl_enter[@]}" --mount --pid --wd -- "$BASH" --norc -p -c 'exec 9>&- -- "$@"' "$__etl_name" "$@"
`;
