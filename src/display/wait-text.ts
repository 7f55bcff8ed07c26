import { type EpochMs, entryAt, explainWait, type RunState } from '../engine/index.ts';
import { formatMinute } from './format/format-moment.ts';

/** Why a task does not run yet, and until when it is waited at most: `waits for file in/a.csv, until 2026-01-04 08:00 UTC`. */
export function waitText(state: RunState, index: number, now: EpochMs): string | undefined {
  const why = explainWait(state, index, now);
  const task = entryAt(state.tasks, index).state;
  const { waitFor } = state.plan.tasks[index]!.spec;
  if (why === undefined || task.kind !== 'awaiting' || waitFor === undefined) return why;
  const until = task.since + waitFor.timeoutMs;
  // In a run that was resumed later than that, it is looked for once more.
  return until < now ? why : `${why}, until ${formatMinute(until)}`;
}
