import { join } from 'node:path';
import type { TaskId } from '../../model/ids.ts';
import { fileNameOf } from '../fs/file-name-of.ts';

/** Where an attempt's output is kept, below the `tasks` directory of its run. */
export function attemptLogPath(tasksDirectory: string, task: TaskId, attempt: number): string {
  return join(tasksDirectory, fileNameOf(task), `${attempt}.log`);
}
