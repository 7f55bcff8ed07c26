import type { EpochMs, TaskId } from '../../model/ids.ts';
import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import type { LastGood, Staleness } from '../../model/run/staleness.ts';
import type { PerformanceRecord, TaskPerformance } from '../files/performance-record.ts';
import { epochMs } from '../files/time-format.ts';
import { haveSameParams } from '../trends/same-params.ts';

/**
 * What earlier runs tell of the data that is there:
 * 1. For each task that may go on with an earlier load, has a fallback or may fail, its last load that went well: of a run with the
 *    same parameters if there is one, because another one may have loaded something else.
 * 2. For each task that others of the plan depend on, why its data was stale when it last succeeded. That counts when it
 *    does not run this time.
 * @param records of one pipeline, newest last
 * @param params of the run that is to come, masked as in the records
 */
export function learnLoads(
  { tasks }: Plan,
  records: readonly PerformanceRecord[],
  params: PerformanceRecord['params'],
): Pick<RunOptions, 'lastGood' | 'staleBefore'> {
  const newestFirst = records.toReversed();
  const similar = newestFirst.filter((record) => haveSameParams(record.params, params));
  const covered = tasks.filter(
    ({ spec: { useLastGood, fallback, continueOnFailure } }) =>
      useLastGood || fallback !== undefined || continueOnFailure,
  );
  const dependencies = [...new Set(tasks.flatMap(({ spec }) => spec.dependencies))];
  const lastGood = covered.flatMap(({ spec: { id } }): readonly (readonly [TaskId, LastGood])[] => {
    const at = firstOf(similar, id, loadedAt);
    if (at !== undefined) return [[id, { at }]];
    const other = firstOf(newestFirst, id, loadedAt);
    return other === undefined ? [] : [[id, { at: other, otherParams: true }]];
  });
  const staleBefore = dependencies.flatMap((id): readonly (readonly [TaskId, Staleness])[] => {
    const last = firstOf(newestFirst, id, (result) => result);
    const stale = last === undefined ? undefined : stalenessIn(last);
    return stale === undefined ? [] : [[id, stale]];
  });
  return {
    ...(lastGood.length === 0 ? {} : { lastGood: Object.fromEntries(lastGood) }),
    ...(staleBefore.length === 0 ? {} : { staleBefore: Object.fromEntries(staleBefore) }),
  };
}

/** Of the successes of a task (that it was reused is one), newest first, the first that has what is looked for. */
function firstOf<Found>(
  newestFirst: readonly PerformanceRecord[],
  task: TaskId,
  look: (result: TaskPerformance) => Found | undefined,
): Found | undefined {
  for (const { results } of newestFirst) {
    const result = results.find((one) => one.task === task);
    const isGood = result?.status === 'success' || result?.status === 'reused';
    const found = isGood ? look(result) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of a fallback without an age nobody knows what it provided. */
function loadedAt(result: TaskPerformance): EpochMs | undefined {
  const stale = stalenessIn(result);
  if (stale !== undefined) return stale.since;
  if (result.reused !== undefined) return epochMs(result.reused.loaded_at);
  return result.degraded === undefined ? epochMs(result.completed_at) : undefined;
}

function stalenessIn({ stale }: TaskPerformance): Staleness | undefined {
  const since = epochMs(stale?.since);
  if (stale === undefined || since === undefined) return undefined;
  return { since, task: stale.task as TaskId, why: stale.why === 'rerun' ? 'rerun' : 'earlier-load' };
}
