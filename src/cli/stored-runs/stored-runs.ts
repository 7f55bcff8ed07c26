import { resolve } from 'node:path';
import { type Diagnostic, findPipeline, findRun, type RunId } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';

/** Options of all commands about stored runs. */
export type StoredRunOptions = DisplayOptions & { readonly logDir?: string; readonly json?: true };

/** Where runs keep their logs: in the project whose pipeline is found from here, unless another place was named. */
export function logDirOf({ logDir }: StoredRunOptions, { cwd }: Invocation): string {
  if (logDir !== undefined) return resolve(cwd, logDir);
  const found = findPipeline(undefined, cwd);
  return resolve(found.ok ? found.value.projectDir : cwd, 'logs/etl');
}

/** The run that was named, or the exit code after saying that there is none. */
export async function namedRun(
  text: string,
  options: StoredRunOptions,
  invocation: Invocation,
): Promise<{ readonly logDir: string; readonly run: RunId } | number> {
  const logDir = logDirOf(options, invocation);
  const found = await findRun(logDir, text);
  return found.ok ? { logDir, run: found.value } : refuse(found.error, options, invocation);
}

/** A run or a task that does not exist is a mistake of the call. */
export function refuse(mistake: Diagnostic, display: DisplayOptions, invocation: Invocation): number {
  showDiagnostics([mistake], display, invocation);
  return exitCodes.usage;
}
