import { formatCount } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { formatMinute } from '../../display/format/format-moment.ts';
import { nameList } from '../../display/format/name-list.ts';
import { judgedStale } from '../../display/staleness-text.ts';
import { checkEnding, verdictDisplays } from '../../display/states/check-display.ts';
import type { Display } from '../../display/states/display.ts';
import { taskDisplay, taskDisplays } from '../../display/states/task-display.ts';
import { endingVerb, taskEnding } from '../../display/task-ending.ts';
import {
  type CheckResult,
  describeAwaited,
  describeCause,
  describeOverload,
  entryAt,
  explainCause,
  type FailureCause,
  formatLimit,
  type Outcome,
  type RunEvent,
  type RunState,
  type TaskEntry,
  type TaskId,
  unreachable,
  whyNotReused,
} from '../../engine/index.ts';

/** What a log prints about one event, before it is made safe and laid out. */
export type EventLine = Display & {
  /** The task or check it is about; empty for the run itself. */
  readonly name: string;
  readonly tookMs?: number;
  readonly details: readonly string[];
};

const retry = taskDisplays.retrying;
export const plainLine: Display = { icon: 'none', word: '', severity: 'plain' };
const limitLine: Display = { icon: 'failed', word: 'time limit', severity: 'failure' };
const warningLine: Display = { icon: 'warning', word: '', severity: 'warning' };

/** The line of an event; undefined for the many that only the journal needs. */
export function eventLine(event: RunEvent, state: RunState): EventLine | undefined {
  switch (event.type) {
    case 'task.finished':
      return outcomeLine(event.task, event.outcome, state);
    case 'task.backing-off':
      return retryLine(event, state);
    case 'task.awaiting':
    case 'task.asking':
      return conditionLine(event, state);
    case 'task.ready':
      if (event.fallback === true) return fallbackLine(event.task, event.attempt, state);
      return changedLine(event.task, event.changed);
    case 'tasks.expanded':
      return { ...plainLine, name: event.from, details: [expansionText(event.lines)] };
    case 'task.reset':
      return { ...retry, word: 'runs again', name: event.task, details: [] };
    case 'task.started':
      return outdatedLine(event, state);
    case 'check.backing-off':
      return checkRetryLine(event, state);
    case 'check.finished':
      return checkLine(event.result, state);
    case 'check.reset':
      return { ...retry, word: 'runs again', name: event.check, details: [] };
    case 'run.draining':
      return runLine(event.reason.kind === 'run-limit' ? limitLine : warningLine, [drainText(event.reason, state)]);
    case 'run.paused':
      return runLine(warningLine, ['paused: no new tasks start']);
    case 'run.resumed':
      return runLine(plainLine, ['resumed: new tasks start again']);
    case 'run.limited':
      return runLine(plainLine, [`${formatCount(event.maxParallel, 'task')} at most at once from now on`]);
    case 'run.stepped-down': {
      const many = formatCount(event.maxParallel, 'task');
      return runLine(warningLine, [`${many} at most at once from now on, because ${describeOverload(event.because)}`]);
    }
    case 'run.stepped-up':
      return runLine(plainLine, [`${formatCount(event.maxParallel, 'task')} at most at once again`]);
    case 'capacity.changed': {
      const { tasks, cause } = event.capacity;
      if (tasks === undefined || cause === undefined) return undefined;
      return runLine(warningLine, [
        `${tasks === 0 ? 'no new tasks start' : `at most ${tasks} tasks at once`}: ${explainCause(cause)}`,
      ]);
    }
    case 'hosts.changed':
      return undefined;
    case 'run.reopened':
      return runLine(plainLine, ['the run continues']);
    case 'run.started':
    case 'run.continued':
    case 'run.finished':
    case 'task.spawned':
    case 'task.progressed':
    case 'task.stopping':
    case 'check.started':
      return undefined;
    default:
      return unreachable(event);
  }
}

/** `it gives 12 values`. */
function expansionText(lines: Extract<RunEvent, { type: 'tasks.expanded' }>['lines']): string {
  const count = Object.values(lines).reduce((sum, { length }) => sum + length, 0);
  return count === 0 ? 'it gives no values' : `it gives ${formatCount(count, 'value')}`;
}

type BackingOff = Extract<RunEvent, { type: 'task.backing-off' }>;

/** An attempt failed and another will be made; that of a fallback follows at once, and its own line says so. */
function retryLine({ at, task, attempt, retryAt, cause, askedMs }: BackingOff, state: RunState): EventLine | undefined {
  if (retryAt === at && specOf(state, task).fallback !== undefined) return undefined;
  const bounded =
    askedMs === undefined ? '' : ` (it asked for ${formatDuration(askedMs)}; the limit is backoff.max_retry_after)`;
  const details = [failureText(task, attempt - 1, cause, state), `again in ${formatDuration(retryAt - at)}${bounded}`];
  return { ...retry, name: task, details };
}

/** A task runs that might have been reused. Of its first run there is nothing to say. */
function changedLine(task: TaskId, changed: TaskEntry['changed']): EventLine | undefined {
  if (changed === undefined || changed.kind === 'unknown') return undefined;
  return { ...plainLine, word: 're-run', name: task, details: [whyNotReused(changed)] };
}

function fallbackLine(task: TaskId, attempt: number, state: RunState): EventLine {
  const { lastFailure } = entryOf(state, task);
  const why = lastFailure === undefined ? [] : [failureText(task, attempt - 1, lastFailure, state)];
  return { ...retry, word: 'fallback', name: task, details: [...why, 'its fallback runs'] };
}

