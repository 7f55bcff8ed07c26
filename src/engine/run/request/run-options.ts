import { randomInt } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import { maskByName } from '../../masking/mask-plan.ts';
import type { RunId } from '../../model/ids.ts';
import type { RunOptions } from '../../model/pipeline/plan.ts';
import { mediansOf, type PastRuns } from '../../model/run/past-runs.ts';
import { executionWaves } from '../../plan/execution-waves.ts';
import { learnedOrder } from '../../plan/rank-tasks.ts';
import { machineSize, memoryInUse } from '../../resources/machine-size.ts';
import { learnedNeeds } from './learned-needs.ts';
import { learnedTimeouts } from './learned-timeouts.ts';
import type { RunRequest } from './run-request.ts';

/**
 * @param past what earlier runs tell; it decides in which order ready tasks start, what they are counted with, and how long they may take
 * @param elsewhere whether tasks run on other hosts than this machine
 */
export function runOptions(
  request: RunRequest,
  run: RunId,
  database: Database | undefined,
  params: RunOptions['params'],
  past: PastRuns,
  elsewhere: boolean,
): RunOptions {
  const { limits } = request.plan.pipeline;
  const queueOrder = request.sequential ? undefined : learnedOrder(request.plan, mediansOf(past));
  const needs = request.sequential ? undefined : learnedNeeds(request.plan, past);
  const timeoutsMs = learnedTimeouts(request.plan, past);
  const asked = request.maxParallel ?? limits.maxParallel;
  const machine = { ...machineSize(), usedBytes: memoryInUse() };
  const most = elsewhere && asked === 'auto' ? maxElsewhere : maxParallel(request, machine.cores);
  return {
    run,
    seed: randomInt(2 ** 31),
    maxParallel: most,
    ...(asked === 'auto' ? { auto: true as const } : {}),
    ...(elsewhere ? { elsewhere } : { machine }),
    ...(request.executor === undefined ? {} : { executor: request.executor }),
    sequential: request.sequential,
    runChecks: request.runChecks,
    ...(request.reuse === undefined ? {} : { reuse: request.reuse }),
    ...(params === undefined ? {} : { params }),
    ...(queueOrder === undefined ? {} : { queueOrder }),
    ...(needs === undefined ? {} : { needs }),
    ...(timeoutsMs === undefined ? {} : { timeoutsMs }),
    ...(database === undefined
      ? {}
      : { connectionBudget: database.budget(limits.dbConnections), database: nameOfDatabase(database) }),
  };
}

/** That of the project may be at another port each time. */
export function nameOfDatabase({ source, description }: Database): string {
  return source === 'embedded' ? 'the embedded database of the project' : description;
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
export function maxConcurrentAttempts(request: RunRequest): number {
  if (request.sequential) return 1;
  const most = maxParallel(request, machineSize().cores);
  // How many instances will come out of a file is not known yet.
  if (request.plan.open !== undefined) return most;
  return executionWaves(request.plan).reduce((widest, wave) => Math.max(widest, Math.min(most, wave.length)), 1);
}

/** Of `auto` on other hosts, where as many tasks run at once as these have slots. */
const maxElsewhere = 1_000;

/** How many tasks may run at once at most; of `auto`, as many as are of use when most of them wait for a network. */
export function maxParallel(
  { plan, maxParallel: asked }: Pick<RunRequest, 'plan' | 'maxParallel'>,
  cores: number,
): number {
  const limit = asked ?? plan.pipeline.limits.maxParallel;
  return limit === 'auto' ? Math.min(64, Math.max(16, Math.ceil(4 * cores))) : limit;
}
