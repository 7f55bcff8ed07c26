import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskId } from '../../model/ids.ts';

/** The path of an attempt's log below the `tasks` directory of its run. */
export function attemptLogPath(tasksDirectory: string, task: TaskId, attempt: number): string {
  return join(tasksDirectory, directoryName(task), `${attempt}.log`);
}

/** The path of a log if there is one: an attempt that printed nothing has none, nor one whose log could not be written. */
export function existingLog(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/**
 * Names that a pipeline allows stay as they are. Any other, from a damaged journal, is escaped so that it cannot lead out of
 * the directory.
 */
export function directoryName(task: string): string {
  if (instanceName.test(task)) return task;
  return task.replace(
    /^\.|[^A-Za-z0-9_.-]/gu,
    (character) => `%${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
}

/** `load[season=2023]`. */
const instanceName = /^[A-Za-z0-9][A-Za-z0-9_.-]*\[[A-Za-z0-9_.\-+:@%=,*]+\]$/;
