import { readdirSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { writeError } from '../fs/cannot-write.ts';
import { makePrivateDirectory } from '../fs/private-directory.ts';
import { cannotDelete } from './cannot-delete.ts';

/** Many files on a slow disk. */
const removeWithinMs = 10 * 60_000;

/** Makes the directory in which the tasks of a run leave files for each other; of a run that is resumed it is there. */
export function openRunDir(path: string): Result<void, Diagnostic> {
  try {
    makePrivateDirectory(path);
    return ok(undefined);
  } catch (error) {
    return failed(writeError(path, error));
  }
}

/** Whether tasks have left anything there. */
export function isRunDirInUse(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch {
    return false;
  }
}

/** What became of the directory of a run. */
export type ClosedRunDir = {
  /** Absent when it is gone. */
  readonly kept?: string;
  readonly warnings: readonly Diagnostic[];
};

/** Removes the directory when nothing is in it, or with everything in it when the run `isDone`. Never rejects. */
export async function closeRunDir(path: string, isDone: boolean): Promise<ClosedRunDir> {
  const removal = isDone ? rm(path, { recursive: true, force: true, maxRetries: 3 }) : rmdir(path);
  const late = () => Object.assign(new Error('the file system does not answer'), { code: 'ETIMEDOUT' });
  const error = await withDeadline(
    removal.then(() => undefined).catch((reason: NodeJS.ErrnoException) => reason),
    removeWithinMs,
    late,
  );
  if (error === undefined || error.code === 'ENOENT') return { warnings: [] };
  if (!isDone) return { kept: path, warnings: [] };
  return { kept: path, warnings: [{ ...cannotDelete(path, error), severity: 'warning' }] };
}
