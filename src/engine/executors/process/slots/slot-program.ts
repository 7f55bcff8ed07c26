/**
 * The shell program of a slot. For every attempt:
 *
 * 1. It reads an instruction from its standard input: a line with the size of the body in bytes, then the body, which is
 *    one line of assignments in ASCII (see slot-instruction.ts).
 * 2. It starts the command in a process group of its own and prints `@S <pid>`; the pid is also the process group.
 * 3. If the command could not be started, it prints `@N env`, `@N cwd` or `@N program` for what was missing; step 4 follows.
 * 4. When the leader has ended, it prints `@E <status> <group> <exits>`: bash's status; 1 if other processes of the group
 *    still live; 1 if the slot exits now.
 *
 * Any other line is a message of bash (how an attempt ended, a failed fork). At the end of its input the slot exits.
 *
 * On SIGTERM, which the kernel and the guardian send when the orchestrator is dead, an idle slot exits at once. A busy one
 * sends SIGTERM to the group, SIGKILL after the grace, prints step 4 and exits. Slots and guardian look after each other:
 * a slot whose orchestrator is dead lets the guardian, whose pid is `$1` or in the newest instruction, go on if it is
 * stopped, and starts another if it is gone.
 *
 * Why it is written the way it is:
 *
 * - `read -N` takes the body at once, where `read -d` would call the kernel for every single byte; bash before 4.1 has no
 *   `-N` and reads a line.
 * - Descriptors 3 and 4 become the attempt's output, 5 is /dev/null. 6 and 7 are the reading ends of the output; the slot
 *   never reads them, but while it holds them, an attempt that writes after the orchestrator's death gets no SIGPIPE.
 * - All of them and the slot's standard output are closed for the attempt, so that no process it leaves behind can block
 *   or imitate the slot. What the subshell does not need is closed by its own redirections, for which bash makes no
 *   copies; a redirection of one command takes nine calls of the kernel. The rest takes an `exec` of its own: bash keeps
 *   copies of what the last `exec` closes, and a script without `#!` would inherit them. When exec fails, bash prints its message on the attempt's stderr, under the name of
 *   the program's file (see shell-programs.ts).
 * - With job control `wait` also returns for a stopped attempt, so that it is repeated while the attempt lives. `wait -f`
 *   would not return, but bash 5.2 reads freed memory there, and at times never comes back.
 * - Bash gives -1 for a leader that a signal has ended in the moment in which bash was signalled itself.
 * - Whether a group still lives is seen by the states of its processes. `kill -0` also finds zombies, which stay for as long
 *   as their parent likes; below a container's first process that waits for nobody, until the container ends.
 * - Times are in tenths of a second; before bash 5 in whole seconds.
 * - The trap for PIPE keeps the slot alive when its output is closed. Traps are not inherited, so that attempts are ended
 *   by a broken pipe as usual.
 */
export const slotProgram = `
set -m
exec 2>&1 5</dev/null
{ echo 500 >/proc/self/oom_score_adj; } 2>&5
unset OLDPWD
IFS=
__etl_busy= __etl_ending= __etl_task= __etl_guardian=$1 __etl_mark=ETL_TUI_MARK=\${ETL_TUI_MARK%/*}/
__etl_clock() {
  __etl_now=\${EPOCHREALTIME-$SECONDS.000000}
  __etl_now=$((10#\${__etl_now/[.,]/} / 100000))
}
__etl_terminate() {
  __etl_clock
  __etl_until=$((__etl_now + __etl_grace))
  kill -TERM -- "-$__etl_task" && kill -CONT -- "-$__etl_task"
} 2>&5
__etl_is_orphan() {
  local IFS=' ' __etl_line=
  read -r -d '' __etl_line <"/proc/$$/stat"
  set -- \${__etl_line##*') '}
  [[ $2 && $2 != "$PPID" ]]
}
__etl_rouse_guardian() {
  __etl_is_orphan || return
  grep -qsF "$__etl_mark" "/proc/$__etl_guardian/cmdline" && kill -CONT "$__etl_guardian" && return
  set -C
  if : >guardian-restarted; then
    ETL_TUI_MARK= "$BASH" --norc -p -c '. ./etl-tui-guardian' etl-tui-guardian "$__etl_mark" <&5 >&5 3>&- 4>&- 6>&- 7>&- &
  fi
  set +C
} 2>&5
__etl_on_term() {
  [[ $__etl_busy ]] || exit 0
  [[ $__etl_ending ]] && return
  __etl_ending=1
  [[ $__etl_task ]] && __etl_terminate
  __etl_rouse_guardian
}
trap __etl_on_term TERM
trap __etl_rouse_guardian EXIT
trap : PIPE
__etl_await() {
  while wait "$__etl_task"; __etl_code=$?; ((__etl_code > 128)) && [[ ! $__etl_ending ]] && kill -0 "$__etl_task" 2>&5; do
    sleep 0.2
  done
}
__etl_group_lives() {
  kill -0 -- "-$__etl_task" 2>&5 || return 1
  [[ -r /proc/self/stat ]] || return 0
  grep -qsE "^[0-9]+ [(].*[)] [^ZX] [0-9]+ $__etl_task " /proc/[0-9]*/stat
  (($? != 1 && $? != 2))
}
__etl_end_group() {
  while __etl_group_lives; do
    __etl_clock
    ((__etl_now >= __etl_until)) && kill -KILL -- "-$__etl_task" 2>&5
    ((__etl_now > __etl_until + 50)) && return
    sleep 0.1
  done
}
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 401)); then
  __etl_read() { read -r -N "$__etl_size" __etl_body; }
else
  __etl_read() { read -r __etl_body; }
fi
__etl_prepare() {
  export "\${__etl_env[@]}" || { echo '@N env'; exit 126; }
  cd -- "$__etl_cwd" || { echo '@N cwd'; exit 126; }
  hash -- "\${__etl_argv[0]}" || { echo '@N program'; exit 127; }
}
while [[ ! $__etl_ending ]] && read -r __etl_size && __etl_read; do
  __etl_busy=1
  eval "$__etl_body"
  (__etl_prepare; exec >&3 2>&4 3>&- 4>&-; exec -- "\${__etl_wrapper[@]}" "\${__etl_argv[@]}") <&5 2>&5 5>&- 6>&- 7>&- &
  __etl_task=$!
  echo "@S $__etl_task"
  [[ $__etl_ending ]] && __etl_terminate
  __etl_await
  if [[ $__etl_ending ]]; then
    __etl_end_group
    wait "$__etl_task"
    __etl_code=$?
    ((__etl_code < 0)) && __etl_code=$((__etl_now < __etl_until ? 143 : 137))
  fi
  __etl_group=0
  kill -0 -- "-$__etl_task" 2>&5 && __etl_group=1
  echo "@E $__etl_code $__etl_group \${__etl_ending:-0}"
  __etl_busy= __etl_task=
done
`;
