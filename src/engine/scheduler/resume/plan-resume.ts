import type { EpochMs, TaskId } from '../../model/ids.ts';
import { linesKey, type MatrixLines, writerOfLines } from '../../model/pipeline/matrix.ts';
import { type Plan, type RunOptions, withLines } from '../../model/pipeline/plan.ts';
import type { RerunReason, ResumeDecision } from '../../model/run/resume-decision.ts';
import type { RunContinued } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt, type TaskEntry } from '../../model/run/task-table.ts';
import { unreachable } from '../../model/unreachable.ts';
import { termsOf } from '../state/run-terms.ts';
import { decideEnds } from './decide-ends.ts';
import { changedCondition, changedParams, findChange } from './find-change.ts';
import { checksToRepeat } from './repeated-checks.ts';

/** What a run is continued with. */
export type Resumption = {
  /** Its number among the plans of the run, from 1. */
  readonly number: number;
  readonly plan: Plan;
  readonly options: RunOptions;
  /** The last sign of life of the process that carried the run out before. */
  readonly stoppedAt: EpochMs;
  /** What has changed about the files that tasks declare, by task that is done. */
  readonly changedFiles?: ReadonlyMap<TaskId, RerunReason>;
  /** Whether attempts outlive the process that started them, see `Executor.runs`. */
  readonly runsElsewhere?: boolean;
};

/**
 * Decides how a run goes on that was interrupted or has ended, under the plan as it is now:
 * 1. What has succeeded is reused, unless its program, its variables, the parameters, what it waits for, or anything upstream of
 *    it has changed, a file that it promises is gone, or one that it declares to read is another one.
 * 2. What ran when the process died is tried again, and not charged for it. Where attempts outlive the process, one that is
 *    still wanted as it is goes on.
 * 3. What failed or was not run starts anew, with all its retries.
 * 4. What waits, waits for a retry, was not needed or was skipped goes on as it was; what was asked is asked once more.
 * 5. What runs at the end runs again after all that, and what was taken down is set up again where it is needed.
 * A change in the plan that decides only how a task runs (its timeout, its retries) runs nothing again. A secret parameter
 * is not stored, so that a changed one is not noticed.
 */
export function planResume(before: RunState, resumption: Resumption): RunContinued {
  const { number, options, stoppedAt } = resumption;
  const { plan, lines } = keepLines(before, resumption);
  const decisions = decideTasks(before, { ...resumption, plan });
  const recheck = checksToRepeat(before, plan, decisions);
  return {
    type: 'run.continued',
    plan: number,
    stoppedAt,
    ...termsOf(plan, orderedFor(plan, options), options.sequential ? 1 : options.maxParallel),
    decisions: Object.fromEntries(decisions),
    ...(recheck.length === 0 ? {} : { recheck }),
    ...(lines === undefined ? {} : { lines }),
  };
}

/**
 * The plan with the instances that came out of files before, as far as the tasks that write them do not run: those will tell
 * anew.
 */
function keepLines(before: RunState, resumption: Resumption): { readonly plan: Plan; readonly lines?: MatrixLines } {
  const { plan } = resumption;
  let kept = Object.entries(before.plan.written?.values.lines ?? {});
  const awaited = new Set(
    [...(plan.open?.files ?? [])].flatMap(([from, files]) => files.map((file) => linesKey({ file, from }))),
  );
  for (;;) {
    const lines = Object.fromEntries(kept.filter(([key]) => awaited.has(key)));
    const filled = Object.keys(lines).length === 0 ? plan : withLines(plan, lines);
    const decisions = decideTasks(before, { ...resumption, plan: filled });
    const next = kept.filter(([key]) => awaited.has(key) && !runsAgain(before, plan, decisions, writerOfLines(key)));
    if (next.length === kept.length) return filled === plan ? { plan } : { plan: filled, lines };
    kept = next;
  }
}

/** Whether a task runs, also for the first time; not one that was left out or not needed before. */
function runsAgain(
  before: RunState,
  plan: Plan,
  decisions: ReadonlyMap<TaskId, ResumeDecision>,
  task: TaskId,
): boolean {
  const decision = decisions.get(task);
  if (decision !== undefined) return decision.kind !== 'reused';
  const old = before.plan.indexOf.get(task);
  const kind = old === undefined ? undefined : entryAt(before.tasks, old).state.kind;
  return plan.indexOf.has(task) && kind !== 'skipped' && kind !== 'not-needed';
}

/** The order of a plan that had no instances yet says nothing of them. */
function orderedFor({ tasks }: Plan, options: RunOptions): RunOptions {
  const { queueOrder, ...rest } = options;
  return queueOrder === undefined || queueOrder.length === tasks.length ? options : rest;
}

/** In the order of the plan, so that what is upstream of a task is decided before it. */
function decideTasks(
  before: RunState,
  { plan, options, changedFiles, runsElsewhere = false }: Resumption,
): ReadonlyMap<TaskId, ResumeDecision> {
  const decisions = new Map<TaskId, ResumeDecision>();
  const params = changedParams(before.options.params, options.params);
  /** Tasks whose data will be other data than before, or is made for the first time. */
  const changed = new Set<number>();
  for (const index of plan.order) {
    const { spec, upstream, skip } = plan.tasks[index]!;
    const old = before.plan.indexOf.get(spec.id);
    if (old === undefined) {
      changed.add(index);
      continue;
    }
    const entry = entryAt(before.tasks, old);
    // Nobody has it run, so that it passes no change on.
    if (entry.state.kind === 'skipped') continue;
    const above = upstream.find((other) => changed.has(other));
    const change =
      findChange(before.plan, old, plan, index) ??
      params ??
      (above === undefined ? undefined : { kind: 'upstream', task: plan.tasks[above]!.spec.id }) ??
      changedFiles?.get(spec.id) ??
      (entry.state.kind === 'not-needed' ? changedCondition(before.plan, old, plan, index) : undefined);
    if (change !== undefined) changed.add(index);
    // What this run leaves out, and a person has started all the same, does not go on.
    const decision = decideTask(entry, change, runsElsewhere && !skip);
    if (decision !== undefined) decisions.set(spec.id, decision);
  }
  decideEnds(before, plan, decisions);
  return decisions;
}

function decideTask(
  { state, attempts }: TaskEntry,
  change: RerunReason | undefined,
  runsElsewhere: boolean,
): ResumeDecision | undefined {
  switch (state.kind) {
    case 'succeeded':
    case 'reused':
      return change ?? { kind: 'reused' };
    case 'not-needed':
      return change;
    case 'running':
      // A person has skipped it before the process died.
      if (state.stopping === 'skip') return undefined;
      if (change !== undefined) return change;
      return {
        kind: runsElsewhere && state.stopping === undefined ? 'adopted' : 'interrupted',
        attempt: state.attempt,
      };
    case 'ready':
    case 'backing-off':
      return attempts === 0 ? undefined : change;
    case 'failed':
    case 'timed-out':
      // Its downstream has been made without it, so that it counts as done.
      return state.tolerated ? (change ?? { kind: 'reused' }) : { kind: state.kind };
    case 'cancelled':
      return { kind: state.kind };
    case 'upstream-failed':
      return { kind: 'not-run' };
    case 'waiting':
    // It is looked for and asked anew in any case.
    case 'awaiting':
    case 'asking':
    case 'skipped':
      return undefined;
    default:
      return unreachable(state);
  }
}
