import type { EpochMs } from '../model/ids.ts';
import type { Plan, RunOptions } from '../model/pipeline/plan.ts';
import { mediansOf, type PastRuns } from '../model/run/past-runs.ts';
import { type CriticalPath, criticalPath } from '../plan/critical-path.ts';
import { executionWaves } from '../plan/execution-waves.ts';
import { explainWait } from '../scheduler/admission/explain-wait.ts';
import { findSavings, type Saving } from './find-savings.ts';
import { type Forecast, forecastOf, type MachineSize } from './forecast.ts';
import type { SimulatedRun } from './observe-run.ts';
import { predictedStart } from './predicted-start.ts';
import { simulateRun } from './simulate-run.ts';

/** What can be said of a run before it begins. Where no duration is known, all tasks are taken to be of one length. */
export type RunPreview = {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly forecast: Forecast;
  /** How many of the tasks that are going to run have a known duration, and how many there are. */
  readonly known: number;
  readonly tasks: number;
  readonly waves: readonly (readonly number[])[];
  readonly criticalPath: CriticalPath;
  /** The run as it is asked for. */
  readonly run: SimulatedRun;
  readonly predictions: readonly Prediction[];
  /** The tasks that wait longest although they are ready; at most 10. */
  readonly waits: readonly ExpectedWait[];
  /** What would make the run shorter, the most first. */
  readonly savings: readonly Saving[];
};

/** How a run would go with another limit. */
export type Prediction = { readonly limit: number | 'auto'; readonly run: SimulatedRun };

export type ExpectedWait = { readonly index: number; readonly ms: number; readonly reason: string };

/**
 * @param options of the run that is asked for
 * @param others options of the same run with other limits
 */
export function previewRun(
  plan: Plan,
  options: RunOptions,
  others: readonly { readonly limit: number | 'auto'; readonly options: RunOptions }[],
  past: PastRuns,
  machine: MachineSize,
): RunPreview {
  const forecast = forecastOf(plan, past, machine);
  const play = (with_: RunOptions) => simulateRun(predictedStart(plan, with_, forecast), forecast, 0 as EpochMs);
  const run = play(options);
  const toRun = plan.tasks.filter(({ skip, end }) => !skip && end?.when !== 'on-failure');
  const path = criticalPath(plan, mediansOf(past));
  return {
    plan,
    options,
    forecast,
    known: toRun.filter(({ index }) => forecast.isKnown[index]).length,
    tasks: toRun.length,
    waves: executionWaves(plan),
    criticalPath: path,
    run,
    predictions: others.map((other) => ({ limit: other.limit, run: play(other.options) })),
    waits: explainWaits(plan, options, forecast, run),
    savings: findSavings({ plan, options, forecast }, run, path),
  };
}

const maxWaits = 10;
/** Shorter waits are those of a slot that becomes free at the same moment. */
const minWaitMs = 50;

/** Plays the run once more, because a reason costs more than a step of the simulation, and few are told. */
function explainWaits(
  plan: Plan,
  options: RunOptions,
  forecast: Forecast,
  { readyMs, startMs }: SimulatedRun,
): readonly ExpectedWait[] {
  const waited = plan.tasks
    .map(({ index }) => ({ index, ms: startMs[index]! - readyMs[index]! }))
    .filter(({ ms }) => ms >= minWaitMs)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, maxWaits);
  const longest = new Map(waited.map(({ index }) => [index, '']));
  if (longest.size === 0) return [];
  simulateRun(predictedStart(plan, options, forecast), forecast, 0 as EpochMs, (event, state) => {
    if (event.type !== 'task.ready') return;
    const index = plan.indexOf.get(event.task)!;
    if (longest.has(index)) longest.set(index, explainWait(state, index, event.at) ?? '');
  });
  return waited.map((one) => ({ ...one, reason: longest.get(one.index)! }));
}
