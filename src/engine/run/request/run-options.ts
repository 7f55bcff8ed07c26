import { randomInt } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import { maskByName } from '../../masking/mask-plan.ts';
import type { RunId } from '../../model/ids.ts';
import type { RunOptions } from '../../model/pipeline/plan.ts';
import { executionWaves } from '../../plan/execution-waves.ts';
import type { RunRequest } from './run-request.ts';

/** The options of a run as its journal stores them; `mask` hides the secrets in the parameters. */
export function runOptions(
  request: RunRequest,
  run: RunId,
  database: Database | undefined,
  mask: (text: string) => string,
): RunOptions {
  const { limits } = request.plan.pipeline;
  return {
    run,
    seed: randomInt(2 ** 31),
    maxParallel: request.maxParallel ?? limits.maxParallel,
    sequential: request.sequential,
    runChecks: request.runChecks,
    ...maskedParams(request.params, maskByName(request.plan.pipeline.secrets, mask)),
    ...(database === undefined ? {} : { connectionBudget: database.budget(limits.dbConnections) }),
  };
}

/** A secret value is not stored: whoever resumes the run must give it again. */
function maskedParams(
  params: ReadonlyMap<string, string>,
  mask: (name: string, value: string) => string,
): Pick<RunOptions, 'params'> {
  if (params.size === 0) return {};
  return { params: Object.fromEntries([...params].map(([name, value]) => [name, mask(name, value)])) };
}

/** How many attempts can run at once: what the limit of the run allows and the widest wave of its plan needs. */
export function maxConcurrentAttempts({ plan, sequential, maxParallel }: RunRequest): number {
  if (sequential) return 1;
  const widest = executionWaves(plan).reduce((most, wave) => Math.max(most, wave.length), 1);
  return Math.min(maxParallel ?? plan.pipeline.limits.maxParallel, widest);
}
