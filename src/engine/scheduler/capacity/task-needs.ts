import { ownValue } from '../../model/own-value.ts';
import type { ReservedNeeds, RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';

/** A task that needs less than this share of a core mostly waits for a network or a disk, and starts however busy the cores are. */
export const negligibleCpu = 0.1;

/** What a task is counted with: what its author declares, else what it needed in earlier runs, else an estimate. */
export function needsOf(state: RunState, index: number): ReservedNeeds {
  const { spec } = state.plan.tasks[index]!;
  const learned = ownValue(state.options.needs, spec.id);
  const unknown = state.capacity?.unknown;
  return {
    cpu: spec.cpu ?? learned?.cpu ?? unknown?.cpu ?? 0,
    memoryBytes: spec.memoryBytes ?? learned?.memoryBytes ?? unknown?.memoryBytes ?? 0,
  };
}

/** How many database connections a task is counted with; one that declares none may have been seen to use some. */
export function connectionNeed({ plan, options }: Pick<RunState, 'plan' | 'options'>, index: number): number {
  const { id, connections } = plan.tasks[index]!.spec;
  return connections || (ownValue(options.needs, id)?.connections ?? 0);
}

/** How many connections the tasks and checks may hold together; undefined = no limit. */
export function connectionBudget({ capacity, options }: RunState): number | undefined {
  return capacity?.connections ?? options.connectionBudget;
}

/** What each running task is counted with, by task index. */
export function reserveForRunning(state: RunState): ReadonlyMap<number, ReservedNeeds> {
  // Nothing is reserved yet for tasks that started before anything was known of the machine.
  const running =
    state.reserved.size === state.running
      ? [...state.reserved.keys()]
      : state.plan.order.filter((index) => entryAt(state.tasks, index).state.kind === 'running');
  return new Map(running.map((index) => [index, needsOf(state, index)]));
}

/** What the running tasks are counted with together. */
export function reservedTogether({ reserved }: Pick<RunState, 'reserved'>): ReservedNeeds {
  let [cpu, memoryBytes] = [0, 0];
  for (const needs of reserved.values()) {
    cpu += needs.cpu;
    memoryBytes += needs.memoryBytes;
  }
  return { cpu, memoryBytes };
}
