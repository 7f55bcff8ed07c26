import type { PastRuns } from '../../model/run/past-runs.ts';
import { learnFromRuns } from '../../results/learning/learn-from-runs.ts';
import { recentPerformance } from '../../runs/past-performance.ts';
import type { RunRequest } from './run-request.ts';
import { shownParams } from './shown-params.ts';

/** What earlier runs tell of a run that is not opened, as of one that is only planned. */
export async function learnPast(request: RunRequest): Promise<PastRuns> {
  const records = await recentPerformance(request.logDir, request.plan.pipeline.name);
  return learnFromRuns(records, shownParams(request));
}
