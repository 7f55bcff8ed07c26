import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/**
 * The setups whose teardown has begun although one of these tasks, which are to run again, needs what they set up; and the
 * setups that these need in turn.
 */
export function setupsToRepeat(state: RunState, tasks: ReadonlySet<number>): ReadonlySet<number> {
  const repeated = new Set<number>();
  const isAgain = (index: number) => tasks.has(index) || repeated.has(index);
  for (let before = -1; repeated.size > before; ) {
    before = repeated.size;
    for (const index of state.plan.ends) {
      const { setup, after } = state.plan.tasks[index]!.end!;
      if (setup === undefined || isAgain(setup) || entryAt(state.tasks, index).tookDown !== true) continue;
      const { state: task } = entryAt(state.tasks, setup);
      // One that is on its way sets up again by itself; whoever has skipped it sees to it otherwise.
      if (!isOutcome(task) || task.kind === 'skipped') continue;
      if (after.some((other) => other !== setup && !isEnd(state, other) && isAgain(other))) repeated.add(setup);
    }
  }
  return repeated;
}

/**
 * The tasks at the end that wait again when these tasks do: all that have begun or ended and come after one of them that is
 * not at the end; and what was about to begin after another one at the end. One that a person has skipped stays so.
 */
export function endsToReset(state: RunState, tasks: ReadonlySet<number>): readonly number[] {
  const reset = endsAfter(state, tasks).filter((index) => {
    const { kind } = entryAt(state.tasks, index).state;
    return !tasks.has(index) && kind !== 'waiting' && kind !== 'running' && kind !== 'skipped';
  });
  const again = new Set([...tasks, ...reset]);
  for (let before = -1; again.size > before; ) {
    before = again.size;
    for (const index of state.plan.ends)
      if (isAboutToBegin(state, index) && isBehindEnd(state, index, again)) again.add(index);
  }
  return [...again].filter((index) => !tasks.has(index));
}

/** A task at the end that is running, although one of these tasks would have to come before it. */
export function findRunningEnd(state: RunState, tasks: ReadonlySet<number>): number | undefined {
  const isRunning = (index: number) => entryAt(state.tasks, index).state.kind === 'running';
  const again = new Set([...tasks, ...endsToReset(state, tasks)]);
  return (
    endsAfter(state, tasks).find(isRunning) ??
    state.plan.ends.find((index) => isRunning(index) && isBehindEnd(state, index, again))
  );
}

/** Whether it comes after one of these that is at the end as well. */
function isBehindEnd(state: RunState, index: number, tasks: ReadonlySet<number>): boolean {
  return state.plan.tasks[index]!.end!.after.some((other) => tasks.has(other) && isEnd(state, other));
}

function isAboutToBegin(state: RunState, index: number): boolean {
  return ['awaiting', 'asking', 'ready', 'backing-off'].includes(entryAt(state.tasks, index).state.kind);
}

function endsAfter(state: RunState, tasks: ReadonlySet<number>): readonly number[] {
  const { plan } = state;
  if (plan.ends.length === 0 || [...tasks].every((index) => isEnd(state, index))) return [];
  return plan.ends.filter((index) => {
    const { when, after } = plan.tasks[index]!.end!;
    return when !== 'teardown' || after.some((other) => tasks.has(other) && !isEnd(state, other));
  });
}

function isEnd({ plan }: RunState, index: number): boolean {
  return plan.tasks[index]!.end !== undefined;
}
