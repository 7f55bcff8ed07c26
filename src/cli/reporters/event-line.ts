import { formatCount, formatNumber } from '../../display/format-count.ts';
import { formatDuration } from '../../display/format-duration.ts';
import {
  type CheckResult,
  describeCause,
  describeNotRun,
  describeOverload,
  entryAt,
  explainCause,
  type FailureCause,
  type Outcome,
  type RunEvent,
  type RunState,
  type TaskEntry,
  type TaskId,
  unreachable,
  wasNotRun,
} from '../../engine/index.ts';

/** How a line is dressed: a sign and a colour. */
export type Severity = 'succeeded' | 'failed' | 'data' | 'warned' | 'retried' | 'notRun' | 'plain';

/** What is to be said of one event, before it is made safe and laid out. */
export type EventLine = {
  readonly severity: Severity;
  /** The task or check it is about; empty for the run itself. */
  readonly name: string;
  readonly word: string;
  readonly tookMs?: number;
  readonly details: readonly string[];
};

/** What a person wants to hear of an event; undefined for the many that only the journal needs. */
export function eventLine(event: RunEvent, state: RunState): EventLine | undefined {
  switch (event.type) {
    case 'task.finished':
      return outcomeLine(event.task, event.outcome, state);
    case 'task.backing-off':
      return retryLine(event, state);
    case 'task.ready':
      return event.fallback === true ? fallbackLine(event.task, event.attempt, state) : undefined;
    case 'task.reset':
      return { severity: 'retried', name: event.task, word: 'runs again', details: [] };
    case 'check.finished':
      return checkLine(event.result);
    case 'run.draining':
      return runLine('warned', [drainText(event.reason, state)]);
    case 'run.paused':
      return runLine('warned', ['paused: nothing new is started']);
    case 'run.resumed':
      return runLine('plain', ['resumed']);
    case 'run.limited':
      return runLine('plain', [`${formatCount(event.maxParallel, 'task')} at most at once from now on`]);
    case 'run.stepped-down': {
      const many = formatCount(event.maxParallel, 'task');
      return runLine('warned', [`${many} at most at once from now on, because ${describeOverload(event.because)}`]);
    }
    case 'run.stepped-up':
      return runLine('plain', [`${formatCount(event.maxParallel, 'task')} at most at once again`]);
    case 'capacity.changed': {
      const { tasks, cause } = event.capacity;
      if (tasks === undefined || cause === undefined) return undefined;
      return runLine('warned', [
        `${tasks === 0 ? 'nothing new starts' : `at most ${tasks} tasks at once`}: ${explainCause(cause)}`,
      ]);
    }
    case 'run.reopened':
      return runLine('plain', ['taken up again']);
    case 'run.started':
    case 'run.finished':
    case 'task.started':
    case 'task.spawned':
    case 'task.progressed':
    case 'task.stopping':
    case 'check.started':
      return undefined;
    default:
      return unreachable(event);
  }
}

type BackingOff = Extract<RunEvent, { type: 'task.backing-off' }>;

/** An attempt failed and another will be made; that of a fallback follows at once, and its own line says so. */
function retryLine({ at, task, attempt, retryAt, cause, askedMs }: BackingOff, state: RunState): EventLine | undefined {
  if (retryAt === at && specOf(state, task).fallback !== undefined) return undefined;
  const bounded =
    askedMs === undefined ? '' : ` (it asked for ${formatDuration(askedMs)}; backoff.max_retry_after allows no more)`;
  const details = [failureText(task, attempt - 1, cause, state), `again in ${formatDuration(retryAt - at)}${bounded}`];
  return { severity: 'retried', name: task, word: 'retrying', details };
}

function fallbackLine(task: TaskId, attempt: number, state: RunState): EventLine {
  const { lastFailure } = entryOf(state, task);
  const why = lastFailure === undefined ? [] : [failureText(task, attempt - 1, lastFailure, state)];
  return { severity: 'retried', name: task, word: 'fallback', details: [...why, 'its fallback runs'] };
}

function failureText(task: TaskId, attempt: number, cause: FailureCause, state: RunState): string {
  const { failures } = entryOf(state, task);
  const most = specOf(state, task).retry.retries + 1;
  // Where attempts failed that do not count, or a person wished for more, the numbers would not add up.
  const of = attempt === failures && attempt <= most ? ` of ${most}` : '';
  return `attempt ${attempt}${of} failed: ${describeCause(cause)}`;
}

function specOf(state: RunState, task: TaskId): RunState['plan']['tasks'][number]['spec'] {
  return state.plan.tasks[state.plan.indexOf.get(task)!]!.spec;
}

