import type { Command } from 'commander';
import { answerShell } from '../completion/answer-shell.ts';
import { lateNames } from '../completion/names/late-names.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';

/**
 * Answers the script of a shell. Whatever goes wrong, nothing is said: somebody is typing a line, and would find it in there.
 */
export async function complete(args: readonly string[], program: Command, invocation: Invocation): Promise<number> {
  const [shell, ...words] = args;
  const { cwd, out } = invocation;
  try {
    const lines = await answerShell(shell, words, { program, names: lateNames(invocation), cwd });
    out.write(lines.map((line) => `${line}\n`).join(''));
  } catch {
    // Nothing is suggested.
  }
  return exitCodes.success;
}
