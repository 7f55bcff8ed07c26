import type { Exit } from '../../../model/task-state.ts';
import type { StartRequest } from '../../../ports.ts';
import { shellQuote } from './shell-quote.ts';

/** What a slot is asked to run, in the words of slot-program.ts; or why it cannot be asked. */
export type SlotInstruction =
  | { readonly kind: 'order'; readonly text: string; readonly program: string }
  | { readonly kind: 'refused'; readonly exit: Exit };

/** Linux takes no longer argument, whatever the limit for all of them together. */
const longestArgumentBytes = 0x20000 - 1;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Bash does not let these be set, or gives them values of its own. */
const ownedByBash =
  /^(BASHOPTS|BASHPID|BASH_(ARGC|ARGV|ARGV0|CMDS|COMMAND|LINENO|SOURCE|SUBSHELL|VERSINFO)|DIRSTACK|EPOCH(REALTIME|SECONDS)|EUID|FUNCNAME|GROUPS|HISTCMD|LINENO|PPID|S?RANDOM|SECONDS|SHELLOPTS|UID|_)$/;

/** The environment goes over the slot's input and never through a command line, where everybody could read it. */
export function slotInstruction(
  bash: string,
  { command, cwd, killGraceMs }: StartRequest,
  env: Readonly<Record<string, string>>,
): SlotInstruction {
  const argv =
    command.kind === 'argv' ? command.argv : ([bash, '--norc', '-eo', 'pipefail', '-c', '--', command.script] as const);
  const mistake = findMistake(argv, cwd, env);
  if (mistake !== undefined) {
    return { kind: 'refused', exit: { kind: 'not-started', reason: 'usage', message: mistake } };
  }
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const text = [
    `__etl_cwd=${shellQuote(cwd)}`,
    `__etl_grace=${tenthsOf(killGraceMs)}`,
    `__etl_env=(${pairs.join(' ')})`,
    `__etl_argv=(${argv.map(quoteArgument).join(' ')})`,
  ].join(' ');
  return { kind: 'order', text, program: argv[0] };
}

/** A grace in what the shell programs count in; an hour at most. */
export function tenthsOf(graceMs: number): number {
  return Math.min(36_000, Math.ceil(graceMs / 100));
}

function quoteArgument(argument: string): string {
  return argument === '' ? "''" : shellQuote(argument);
}

function findMistake(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): string | undefined {
  const all = [...argv, cwd, ...Object.values(env)];
  if (all.some((text) => text.includes('\0'))) return 'the command or its environment holds a NUL character';
  if (argv[0] === '') return 'the command is empty';
  if (all.some((text) => text.length * 3 > longestArgumentBytes && Buffer.byteLength(text) > longestArgumentBytes)) {
    return 'the command or a value of its environment is longer than 128 KiB; put it into a file';
  }
  const name = Object.keys(env).find((key) => !variableName.test(key) || ownedByBash.test(key));
  return name === undefined ? undefined : `the environment variable ${JSON.stringify(name)} cannot be set; rename it`;
}
