import { slotProgram } from '../process/slots/slot-program.ts';

/** The line at the end of an attempt's status file: nothing of it runs any more. */
export const overLine = '@X';

/**
 * The script that is submitted; `$1` is the directory of the attempt (see job-folder.ts), `$2` the name of
 * `jobProgram`, which is beside it.
 *
 * 1. It takes the directory `claim`, which only one can: when an attempt was submitted twice, or was given up before it
 *    began, the job ends here and has done nothing.
 * 2. It becomes a slot (`executors/process/slots`), which runs this one instruction and writes its lines into the file
 *    `status`. The instruction, which holds the environment, is deleted once it is open.
 * 3. What the command has left is ended: by SIGTERM, and after the grace by SIGKILL. Slurm does so too, but not with every
 *    configuration, and without a grace.
 * 4. `@X` is written, and the job ends with the exit code of the command, so that Slurm's own records show it.
 *
 * On SIGTERM the slot ends its command; how soon SIGKILL follows is in the file `grace` when whoever asks has written one.
 */
export const jobScript = `#!/usr/bin/env bash
cd -- "$1" && mkdir claim || exit 1
exec 8<instruction && rm -f instruction || exit 1
exec bash --norc -p -c '. "../$0"' "$2" <&8 >>status 3>>stdout 4>>stderr 6</dev/null 7</dev/null 8<&-
`;

/** Put behind an instruction: what it takes to end the attempt as it is asked for. */
export function jobInstruction(instruction: string, mark: string): string {
  const onTerm = '[[ -r grace ]] && read -r __etl_grace <grace; __etl_on_term';
  const text = `${instruction} __etl_own=${mark}; trap '${onTerm}' TERM`;
  return `${text.length + 1}\n${text}\n`;
}

/** The slot program, and what follows it in the same shell. */
export const jobProgram = `${slotProgram}
trap '' TERM
exec 3>&- 4>&-
__etl_task=$!
IFS=$'\\n'
__etl_left() { grep -lsF -- "$__etl_own" /proc/[0-9]*/environ | tr -cd '0-9\\n'; }
__etl_over() { ! __etl_group_lives && [[ -z $(__etl_left) ]]; }
__etl_send() { kill "-$1" -- "-$__etl_task" $(__etl_left); } 2>&5
if [[ $__etl_task ]] && ! __etl_over; then
  __etl_clock
  __etl_until=$((__etl_now + __etl_grace))
  __etl_send TERM
  until __etl_over; do
    __etl_clock
    ((__etl_now >= __etl_until)) && __etl_send KILL
    ((__etl_now > __etl_until + 50)) && break
    sleep 0.1
  done
fi
echo '${overLine}'
exit "\${__etl_code:-1}"
`;
