import type { EpochMs, TaskId } from '../../model/ids.ts';
import type { PlannedTask } from '../../model/pipeline/plan.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { Outcome } from '../../model/run/task-state.ts';
import { entryAt, type TaskEntry } from '../../model/run/task-table.ts';
import { displayLines } from '../../model/text/display-text.ts';
import { describeNotRun } from '../causes/describe-not-run.ts';
import { describeCause, describeOutcome } from '../causes/describe-outcome.ts';
import { durationMs } from '../files/task-result.ts';
import { isoTime, seconds } from '../files/time-format.ts';
import { staleSinceOf } from '../staleness.ts';
import { type Blocked, blockedTasks, failedNames } from './blocked-tasks.ts';
import { rerunCommand } from './command-line.ts';
import { type Handoff, type HandoffHeader, type HandoffInput, header } from './handoff-document.ts';

/** A task that failed for good, was ended by the limit of the run, or whose fallback had to stand in for it. */
export type TaskFailedDocument = HandoffHeader &
  Blocked & {
    readonly handoff: 'pipeline_task_failed';
    readonly failed_task: TaskId;
    readonly level: string | null;
    /** One line: how it ended, and the last line that it wrote to standard error. */
    readonly error: string;
    readonly attempts: number;
    readonly failed_at: string;
    readonly duration_seconds: number;
    /** Other tasks and checks of the run that failed; each has a document of its own. */
    readonly also_failed: readonly string[];
    readonly log: string | null;
    readonly last_lines: readonly string[];
    /** What the task itself said of the moment from which it may work again. */
    readonly retry_after_seconds?: number;
    readonly estimated_retry_at?: string;
    /** What is left of the quota of its source, as the task said. */
    readonly quota_remaining?: number;
    /** What the run goes on with in place of the task's work. */
    readonly workaround: string | null;
    /** When the load ended that the workaround's data comes from. */
    readonly stale_since?: string;
    readonly action_required: string;
    readonly retry_command: string;
  };

/** Many failures have mostly one cause, and nobody reads a thousand files. */
const maxDocuments = 20;
const maxLines = 20;
const maxLineLength = 500;
const maxErrorLength = 300;

type Failed = {
  readonly task: PlannedTask;
  readonly entry: TaskEntry;
  readonly outcome: Outcome;
  readonly workaround?: string;
  /** Its author lets the run go on without it. */
  readonly isTolerated?: true;
};

/** The tasks that failed, in the order of the pipeline; at most 20. */
export function taskFailures(input: HandoffInput): readonly Handoff<TaskFailedDocument>[] {
  const { state } = input;
  const all = state.plan.tasks.flatMap((task) => failureOf(state, task) ?? []);
  if (all.length === 0) return [];
  const blocked = blockedTasks(state);
  return all.slice(0, maxDocuments).map((failure) => {
    const { id } = failure.task.spec;
    const others = failedNames(state).filter((other) => other !== id);
    return {
      trigger: failure.workaround === undefined && !failure.isTolerated ? 'failure' : 'degradation',
      subject: id,
      tasks: [id],
      document: describe(input, failure, blocked('task', id), others),
    };
  });
}

function failureOf(state: RunState, task: PlannedTask): Failed | undefined {
  const entry = entryAt(state.tasks, task.index);
  const { state: outcome } = entry;
  switch (outcome.kind) {
    case 'failed':
    case 'timed-out':
      if (!outcome.tolerated) return { task, entry, outcome };
      return { task, entry, outcome, isTolerated: true };
    case 'succeeded':
      if (outcome.degraded === undefined) return undefined;
      return {
        task,
        entry,
        outcome,
        workaround: outcome.cause === undefined ? outcome.degraded : 'its last good load',
      };
    case 'cancelled':
      // Whoever runs a pipeline with a limit wants to know what took too long.
      return entry.drained?.kind === 'run-limit' && entry.startedAt !== undefined
        ? { task, entry, outcome }
        : undefined;
    default:
      return undefined;
  }
}

