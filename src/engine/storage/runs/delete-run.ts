import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { cannotDelete } from './cannot-delete.ts';
import { isRunAlive } from './heartbeat.ts';
import { runPaths } from './run-paths.ts';

/** `running`: a process carries the run out, or has taken it up again meanwhile; nothing of it was touched. */
export type Deletion = 'deleted' | 'running';

/**
 * Deletes a run's directory and its result files, and its performance record if told so. Safe with other processes, and when
 * this one dies at any moment:
 *
 * 1. A run with a live process is left alone.
 * 2. The directory is renamed, in one step, to a name that is no run's: from here on the run has no logs for anybody.
 * 3. A process that took the run up again between 1 and 2 is alive in the renamed directory: it is renamed back.
 * 4. The result files are deleted, then the renamed directory. When that is cut off, `finishDeletions` completes it.
 *
 * Errors: `run/cannot-delete`.
 */
export async function deleteRun(
  logDir: string,
  run: RunId,
  withRecord: boolean,
): Promise<Result<Deletion, Diagnostic>> {
  const { directory } = runPaths(logDir, run);
  if (isRunAlive(directory)) return ok('running');
  try {
    await rename(directory, doomedDirectory(logDir, run));
  } catch (error) {
    // Another process deletes it, or it had no directory; what is left of it goes all the same.
    if (!isMissing(error)) return failed(cannotDelete(directory, error));
  }
  return complete(logDir, run, withRecord);
}

/** Completes deletions that were cut off. Errors: `run/cannot-delete`. */
export async function finishDeletions(logDir: string): Promise<readonly Diagnostic[]> {
  const names = await readdir(join(logDir, 'runs')).catch(() => []);
  const errors: Diagnostic[] = [];
  for (const name of names.filter((one) => one.startsWith(doomedPrefix))) {
    const finished = await complete(logDir, name.slice(doomedPrefix.length) as RunId, false);
    if (!finished.ok) errors.push(finished.error);
  }
  return errors;
}

/** Not the name of a run. */
const doomedPrefix = '.deleted-';

function doomedDirectory(logDir: string, run: RunId): string {
  return join(logDir, 'runs', `${doomedPrefix}${run}`);
}

/** Steps 3 and 4. */
async function complete(logDir: string, run: RunId, withRecord: boolean): Promise<Result<Deletion, Diagnostic>> {
  const { directory, result, consistency, performance } = runPaths(logDir, run);
  const doomed = doomedDirectory(logDir, run);
  if (isRunAlive(doomed)) {
    await rename(doomed, directory).catch(() => {});
    return ok('running');
  }
  // The directory goes last: as long as it is there, the deletion can be completed.
  for (const path of [result, consistency, ...(withRecord ? [performance] : []), doomed]) {
    try {
      await rm(path, { recursive: path === doomed, force: true, maxRetries: 3 });
    } catch (error) {
      return failed(cannotDelete(path, error));
    }
  }
  return ok('deleted');
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
