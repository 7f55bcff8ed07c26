import {
  type ComparableRun,
  compareRuns,
  type EpochMs,
  type RunComparison,
  type RunState,
  runResult,
} from '../../../engine/index.ts';
import type { ScreenState } from '../../store/screen-state.ts';
import type { History } from './history.ts';
import { selectedPast } from './past-selection.ts';

/**
 * The run on the screen, as far as it has come, compared with the selected past run; with the run before, when the selected
 * one is that on the screen. Undefined when there is none to compare it with.
 */
export function comparisonOf(
  screen: Pick<ScreenState, 'pastRun'>,
  { runs, records }: Pick<History, 'runs' | 'records'>,
  state: RunState,
  now: EpochMs,
): RunComparison | undefined {
  const at = selectedPast(screen, { runs });
  const shown = state.options.run;
  const against = records.get(runs[runs[at]?.run === shown ? at + 1 : at]?.run ?? '');
  return against === undefined ? undefined : compare(records.get(shown) ?? runSoFar(state, now), against);
}

/** The tasks of the run on the screen that have ended. */
function runSoFar(state: RunState, now: EpochMs): ComparableRun {
  const known = soFar.get(state);
  if (known !== undefined) return known;
  const result = runResult(state, noOutput, now);
  const run = { ...result, results: result.results.filter(({ completed_at }) => completed_at !== undefined) };
  soFar.set(state, run);
  return run;
}

const soFar = new WeakMap<RunState, ComparableRun>();
const noOutput = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => undefined };

/** Each pair is compared once, not for every frame. */
function compare(run: ComparableRun, against: ComparableRun): RunComparison {
  const others = compared.get(run) ?? new WeakMap<ComparableRun, RunComparison>();
  compared.set(run, others);
  const known = others.get(against);
  if (known !== undefined) return known;
  const comparison = compareRuns(run, against);
  others.set(against, comparison);
  return comparison;
}

const compared = new WeakMap<ComparableRun, WeakMap<ComparableRun, RunComparison>>();