function describe(
  input: HandoffInput,
  { task, entry, outcome, workaround, isTolerated }: Failed,
  blocked: Blocked,
  others: readonly string[],
): TaskFailedDocument {
  const { state, now, places } = input;
  const { id, level } = task.spec;
  const attempt = failedAttempt(entry, outcome);
  const { stderr, merged } = places.output(id, attempt);
  const cause = outcome.kind === 'succeeded' ? (outcome.cause ?? entry.lastFailure) : undefined;
  const how = cause === undefined ? describeEnding(state, task.index, outcome) : describeCause(cause);
  const since = staleSinceOf(state, task.index);
  const said = lastLines(stderr, 1)[0];
  const error = shorten(said === undefined ? how : `${how}: ${said}`, maxErrorLength);
  const endedAt = entry.endedAt ?? now;
  const command = rerunCommand(state, [id]);
  return {
    ...header(input, 'pipeline_task_failed', {
      urgency: isTolerated ? 'low' : urgencyOf(task, blocked, workaround),
      summary: isTolerated
        ? `${id} failed, and the run continued without it: ${error}`
        : summaryOf(id, error, blocked, workaround),
    }),
    failed_task: id,
    level: level ?? null,
    error,
    attempts: entry.attempts,
    failed_at: isoTime(endedAt),
    duration_seconds: seconds(durationMs(entry)),
    ...blocked,
    also_failed: others,
    log: places.logPath(id, attempt) ?? null,
    last_lines: lastLines(merged, maxLines),
    ...retryOf(entry, endedAt),
    workaround: workaround ?? null,
    ...(since === undefined ? {} : { stale_since: isoTime(since) }),
    action_required: actionOf(entry, endedAt, command, workaround),
    retry_command: command,
  };
}

/** Of a task that was ended with the run, why the run was. */
function describeEnding(state: RunState, index: number, outcome: Outcome): string {
  return outcome.kind === 'cancelled' ? describeNotRun(state, index) : describeOutcome(outcome, state, index);
}

/** A fallback is an attempt of its own; what failed is the one before. Where an earlier load stands in, none came after. */
function failedAttempt({ attempts }: TaskEntry, outcome: Outcome): number {
  if (outcome.kind !== 'succeeded') return attempts;
  return outcome.cause === undefined ? Math.max(1, attempts - 1) : outcome.attempt;
}

function urgencyOf({ spec }: PlannedTask, { blocked_count }: Blocked, workaround: string | undefined) {
  if (workaround !== undefined) return 'low';
  return blocked_count > 0 || spec.critical ? 'high' : 'normal';
}

function summaryOf(id: TaskId, error: string, { blocked_count: count }: Blocked, workaround: string | undefined) {
  if (workaround !== undefined) return `${id} failed, and the run continued with ${workaround}: ${error}`;
  return `${id} failed: ${error}${count === 0 ? '' : `; ${count === 1 ? '1 task was' : `${count} tasks were`} not run because of it`}`;
}

function actionOf(entry: TaskEntry, endedAt: EpochMs, command: string, workaround: string | undefined): string {
  const after = entry.report?.retryAfterSeconds;
  const when = after === undefined ? '' : ` not before ${isoTime((endedAt + after * 1000) as EpochMs)}`;
  const quota = entry.report?.quotaRemaining === 0 ? 'wait until the quota of its source is reset' : undefined;
  const cause =
    entry.drained?.kind === 'run-limit'
      ? 'make it faster, or let the run take longer (limits.run)'
      : 'find the cause in its log and fix it';
  const first = quota ?? (after === undefined ? cause : 'wait as long as its source asks');
  const sentence = `${first}, then run it again${when}: ${command}`;
  return workaround === undefined ? sentence : `none for now: the run used ${workaround}; ${sentence}`;
}

function retryOf({ report }: TaskEntry, endedAt: EpochMs): Partial<TaskFailedDocument> {
  const { retryAfterSeconds: after, quotaRemaining: quota } = report ?? {};
  return {
    ...(after === undefined
      ? {}
      : { retry_after_seconds: after, estimated_retry_at: isoTime((endedAt + after * 1000) as EpochMs) }),
    ...(quota === undefined ? {} : { quota_remaining: quota }),
  };
}

/** The last lines that hold anything, safe to show. */
function lastLines(text: string, most: number): readonly string[] {
  return displayLines(text)
    .map((line) => shorten(line.trimEnd(), maxLineLength))
    .filter((line) => line !== '')
    .slice(-most);
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