function failureText(task: TaskId, attempt: number, cause: FailureCause, state: RunState): string {
  // What a task waited for outside the run is no attempt.
  if (attempt === 0) return describeCause(cause);
  const { failures } = entryOf(state, task);
  const most = specOf(state, task).retry.retries + 1;
  // Where attempts failed that do not count, or the operator asked for more, the numbers would not add up.
  const of = attempt === failures && attempt <= most ? ` of ${most}` : '';
  return `attempt ${attempt}${of} failed: ${describeCause(cause)}`;
}

type Condition = Extract<RunEvent, { type: 'task.awaiting' | 'task.asking' }>;

/** What a task waits for outside the run. That it is asked takes a moment only, and its end says what came of it. */
function conditionLine({ type, task, at }: Condition, state: RunState): EventLine | undefined {
  if (type === 'task.asking') return undefined;
  const { waitFor } = specOf(state, task);
  if (waitFor === undefined) return undefined;
  const until = `until ${formatMinute(at + waitFor.timeoutMs)}`;
  return { ...taskDisplays.awaiting, name: task, details: [`waits for ${describeAwaited(waitFor.for)}`, until] };
}

type Started = Extract<RunEvent, { type: 'task.started' }>;

/** Of the first attempt of a task that runs again: what was made of its earlier data. */
function outdatedLine({ at, task }: Started, state: RunState): EventLine | undefined {
  const entry = entryOf(state, task);
  const { downstream } = state.plan.tasks[state.plan.indexOf.get(task)!]!;
  const isAgain = entry.startedAt === at && downstream.some((other) => entryAt(state.tasks, other).stale !== undefined);
  if (!isAgain) return undefined;
  const outdated = state.plan.tasks.filter(({ index }) => isOutdatedBy(entryAt(state.tasks, index).stale, task));
  if (outdated.length === 0) return undefined;
  const names = nameList(
    outdated.map(({ spec }) => spec.id),
    maxOutdated,
  );
  return { ...taskDisplay('stale'), name: task, details: [`${names}, until run again`] };
}

const maxOutdated = 8;

function isOutdatedBy(stale: TaskEntry['stale'], task: TaskId): boolean {
  return stale?.why === 'rerun' && stale.task === task;
}

function specOf(state: RunState, task: TaskId): RunState['plan']['tasks'][number]['spec'] {
  return state.plan.tasks[state.plan.indexOf.get(task)!]!.spec;
}

export function entryOf(state: RunState, task: TaskId): TaskEntry {
  return entryAt(state.tasks, state.plan.indexOf.get(task)!);
}

export function runLine(display: Display, details: readonly string[]): EventLine {
  return { ...display, name: '', details };
}

function outcomeLine(task: TaskId, outcome: Outcome, state: RunState): EventLine {
  const entry = entryOf(state, task);
  const { condition, details } = taskEnding(outcome, entry, state, state.plan.indexOf.get(task)!);
  // A task that ran and reported nothing new took its time; one whose condition spared it has no start.
  const took = condition === 'not-run' || condition === 'skipped' ? {} : tookOf(entry);
  return { ...taskDisplay(condition), name: task, ...took, details };
}

function tookOf({ startedAt, endedAt }: TaskEntry): { readonly tookMs?: number } {
  return startedAt === undefined || endedAt === undefined ? {} : { tookMs: endedAt - startedAt };
}

/** The line of a finished check. */
export function checkLine(result: CheckResult, state?: RunState): EventLine {
  const { check, verdict, summary, durationMs, attempts } = result;
  return {
    ...verdictDisplays[verdict],
    word: checkEnding(verdict),
    name: check,
    tookMs: durationMs,
    // It names the first offending keys.
    details: [
      summary,
      ...(attempts === undefined ? [] : [`attempt ${attempts}`]),
      ...(state === undefined ? [] : judgedStale(state, check)),
    ],
  };
}

type CheckBackingOff = Extract<RunEvent, { type: 'check.backing-off' }>;

/** A check could not be asked, and will be once more. */
function checkRetryLine({ at, check, attempt, retryAt, result }: CheckBackingOff, state: RunState): EventLine {
  const { retry: policy } = state.plan.checks.find(({ spec }) => spec.name === check)!.spec;
  const details = [
    `attempt ${attempt - 1} of ${policy.retries + 1} failed: ${result.summary}`,
    `again in ${formatDuration(retryAt - at)}`,
  ];
  return { ...retry, name: check, details };
}

type DrainReason = Extract<RunEvent, { type: 'run.draining' }>['reason'];

function drainText(reason: DrainReason, state: RunState): string {
  const left = state.running === 0 ? '' : `; ${formatCount(state.running, 'task')} still running`;
  switch (reason.kind) {
    case 'cancelled': {
      if (reason.withEnds) return `cancelled again, the tasks at the end do not run${left}`;
      const last = lastText(state);
      const more = last === '' ? 'kills them at once' : 'kills them at once; the tasks at the end do not run';
      return `cancelled, stopping the running tasks${left}${last}${left + last === '' ? '' : ` (a second signal ${more})`}`;
    }
    case 'run-limit':
      if (reason.withEnds) return `cancelled, the tasks at the end do not run${left}`;
      return `the run reached its limit of ${formatLimit(reason.afterMs)}, stopping the running tasks${left}${lastText(state)}`;
    case 'critical':
      return `no new tasks start, because the critical task ${reason.task} ${endingVerb(entryOf(state, reason.task))}${left}`;
    case 'sequential':
      return `no new tasks start, because ${reason.task} ${endingVerb(entryOf(state, reason.task))} in a sequential run${left}`;
    case 'journal-lost':
      return `no new tasks start, because the journal cannot be written${left}`;
  }
}

function lastText({ openEnds }: RunState): string {
  return openEnds === 0 ? '' : `; ${formatCount(openEnds, 'task')} at the end will still run`;
}
