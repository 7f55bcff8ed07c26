import { rmSync } from 'node:fs';
import type { TaskId } from '../../model/ids.ts';
import { attemptLogPath } from './attempt-log-path.ts';
import { logFiles } from './log-parts.ts';
import { stampFilePath } from './stamps/output-stamp.ts';

/** Deletes what was kept of an attempt's output, because all of it will be told again. Throws as `rm` does. */
export function removeLog(directory: string, task: TaskId, attempt: number): void {
  for (const path of logFiles(attemptLogPath(directory, task, attempt)))
    for (const file of [path, stampFilePath(path)]) rmSync(file, { force: true });
}
