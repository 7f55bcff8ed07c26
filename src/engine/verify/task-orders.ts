import type { Plan } from '../model/pipeline/plan.ts';
import { buildWaitGraph } from '../plan/wait-graph.ts';

/** The tasks that run, by index, in an order that dependencies and gates allow. */
export type TaskOrder = readonly number[];

/** In the order of the file where dependencies leave a choice. */
export function fileOrder({ order, tasks }: Plan): TaskOrder {
  return order.filter((index) => !tasks[index]!.skip);
}

/** Independent tasks in the opposite order, as far as one order can have all of them so. */
export function oppositeOrder(plan: Plan): TaskOrder {
  const { next, waits } = buildWaitGraph(plan.tasks, plan.checks);
  const unmet = [...waits];
  const free = unmet.flatMap((count, node) => (count === 0 ? [node] : []));
  const order: number[] = [];
  while (free.length > 0) {
    // A gate takes no time, and what is behind it may then come first.
    free.sort((a, b) => a - b);
    const node = free.pop()!;
    order.push(node);
    for (const other of next[node]!) {
      unmet[other]! -= 1;
      if (unmet[other] === 0) free.push(other);
    }
  }
  return order.filter((node) => plan.tasks[node]?.skip === false);
}

/** By task, those that neither wait for it nor are waited for by it. */
export function independentTasks(plan: Plan): ReadonlyMap<number, ReadonlySet<number>> {
  const { next } = buildWaitGraph(plan.tasks, plan.checks);
  const after = plan.tasks.map(({ index }) => {
    const reached = new Set(next[index]);
    for (const node of reached) for (const other of next[node]!) reached.add(other);
    return reached;
  });
  const running = plan.tasks.filter(({ skip }) => !skip).map(({ index }) => index);
  return new Map(
    running.map((one) => [
      one,
      new Set(running.filter((other) => other !== one && !after[one]!.has(other) && !after[other]!.has(one))),
    ]),
  );
}

/** The independent tasks that are on the other side of `task` in the second order than in the first. */
export function reversedAround(
  task: number,
  independent: ReadonlyMap<number, ReadonlySet<number>>,
  first: TaskOrder,
  second: TaskOrder,
): readonly number[] {
  const isBefore = (order: TaskOrder, other: number) => order.indexOf(other) < order.indexOf(task);
  return [...(independent.get(task) ?? [])].filter((other) => isBefore(first, other) !== isBefore(second, other));
}
