import type { Plan, RunOptions } from '../../model/pipeline/plan.ts';
import { ofTaskOrFamily, type PastRuns } from '../../model/run/past-runs.ts';

/** A median of fewer attempts says too little for a limit. */
const minRuns = 3;
/** A machine under load may take a second longer for anything. */
const minTimeoutMs = 1_000;

/** The limits of the tasks whose timeout is a percentage, once there are three earlier attempts; undefined without any. */
export function learnedTimeouts({ tasks }: Plan, past: PastRuns): RunOptions['timeoutsMs'] {
  const known = tasks.flatMap(({ spec: { id, timeoutOfMedian } }) => {
    const { durationsMs = [], medianMs = 0 } = ofTaskOrFamily(past.tasks, id) ?? {};
    if (timeoutOfMedian === undefined || durationsMs.length < minRuns) return [];
    return [[id, Math.max(minTimeoutMs, Math.round(medianMs * timeoutOfMedian))] as const];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
