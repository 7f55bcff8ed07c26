import type { PastRuns } from '../../model/run/past-runs.ts';
import { learnFromRuns } from '../../results/learning/learn-from-runs.ts';
import { recentPerformance } from '../../runs/past-performance.ts';
import { maskRun } from '../parts/run-masking.ts';
import { maskedParams } from './run-options.ts';
import type { RunRequest } from './run-request.ts';

/** What earlier runs tell of a run that is not opened, as of one that is only planned. */
export async function learnPast(request: RunRequest): Promise<PastRuns> {
  const records = await recentPerformance(request.logDir, request.plan.pipeline.name);
  return learnFromRuns(records, maskedParams(request, maskRun(request, []).mask));
}
