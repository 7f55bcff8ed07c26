import { formatMoment } from '../../../display/format/format-moment.ts';
import { storedRunDisplay } from '../../../display/states/run-display.ts';
import { nameRuns, nameTasks } from '../../../engine/index.ts';
import type { PartialCall } from '../read-call.ts';
import type { Suggestion } from '../suggestions.ts';
import { directoryOf } from './find-project.ts';
import { plannedFor } from './pipeline-names.ts';

const mostRuns = 50;

/** The last runs, newest first; of the pipeline of the call those that can be resumed, when only they are asked for. */
export async function runNames(
  call: PartialCall,
  which: 'all' | 'resumable',
  cwd: string,
): Promise<readonly Suggestion[]> {
  const runs = await nameRuns(logDirOf(call, cwd), mostRuns);
  const pipeline = which === 'all' ? undefined : plannedFor(call, cwd)?.spec?.name;
  return runs.flatMap((one): readonly Suggestion[] => {
    const { run, status, verdict, startedAt } = one;
    if (which === 'resumable' && (status === 'success' || status === 'running')) return [];
    if (pipeline !== undefined && one.pipeline !== undefined && one.pipeline !== pipeline) return [];
    const told = [
      ...(status === undefined ? [] : [storedRunDisplay(status, verdict).word]),
      ...(startedAt === undefined ? [] : [formatMoment(startedAt)]),
    ];
    return [{ value: run, ...(told.length === 0 ? {} : { about: told.join(', ') }) }];
  });
}

/** The tasks of a stored run. */
export function runTasks(call: PartialCall, run: string, cwd: string): Promise<readonly string[]> {
  return nameTasks(logDirOf(call, cwd), run);
}

function logDirOf(call: PartialCall, cwd: string): string {
  return directoryOf(call, '--log-dir', 'logs/etl', cwd);
}
