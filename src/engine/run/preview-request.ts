import type { RunOptions } from '../model/pipeline/plan.ts';
import { systemClock } from '../platform/system-clock.ts';
import { machineSize } from '../resources/machine-size.ts';
import { previewRun, type RunPreview } from '../simulation/preview-run.ts';
import { newRunId } from '../storage/runs/run-id.ts';
import { learnPast } from './request/learn-past.ts';
import { runOptions } from './request/run-options.ts';
import type { RunRequest } from './request/run-request.ts';

export type RequestPreview = RunPreview & {
  /** How many earlier runs were learned from. */
  readonly runs: number;
  readonly machine: { readonly cores: number; readonly memoryBytes: number };
};

const limits = [1, 2, 4, 8, 'auto'] as const;

/** What a run would be like, as earlier runs tell. Starts nothing, opens no database and writes nothing. */
export async function previewRequest(request: RunRequest): Promise<RequestPreview> {
  const past = await learnPast(request);
  const machine = machineSize();
  const run = newRunId(systemClock().now(), Math.random);
  const { connectionBudget } = past;
  const optionsOf = (other: RunRequest): RunOptions => {
    const options = runOptions(other, run, undefined, undefined, past, false);
    return { ...options, ...(connectionBudget === undefined ? {} : { connectionBudget }) };
  };
  const others = limits.map((limit) => ({
    limit,
    options: optionsOf({ ...request, sequential: false, maxParallel: limit }),
  }));
  const preview = previewRun(request.plan, optionsOf(request), others, past, machine);
  return { ...preview, runs: past.runs, machine };
}
