import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import type { Diagnostic } from '../engine/index.ts';
import { exitCodes } from './exit-code.ts';
import type { Invocation } from './invocation.ts';
import { createProgram } from './program.ts';

/** A call of the program; `cwd` is undefined when the working directory was deleted. */
type Call = Omit<Invocation, 'cwd'> & { readonly cwd: string | undefined };

/** Carries out one call of the program; returns its exit code, and throws on a bug only. */
export async function runProgram(args: readonly string[], { cwd, ...call }: Call): Promise<number> {
  const invocation: Invocation = { ...call, cwd: cwd ?? '/' };
  if (cwd === undefined) return showMistake(noDirectory, args, invocation);
  let command = '';
  const exitCode = await carryOut(args, invocation, (name) => {
    command = name;
  });
  const failure = await invocation.out.flush();
  if (failure === undefined) return exitCode;
  // The engine is large, and not loaded for a `--version`.
  const { writeError } = await import('../engine/index.ts');
  const mistake = writeError('standard output', failure, 'write it to another place');
  await showMistake(mistake, args, invocation);
  // The log of a run is beside its results; otherwise what is printed is the result.
  const isResult = command !== 'run' || args.includes('--dry-run');
  return exitCode === exitCodes.success && isResult ? exitCodes.taskFailed : exitCode;
}

async function carryOut(
  args: readonly string[],
  invocation: Invocation,
  onCommand: (name: string) => void,
): Promise<number> {
  let exitCode: number = exitCodes.success;
  const program = createProgram(invocation, (code) => {
    exitCode = code;
  });
  if (args[0] === completionRequest) {
    const { complete } = await import('./commands/complete.ts');
    return complete(args.slice(1), program, invocation);
  }
  program.hook('preAction', (_, action) => onCommand(action.name()));
  const commands = [...program.commands.map((command) => command.name()), 'help'];
  const [word] = args;
  if (word !== undefined && isStray(word, commands, invocation.cwd)) {
    const { strayWord } = await import('./diagnostics/usage-error.ts');
    return showMistake(strayWord(word, commands), args, invocation);
  }
  const [, helped = ''] = word === 'help' ? args : [];
  if (/^\w/.test(helped) && !commands.includes(helped)) {
    const { strayWord } = await import('./diagnostics/usage-error.ts');
    return showMistake(strayWord(helped, commands, 'help'), args, invocation);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.success;
    // The help that stands in for a missing command has been printed.
    if (error.code === 'commander.help') return exitCodes.usage;
    const { usageError } = await import('./diagnostics/usage-error.ts');
    const command = commands.find((name) => args.includes(name)) ?? 'run';
    return showMistake(usageError(error, `etl-tui ${command}`), args, invocation);
  }
}

/** With this word the script of a shell asks what may be typed; people never call it, so that it is no command. */
const completionRequest = '__complete';

/** A first word that is neither a command nor a file, and does not look like a path either, is a mistyped command. */
function isStray(word: string, commands: readonly string[], cwd: string): boolean {
  return /^[\w-]+$/.test(word) && !word.startsWith('-') && !commands.includes(word) && !existsSync(resolve(cwd, word));
}

const noDirectory: Diagnostic = {
  code: 'usage/no-directory',
  severity: 'error',
  message: 'the working directory was deleted',
  hint: 'change to an existing directory (cd) and run etl-tui again',
};

async function showMistake(mistake: Diagnostic, args: readonly string[], invocation: Invocation): Promise<number> {
  const { showDiagnostics } = await import('./diagnostics/show-diagnostics.ts');
  const display = { color: !args.includes('--no-color'), ascii: args.includes('--ascii') };
  return showDiagnostics([mistake], display, invocation);
}
