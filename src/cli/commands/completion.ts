import { type CompletionShell, completionScripts } from '../completion/scripts.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';

/** Prints the script with which a shell completes calls of the program. */
export function completion(shell: CompletionShell, { out }: Invocation): number {
  out.write(completionScripts[shell]);
  return exitCodes.success;
}
