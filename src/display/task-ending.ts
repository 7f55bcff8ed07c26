import {
  describeCause,
  describeFailure,
  describeNotNeeded,
  describeNotRun,
  describeWaited,
  type FailureCause,
  hostName,
  type Outcome,
  type RunState,
  type TaskEntry,
  unreachable,
  whyReused,
} from '../engine/index.ts';
import { formatCount, formatNumber } from './format/format-count.ts';
import { staleSince, staleText } from './staleness-text.ts';
import { type Condition, conditionOf, taskDisplay } from './states/task-display.ts';

type Succeeded = Extract<Outcome, { readonly kind: 'succeeded' }>;

/** How a task ended: its condition, and what stands after it in a log, to be joined by commas. */
export type TaskEnding = { readonly condition: Condition; readonly details: readonly string[] };

/** The ending of the task at `index` by an outcome, which may be older than the state. */
export function taskEnding(outcome: Outcome, entry: TaskEntry, state: RunState, index: number): TaskEnding {
  const condition = conditionOf({ ...entry, state: outcome });
  return { condition, details: detailsOf(outcome, condition, entry, state, index) };
}

function detailsOf(
  outcome: Outcome,
  condition: Condition,
  entry: TaskEntry,
  state: RunState,
  index: number,
): readonly string[] {
  const attempts = [
    ...(entry.attempts > 1 ? [formatCount(entry.attempts, 'attempt')] : []),
    ...(entry.host === undefined ? [] : [`on ${hostName(state.hosts, entry.host)}`]),
  ];
  switch (outcome.kind) {
    case 'succeeded':
      return [...standInOf(outcome, entry), ...(outcome.cause === undefined ? workOf(entry) : []), ...attempts];
    case 'failed':
      return [describeFailure(outcome.cause, state, index), ...attempts];
    case 'timed-out':
      return [describeFailure({ ...outcome, kind: 'timeout' }, state, index), ...attempts];
    case 'skipped':
      return [`${outcome.waited === undefined ? '' : `${describeWaited(outcome.waited)}; `}its downstream runs`];
    case 'not-needed':
      return [describeNotNeeded(outcome, state, index)];
    case 'reused':
      return [whyReused(outcome), ...(entry.stale === undefined ? [] : [staleText(entry.stale)])];
    case 'upstream-failed':
      return [describeNotRun(state, index)];
    case 'cancelled':
      return [condition === 'not-run' || outcome.withRun ? describeNotRun(state, index) : outcome.reason];
    default:
      return unreachable(outcome);
  }
}

/** Why a task failed that counts as done, what stands in for it, and since when its data is stale and why. */
export function standInOf({ degraded, cause }: Succeeded, { stale }: TaskEntry): readonly string[] {
  if (degraded === undefined) return stale === undefined ? [] : [staleText(stale)];
  const what = cause === undefined ? [degraded] : [describeCause(cause), `uses ${degraded}`];
  return [...what, ...(stale === undefined ? [] : [staleSince(stale)])];
}

/** The number of rows, and the last message of the task, which usually describes its whole work. */
function workOf({ report }: TaskEntry): readonly string[] {
  const message = report?.message;
  if (report?.rows === undefined) return message === undefined ? [] : [message];
  const { rows, rowsChanged } = report;
  const changed = rowsChanged === rows && rows > 0 ? 'all changed' : `${formatNumber(rowsChanged ?? 0)} changed`;
  const counts = [formatCount(rows, 'row'), ...(rowsChanged === undefined ? [] : [changed])].join(', ');
  return [message === undefined ? counts : `${counts} (${message})`];
}

/** Ending and details in a sentence: `failed: exit code 3, 2 attempts`, `timed out after 5s`. */
export function endingText(word: string, details: readonly string[]): string {
  const text = details.join(', ');
  if (text === '') return word;
  return text.startsWith(`${word} `) ? text : `${word}: ${text}`;
}

/** The ending as a verb after the name of a task: `failed`, `timed out`. */
export function endingVerb(entry: TaskEntry): string {
  return taskDisplay(conditionOf(entry)).word;
}

/** Why the attempt failed that brought this outcome; undefined when none failed. */
export function causeOf(outcome: Outcome): FailureCause | undefined {
  switch (outcome.kind) {
    case 'failed':
      return outcome.cause;
    case 'timed-out':
      return { ...outcome, kind: 'timeout' };
    case 'succeeded':
      return outcome.cause;
    case 'skipped':
    case 'not-needed':
    case 'reused':
    case 'upstream-failed':
    case 'cancelled':
      return undefined;
    default:
      return unreachable(outcome);
  }
}
