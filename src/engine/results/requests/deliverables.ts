import type { TaskId } from '../../model/ids.ts';
import type { Deliverable } from '../../model/pipeline/request-rules.ts';
import type { CheckResult, CheckVerdict } from '../../model/run/check-result.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { olderOf, type Staleness } from '../../model/run/staleness.ts';
import { isOutcome } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { describeCheckNotRun } from '../causes/describe-not-run.ts';
import { describeOutcome } from '../causes/describe-outcome.ts';
import { describeUnfinished } from '../causes/describe-unfinished.ts';
import { type StaleResult, staleResult } from '../staleness.ts';

/** What is known of a file that was to be delivered; undefined when there is none. */
export type DeliveredFile = { readonly bytes: number; readonly modifiedAt: string };

/** One entry of `deliverables` in an answer. */
export type DeliverableResult = {
  readonly name: string;
  readonly status: 'delivered' | 'not_delivered';
  /** The first reason why it was not delivered, and how many others there are; null when it was. */
  readonly why: string | null;
  /** What a reader should know although it was delivered: a fallback, a warning. */
  readonly notes: readonly string[];
  readonly table?: string;
  readonly rows?: number;
  readonly file?: string;
  readonly size_bytes?: number;
  readonly modified_at?: string;
  /** Of the task with the oldest data, when that is not up to date. */
  readonly stale?: StaleResult;
  readonly tasks: readonly TaskId[];
  readonly checks: readonly CheckOfDeliverable[];
};

export type CheckOfDeliverable = {
  readonly check: string;
  readonly status: CheckVerdict | 'not_run';
  readonly message: string;
};

/** What stands for a deliverable in a run. */
export type DeliverableEvidence = {
  readonly deliverable: Deliverable & { readonly rowsCheck?: string };
  /** Of its file. */
  readonly file: DeliveredFile | undefined;
  /** Tasks that need not run, because their work was fresh. */
  readonly leftOut: ReadonlySet<TaskId>;
};

/** Whether something was delivered: its tasks did their work, its checks passed, and its table or file is there. */
export function judgeDeliverable(
  state: RunState,
  { deliverable, file, leftOut }: DeliverableEvidence,
): DeliverableResult {
  const { name, table, tasks, rowsCheck } = deliverable;
  const notes: string[] = [];
  const names = [...deliverable.checks, ...(rowsCheck === undefined ? [] : [rowsCheck])];
  const checks = names.map((check) => resultOf(state, check));
  const notDone = tasks.flatMap((task) => whyNotDone(state, task, leftOut, notes) ?? []);
  // What is missing after a task that did not do its work follows from that.
  const reasons =
    notDone.length > 0
      ? notDone
      : [...checks.flatMap((check) => whyNot(check) ?? []), ...whyNoFile(deliverable.file, file)];
  for (const { check, status, message } of checks) {
    if (status === 'warn') notes.push(`check ${check} warns: ${message}`);
  }
  const rows = rowsCheck === undefined ? undefined : measuredOf(state, rowsCheck)?.['rows'];
  const stale = staleResult(stalenessOf(state, tasks));
  if (stale.stale !== undefined) notes.push(staleNote(stale.stale));
  const others = reasons.length - 1;
  return {
    name,
    status: reasons.length === 0 ? 'delivered' : 'not_delivered',
    why: reasons.length === 0 ? null : `${reasons[0]}${others === 0 ? '' : ` (and ${others} more)`}`,
    notes,
    ...(table === undefined ? {} : { table }),
    ...(typeof rows === 'number' ? { rows } : {}),
    ...(deliverable.file === undefined ? {} : { file: deliverable.file }),
    ...(file === undefined ? {} : { size_bytes: file.bytes, modified_at: file.modifiedAt }),
    ...stale,
    tasks,
    checks,
  };
}

function stalenessOf(state: RunState, tasks: readonly TaskId[]): Staleness | undefined {
  return tasks.reduce<Staleness | undefined>((oldest, task) => {
    const index = state.plan.indexOf.get(task);
    return index === undefined ? oldest : olderOf(oldest, entryAt(state.tasks, index).stale);
  }, undefined);
}

function staleNote({ since, task, why }: StaleResult): string {
  const reason = why === 'rerun' ? `"${task}" has run again since` : `"${task}" used an earlier load`;
  return `its data is stale since ${since}: ${reason}`;
}

function whyNotDone(state: RunState, task: TaskId, leftOut: ReadonlySet<TaskId>, notes: string[]): string | undefined {
  const index = state.plan.indexOf.get(task);
  if (index === undefined) return `"${task}" was not part of the run`;
  const { state: outcome } = entryAt(state.tasks, index);
  if (!isOutcome(outcome)) return `"${task}": ${describeUnfinished(state, index, outcome)}`;
  if (outcome.kind === 'succeeded') {
    if (outcome.degraded !== undefined) notes.push(`"${task}" is degraded: ${outcome.degraded}`);
    return undefined;
  }
  if (outcome.kind === 'reused') {
    notes.push(`"${task}" was ${describeOutcome(outcome, state, index)}`);
    return undefined;
  }
  if (outcome.kind === 'skipped' && leftOut.has(task)) return undefined;
  if (outcome.kind === 'not-needed') {
    notes.push(`"${task}" was ${describeOutcome(outcome, state, index)}; the existing data is from an earlier run`);
    return undefined;
  }
  const how = describeOutcome(outcome, state, index);
  return outcome.kind === 'failed' || outcome.kind === 'timed-out'
    ? `"${task}" failed: ${how}`
    : `"${task}" was ${how}`;
}

function whyNot({ check, status, message }: CheckOfDeliverable): string | undefined {
  switch (status) {
    case 'fail':
      return `check ${check} failed: ${message}`;
    case 'error':
      return `check ${check} had an error: ${message}`;
    case 'not_run':
      return `check ${check} was not run: ${message}`;
    case 'pass':
    case 'warn':
      return undefined;
  }
}

function whyNoFile(path: string | undefined, file: DeliveredFile | undefined): readonly string[] {
  if (path === undefined) return [];
  if (file === undefined) return [`file ${path} is missing`];
  return file.bytes === 0 ? [`file ${path} is empty`] : [];
}

function resultOf(state: RunState, name: string): CheckOfDeliverable {
  const index = state.plan.checks.findIndex(({ spec }) => spec.name === name);
  const check = state.checks[index];
  if (check?.kind === 'done') return { check: name, status: check.result.verdict, message: check.result.summary };
  const why = index < 0 ? undefined : describeCheckNotRun(state, index);
  return { check: name, status: 'not_run', message: why ?? 'the run ended before it' };
}

function measuredOf(state: RunState, name: string): CheckResult['measured'] | undefined {
  const check = state.checks.find((one) => one.kind === 'done' && one.result.check === name);
  return check?.kind === 'done' ? check.result.measured : undefined;
}