export function entryOf(state: RunState, task: TaskId): TaskEntry {
  return entryAt(state.tasks, state.plan.indexOf.get(task)!);
}

function runLine(tone: Severity, details: readonly string[]): EventLine {
  return { severity: tone, name: '', word: '', details };
}

function outcomeLine(task: TaskId, outcome: Outcome, state: RunState): EventLine {
  const entry = entryOf(state, task);
  const line = { name: task, ...tookOf(entry) };
  const attempts = entry.attempts > 1 ? [formatCount(entry.attempts, 'attempt')] : [];
  switch (outcome.kind) {
    case 'succeeded': {
      const details = [...workOf(entry), ...attempts];
      if (outcome.degraded === undefined) return { ...line, severity: 'succeeded', word: 'succeeded', details };
      return { ...line, severity: 'warned', word: 'degraded', details: [outcome.degraded, ...details] };
    }
    case 'failed':
      return { ...line, severity: 'failed', word: 'failed', details: [describeCause(outcome.cause), ...attempts] };
    case 'timed-out': {
      const limit = `timed out after ${formatDuration(outcome.afterMs)}`;
      return { ...line, severity: 'failed', word: 'timed out', details: [limit, ...attempts] };
    }
    case 'skipped':
      return { name: task, severity: 'notRun', word: 'skipped', details: ['by hand; its downstream runs'] };
    case 'upstream-failed':
      return notRunLine(task, state);
    case 'cancelled': {
      if (wasNotRun(entry)) return notRunLine(task, state);
      const why = outcome.withRun ? describeNotRun(state, state.plan.indexOf.get(task)!) : outcome.reason;
      return { ...line, severity: 'notRun', word: 'cancelled', details: [why] };
    }
  }
}

function notRunLine(task: TaskId, state: RunState): EventLine {
  const why = describeNotRun(state, state.plan.indexOf.get(task)!);
  return { name: task, severity: 'notRun', word: 'not run', details: [why] };
}

function tookOf({ startedAt, endedAt }: TaskEntry): { readonly tookMs?: number } {
  return startedAt === undefined || endedAt === undefined ? {} : { tookMs: endedAt - startedAt };
}

/** How many rows, and the last that the task said of itself, which is mostly what it has to say of its whole work. */
function workOf({ report }: TaskEntry): readonly string[] {
  const message = report?.message;
  if (report?.rows === undefined) return message === undefined ? [] : [message];
  const { rows, rowsChanged } = report;
  const changed = rowsChanged === rows && rows > 0 ? 'all changed' : `${formatNumber(rowsChanged ?? 0)} changed`;
  const counts = [formatCount(rows, 'row'), ...(rowsChanged === undefined ? [] : [changed])].join(', ');
  return [message === undefined ? counts : `${counts} (${message})`];
}

const checkSeverities = { pass: 'succeeded', warn: 'warned', fail: 'data', error: 'failed' } as const;
const formatVerdict = {
  pass: 'check passed',
  warn: 'check warns',
  fail: 'check failed',
  error: 'check error',
} as const;

/** How a check went. */
export function checkLine({ check, verdict, summary, durationMs, measured }: CheckResult): EventLine {
  const samples = Object.values(measured).find((value) => Array.isArray(value)) as readonly string[] | undefined;
  const examples = verdict === 'pass' || samples === undefined ? [] : samples.slice(0, 3);
  return {
    severity: checkSeverities[verdict],
    name: check,
    word: formatVerdict[verdict],
    tookMs: durationMs,
    details: [summary, ...(examples.length === 0 ? [] : [`such as ${examples.join(', ')}`])],
  };
}

type DrainReason = Extract<RunEvent, { type: 'run.draining' }>['reason'];

function drainText(reason: DrainReason, state: RunState): string {
  const left = state.running === 0 ? '' : `; ${formatCount(state.running, 'task')} still running`;
  switch (reason.kind) {
    case 'cancelled':
      return `cancelled, ending what runs${left}${left === '' ? '' : ' (a second signal kills at once)'}`;
    case 'critical':
      return `nothing new is started, because the critical task ${reason.task} ${endingOf(reason.task, state)}${left}`;
    case 'sequential':
      return `nothing new is started, because ${reason.task} ${endingOf(reason.task, state)} in a sequential run${left}`;
    case 'journal-lost':
      return `nothing new is started, because the journal cannot be written${left}`;
  }
}

function endingOf(task: TaskId, state: RunState): string {
  return entryOf(state, task).state.kind === 'timed-out' ? 'timed out' : 'failed';
}
