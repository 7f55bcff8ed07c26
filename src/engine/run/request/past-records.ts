import type { RunId } from '../../model/ids.ts';
import type { PerformanceRecord } from '../../results/files/performance-record.ts';
import { recentPerformance } from '../../runs/past-performance.ts';
import type { RunRequest } from './run-request.ts';

/**
 * The records that a run looks back at before it starts; undefined for a run of one task, which has nothing to put in order,
 * and starts without a look back unless the task itself or a check needs one. Never that of the run itself, which one that is
 * resumed may have written before.
 */
export async function readPast(request: RunRequest): Promise<readonly PerformanceRecord[] | undefined> {
  const { plan, logDir, resume } = request;
  const isNeeded =
    plan.tasks.length > 1 ||
    plan.tasks.some(
      ({ spec: { timeoutOfMedian, useLastGood, fallback, dependencies } }) =>
        dependencies.length > 0 || (timeoutOfMedian ?? useLastGood ?? fallback) !== undefined,
    ) ||
    plan.checks.some(({ spec }) => spec.definition.kind === 'row_count');
  return isNeeded ? without(resume?.run, await recentPerformance(logDir, plan.pipeline.name)) : undefined;
}

/** The records of earlier runs, read at most once: for a run of one task later than its start, so that it may be among them. */
export function earlierRecords(
  { logDir, plan }: RunRequest,
  run: RunId,
  read: readonly PerformanceRecord[] | undefined,
): () => Promise<readonly PerformanceRecord[]> {
  let records = read === undefined ? undefined : Promise.resolve(read);
  return () => {
    records ??= recentPerformance(logDir, plan.pipeline.name).then((all) => without(run, all));
    return records;
  };
}

function without(run: RunId | undefined, records: readonly PerformanceRecord[]): readonly PerformanceRecord[] {
  return records.filter(({ run_id }) => run_id !== run);
}
