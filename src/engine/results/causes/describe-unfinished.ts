import { isPlaceholder } from '../../model/pipeline/matrix.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { type Outcome, type TaskState, unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { unreachable } from '../../model/unreachable.ts';
import { describeCause } from './describe-outcome.ts';

type Unfinished = Exclude<TaskState, Outcome>;

/** How far a task was when its run was left unfinished. */
export function describeUnfinished(state: RunState, index: number, task: Unfinished): string {
  switch (task.kind) {
    case 'waiting':
      if (state.plan.tasks[index]!.end !== undefined) return 'not started: it runs at the end';
      return `not started: it waited for ${unmetNames(state, index)}`;
    case 'awaiting':
      return 'not started: it waited for something outside the run';
    case 'asking':
      if (isPlaceholder(state.plan.tasks[index]!.spec.instance))
        return 'not started: its matrix values were being read';
      return 'not started: its only_if was running';
    case 'ready':
      return 'not started: it waited for its turn';
    case 'running':
      return `attempt ${task.attempt} was running when the run was interrupted`;
    case 'backing-off':
      return `${describeCause(task.cause)}; attempt ${task.attempt} did not start`;
    default:
      return unreachable(task);
  }
}

const maxNames = 3;

function unmetNames(state: RunState, index: number): string {
  const { plan, checks, options } = state;
  const tasks = plan.tasks[index]!.upstream.filter(
    (upstream) => !unblocksDownstream(entryAt(state.tasks, upstream).state),
  ).map((upstream) => plan.tasks[upstream]!.spec.id);
  const gates = plan.checks
    .filter((check) => options.runChecks && check.gates.includes(index) && checks[check.index]!.kind !== 'done')
    .map(({ spec }) => `check ${spec.name}`);
  const names: readonly string[] = [...tasks, ...gates];
  const more = names.length - maxNames;
  return more > 0 ? `${names.slice(0, maxNames).join(', ')} and ${more} more` : names.join(', ');
}
