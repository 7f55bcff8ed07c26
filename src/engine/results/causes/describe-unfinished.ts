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
      if (state.plan.tasks[index]!.end !== undefined) return 'never started: it runs at the end, which did not come';
      return `never started: it waited for ${unmetNames(state, index)}`;
    case 'awaiting':
      return 'never started: it waited for something outside the run';
    case 'asking':
      if (isPlaceholder(state.plan.tasks[index]!.spec.instance))
        return 'never started: the values of its matrix were being read';
      return 'never started: it was being asked whether it is needed';
    case 'ready':
      return 'never started: it waited for its turn';
    case 'running':
      return `attempt ${task.attempt} ran when the run was left`;
    case 'backing-off':
      return `${describeCause(task.cause)}; attempt ${task.attempt} was never started`;
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
