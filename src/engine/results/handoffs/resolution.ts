import type { TaskId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { TaskState } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { Handoff, HandoffType } from './handoff-document.ts';

/** A document of an earlier run, as far as it says what it is about. */
type Earlier = {
  readonly handoff: unknown;
  readonly subject: string;
  readonly pipeline: unknown;
  readonly run_id: unknown;
};

/**
 * Why an active document of an earlier run of the pipeline holds no longer now that this one has ended; undefined as long
 * as it does.
 */
export function describeSuccession(state: RunState, earlier: Earlier, current: readonly Handoff[]): string | undefined {
  const { run } = state.options;
  const { handoff, subject, pipeline, run_id: id } = earlier;
  if (pipeline !== state.plan.pipeline.name) return undefined;
  const isToldAgain = current.some((one) => one.document.handoff === handoff && one.subject === subject);
  if (id === run) return isToldAgain ? undefined : describeOwnResolution(state, handoff, subject);
  if (isToldAgain) return `reported again by run ${run}`;
  if (handoff === 'pipeline_task_failed' && taskOf(state, subject)?.kind === 'succeeded') {
    return `${subject} succeeded in run ${run}`;
  }
  return handoff === 'data_check_failed' && hasPassed(state, subject) ? `${subject} passed in run ${run}` : undefined;
}

/** The process that carried the run out before it was resumed has written the document. */
function describeOwnResolution(state: RunState, handoff: unknown, subject: string): string | undefined {
  const type = resolvable.find((one) => one === handoff);
  return type === undefined || state.continued === undefined ? undefined : describeResolution(state, type, subject);
}

const resolvable: readonly HandoffType[] = [
  'pipeline_task_failed',
  'data_check_failed',
  'performance_degradation',
  'features_dataset_updated',
];

/** Why a document that the run has written holds no longer, after it was taken up again and has ended once more. */
export function describeResolution(state: RunState, type: HandoffType, subject: string): string {
  switch (type) {
    case 'pipeline_task_failed':
      return describeTask(state, subject);
    case 'data_check_failed':
      return describeCheck(state, subject);
    case 'performance_degradation':
      return 'the run was resumed and was not slower than usual';
    case 'features_dataset_updated':
      return 'the run was resumed and did not succeed';
    default:
      return unreachable(type);
  }
}

function describeTask(state: RunState, task: string): string {
  const found = taskOf(state, task);
  switch (found?.kind) {
    case 'succeeded':
      return `${task} succeeded in attempt ${found.attempt}`;
    case 'skipped':
      return `${task} was skipped`;
    case 'not-needed':
      return `${task} was not needed`;
    case 'reused':
      return `${task} was reused`;
    default:
      return `${task} ran again and did not fail`;
  }
}

function describeCheck(state: RunState, check: string): string {
  return hasPassed(state, check) ? `${check} passed` : `${check} did not run again`;
}

function taskOf({ plan, tasks }: RunState, task: string): TaskState | undefined {
  const index = plan.indexOf.get(task as TaskId);
  return index === undefined ? undefined : entryAt(tasks, index).state;
}

/** A warning is no failure. */
function hasPassed({ plan, checks }: RunState, name: string): boolean {
  const check = plan.checks.find(({ spec }) => spec.name === name);
  const found = check === undefined ? undefined : checks[check.index];
  return found?.kind === 'done' && (found.result.verdict === 'pass' || found.result.verdict === 'warn');
}
