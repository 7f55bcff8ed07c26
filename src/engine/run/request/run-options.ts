import { randomInt } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import { maskByName } from '../../masking/mask-plan.ts';
import type { RunId } from '../../model/ids.ts';
import type { RunOptions } from '../../model/pipeline/plan.ts';
import { mediansOf, type PastRuns } from '../../model/run/past-runs.ts';
import { executionWaves } from '../../plan/execution-waves.ts';
import { learnedOrder } from '../../plan/rank-tasks.ts';
import type { RunRequest } from './run-request.ts';

/** @param past what earlier runs tell; it decides in which order ready tasks start */
export function runOptions(
  request: RunRequest,
  run: RunId,
  database: Database | undefined,
  params: RunOptions['params'],
  past: PastRuns,
): RunOptions {
  const { limits } = request.plan.pipeline;
  const queueOrder = request.sequential ? undefined : learnedOrder(request.plan, mediansOf(past));
  return {
    run,
    seed: randomInt(2 ** 31),
    maxParallel: request.maxParallel ?? limits.maxParallel,
    sequential: request.sequential,
    runChecks: request.runChecks,
    ...(params === undefined ? {} : { params }),
    ...(queueOrder === undefined ? {} : { queueOrder }),
    ...(database === undefined ? {} : { connectionBudget: database.budget(limits.dbConnections) }),
  };
}

/**
 * The parameters of a run as its journal and its records have them. A secret value is not stored: whoever resumes the run
 * must give it again.
 */
export function maskedParams(
  { params, plan }: Pick<RunRequest, 'params' | 'plan'>,
  mask: (text: string) => string,
): RunOptions['params'] {
  if (params.size === 0) return undefined;
  const maskNamed = maskByName(plan.pipeline.secrets, mask);
  return Object.fromEntries([...params].map(([name, value]) => [name, maskNamed(name, value)]));
}

/** How many attempts can run at once: what the limit of the run allows and the widest wave of its plan needs. */
export function maxConcurrentAttempts({ plan, sequential, maxParallel }: RunRequest): number {
  if (sequential) return 1;
  const widest = executionWaves(plan).reduce((most, wave) => Math.max(most, wave.length), 1);
  return Math.min(maxParallel ?? plan.pipeline.limits.maxParallel, widest);
}
