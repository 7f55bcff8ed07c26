import { randomInt } from 'node:crypto';
import type { Database } from '../database/database.ts';
import { maskByName } from '../masking/mask-plan.ts';
import type { RunId } from '../model/ids.ts';
import type { Plan, RunOptions } from '../model/plan.ts';

/** How a run goes about its plan, as it is written in its journal; `mask` hides the secrets in the parameters. */
export function runOptions(
  request: {
    readonly plan: Plan;
    readonly params: ReadonlyMap<string, string>;
    readonly sequential: boolean;
    readonly maxParallel?: number;
    readonly runChecks: boolean;
  },
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

/** A value that is a secret is no longer known when the run is taken up again; it must be given again then. */
function maskedParams(
  params: ReadonlyMap<string, string>,
  mask: (name: string, value: string) => string,
): Pick<RunOptions, 'params'> {
  if (params.size === 0) return {};
  return { params: Object.fromEntries([...params].map(([name, value]) => [name, mask(name, value)])) };
}
