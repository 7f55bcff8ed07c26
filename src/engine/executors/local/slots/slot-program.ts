/**
 * The shell program of a slot. It is asked over its standard input to run one attempt after the other, each in a process
 * group of its own, and reports on its standard output:
 *
 *     @S <pid>            started; the pid is also the process group
 *     @N <what>           not started for want of what it is: `env`, `cwd` or `program`; an `@E` follows
 *     @E <code> <left> <last>
 *                         ended; `left` is 1 when other processes of the group are still there, `last` is 1 when the
 *                         slot leaves now
 *
 * Any other line is bash's own (how an attempt ended, a failed fork).
 *
 * A request is the size of its body in bytes, a line, and the body: assignments in ASCII on one line, to be evaluated.
 * `read -N` takes the body at once, where `read -d` would ask the kernel for every single byte; bash before 4.1 has
 * no `-N` and reads a line.
 *
 * Descriptors 3 and 4 become the attempt's output, 5 is /dev/null. 6 and 7 are the ends from which the output is read;
 * the slot never does, but while it has them an attempt that says something in its last moments is not killed for it,
 * though we are dead. All of them and the status channel are closed for the attempt, so that nothing it leaves behind can
 * hold up or imitate the slot. They are closed by an `exec` of their own: bash would keep copies of what the last one
 * closes, and a script without `#!` is run by this very bash, copies and all. When exec fails, bash says so on the attempt's
 * stderr, under the name of the program's file (see shell-programs.ts).
 *
 * A stopped attempt is not an ended one: with job control `wait` also comes back for the former, so that it is asked again.
 * (`wait -f` would not, but bash 5.2 looks at memory it has freed there, and at times never comes back at all.)
 *
 * Times are in tenths of a second; before bash 5 there are only whole ones.
 *
 * On TERM (from the guardian, when the program that gave the orders is dead) it ends the group: politely, then by force.
 * Traps are not inherited, so that the one for PIPE keeps a broken channel from killing the slot, and no attempt from
 * being killed by its own broken pipes.
 */
export const slotProgram = `
set -m
exec 2>&1 5</dev/null
{ echo 500 >/proc/self/oom_score_adj; } 2>&5
unset OLDPWD
IFS=
__etl_busy= __etl_doomed= __etl_task=
__etl_clock() {
  __etl_now=\${EPOCHREALTIME-$SECONDS.000000}
  __etl_now=$((10#\${__etl_now/[.,]/} / 100000))
}
__etl_ask() {
  __etl_clock
  __etl_until=$((__etl_now + __etl_grace))
  kill -TERM -- "-$__etl_task" && kill -CONT -- "-$__etl_task"
} 2>&5
__etl_doom() {
  [[ $__etl_busy ]] || exit 0
  [[ $__etl_doomed ]] && return
  __etl_doomed=1
  [[ $__etl_task ]] && __etl_ask
}
trap __etl_doom TERM
trap : PIPE
__etl_await() {
  while wait "$__etl_task"; __etl_code=$?; ((__etl_code > 128)) && [[ ! $__etl_doomed ]] && kill -0 "$__etl_task" 2>&5; do
    sleep 0.2
  done
}
__etl_end_group() {
  while kill -0 -- "-$__etl_task" 2>&5; do
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
  export "\${__etl_env[@]}" 2>&5 || { echo '@N env'; exit 126; }
  cd -- "$__etl_cwd" 2>&5 || { echo '@N cwd'; exit 126; }
  hash -- "\${__etl_argv[0]}" 2>&5 || { echo '@N program'; exit 127; }
}
while [[ ! $__etl_doomed ]] && read -r __etl_size && __etl_read; do
  __etl_busy=1
  eval "$__etl_body"
  (__etl_prepare; exec >&3 2>&4 3>&- 4>&- 5>&- 6>&- 7>&-; exec -- "\${__etl_argv[@]}") <&5 &
  __etl_task=$!
  echo "@S $__etl_task"
  [[ $__etl_doomed ]] && __etl_ask
  __etl_await
  if [[ $__etl_doomed ]]; then
    __etl_end_group
    wait "$__etl_task"
    __etl_code=$?
  fi
  __etl_left=0
  kill -0 -- "-$__etl_task" 2>&5 && __etl_left=1
  echo "@E $__etl_code $__etl_left \${__etl_doomed:-0}"
  __etl_busy= __etl_task=
done
`;
