import type { Command } from '../../../model/pipeline/pipeline.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import type { Exit } from '../../../model/run/task-state.ts';
import type { StartRequest } from '../../../ports.ts';

/** What a slot evaluates to run one attempt, see slot-program.ts. */
export type SlotInstruction = {
  /** Assignments of bash, on one line and in ASCII. */
  readonly text: string;
  /** The first word of the command. */
  readonly program: string;
};

/** What an attempt is given beside its request. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string>>;
  /** What stands before the command; empty for none. */
  readonly wrapper: readonly string[];
  /** The pid of the guardian; undefined when there is none at the moment. */
  readonly guardian: number | undefined;
};

/** The longest single argument that Linux accepts, whatever the limit for all of them together. */
const maxArgumentBytes = 0x20000 - 1;
const plainText = /^[A-Za-z0-9_@%+=:,./-]+$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Variables that bash does not let anybody set, or gives values of its own. */
const reservedByBash =
  /^(BASHOPTS|BASHPID|BASH_(ARGC|ARGV|ARGV0|CMDS|COMMAND|LINENO|SOURCE|SUBSHELL|VERSINFO)|DIRSTACK|EPOCH(REALTIME|SECONDS)|EUID|FUNCNAME|GROUPS|HISTCMD|LINENO|PPID|S?RANDOM|SECONDS|SHELLOPTS|UID|_)$/;

/**
 * The environment goes through the slot's standard input and never through a command line, which every user can read.
 * Fails with the exit of an attempt whose command or environment no process could be given.
 */
export function slotInstruction(
  bash: string,
  { command, cwd, killGraceMs }: StartRequest,
  { env, wrapper, guardian }: Surroundings,
): Result<SlotInstruction, Exit> {
  const argv = argvOf(command, bash);
  const mistake = findMistake(argv, cwd, env);
  if (mistake !== undefined) return failed({ kind: 'not-started', reason: 'usage', message: mistake });
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const text = [
    `__etl_cwd=${shellQuote(cwd)}`,
    `__etl_grace=${tenthsOf(killGraceMs)}`,
    `__etl_guardian=${guardian ?? 0}`,
    `__etl_env=(${pairs.join(' ')})`,
    `__etl_wrapper=(${wrapper.map(quoteArgument).join(' ')})`,
    `__etl_argv=(${argv.map(quoteArgument).join(' ')})`,
  ].join(' ');
  return ok({ text, program: argv[0] });
}

function argvOf(command: Command, bash: string): readonly [string, ...string[]] {
  if (command.kind === 'argv') return command.argv;
  const { shell, script } = command;
  return shell === undefined ? [bash, '--norc', '-eo', 'pipefail', '-c', '--', script] : [...shell, script];
}

/** A grace in tenths of a second, the unit of the shell programs; an hour at most. */
export function tenthsOf(graceMs: number): number {
  return Math.min(36_000, Math.ceil(graceMs / 100));
}

function quoteArgument(argument: string): string {
  return argument === '' ? "''" : shellQuote(argument);
}

function findMistake(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): string | undefined {
  const all = [...argv, cwd, ...Object.values(env)];
  if (all.some((text) => text.includes('\0'))) return 'the command or its environment contains a NUL character';
  if (argv[0] === '') return 'the command is empty';
  if (all.some((text) => text.length * 3 > maxArgumentBytes && Buffer.byteLength(text) > maxArgumentBytes)) {
    return 'the command or a value of its environment is longer than 128 KiB; use a file';
  }
  const name = Object.keys(env).find((key) => !canBeSet(key));
  return name === undefined ? undefined : `the environment variable ${JSON.stringify(name)} cannot be set; rename it`;
}

/** Whether bash lets anybody set a variable of that name. */
export function canBeSet(name: string): boolean {
  return variableName.test(name) && !reservedByBash.test(name);
}

/** A word that bash reads back as exactly `text`, on one line and in ASCII whatever `text` holds, except NUL. */
function shellQuote(text: string): string {
  if (plainText.test(text)) return text;
  let quoted = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const isBare = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c;
    quoted += isBare ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `$'${quoted}'`;
}
