import type { Plan } from '../model/pipeline/plan.ts';
import { buildWaitGraph } from '../plan/wait-graph.ts';

/** The tasks that run, by index, in an order that dependencies and gates allow. */
export type TaskOrder = readonly number[];

/** In the order of the file where dependencies leave a choice. */
export function fileOrder({ order, tasks }: Plan): TaskOrder {
  return order.filter((index) => !tasks[index]!.skip);
}

/**
 * One order or two in which independent tasks are the other way round than in the file; none when there are no such tasks.
 * One alone seldom has all pairs so: of two tasks that are to be exchanged with a third one, it may depend on one of them.
 */
export function oppositeOrders(plan: Plan): readonly TaskOrder[] {
  const first = fileOrder(plan);
  const independent = independentTasks(plan);
  const covered = new Set<string>();
  return [latestFirstOfFile(plan), earliestLastOfFile(plan)].filter((order) => {
    const before = covered.size;
    for (const task of first) {
      for (const other of reversedAround(task, independent, first, order)) covered.add(`${task} ${other}`);
    }
    return covered.size > before;
  });
}

/** Found from its end, where each time the first task of the file comes that nothing left has to follow. */
function latestFirstOfFile(plan: Plan): TaskOrder {
  const { next } = buildWaitGraph(plan.tasks, plan.checks);
  const before: number[][] = next.map(() => []);
  next.forEach((nodes, node) => {
    for (const other of nodes) before[other]!.push(node);
  });
  // A gate is no task, and hides those that it waits for.
  const place = (node: number) => (node < plan.tasks.length ? node : -1);
  return withoutGates(
    plan,
    walk(
      before,
      next.map(({ length }) => length),
      place,
    ).reverse(),
  );
}

/** Each time the last task of the file comes that waits for nothing any more. */
function earliestLastOfFile(plan: Plan): TaskOrder {
  const { next, waits } = buildWaitGraph(plan.tasks, plan.checks);
  return withoutGates(
    plan,
    walk(next, waits, (node) => -node),
  );
}

/** A topological order; of several nodes that may come next, the one with the lowest place. */
function walk(
  next: readonly (readonly number[])[],
  waits: readonly number[],
  place: (node: number) => number,
): number[] {
  const unmet = [...waits];
  const free = unmet.flatMap((count, node) => (count === 0 ? [node] : []));
  const order: number[] = [];
  while (free.length > 0) {
    free.sort((a, b) => place(b) - place(a));
    const node = free.pop()!;
    order.push(node);
    for (const other of next[node]!) {
      unmet[other]! -= 1;
      if (unmet[other] === 0) free.push(other);
    }
  }
  return order;
}

function withoutGates({ tasks }: Plan, order: readonly number[]): TaskOrder {
  return order.filter((node) => tasks[node]?.skip === false);
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
  const others = [...(independent.get(task) ?? [])];
  if (others.length === 0) return [];
  const [old, now] = [first, second].map((order) => new Map(order.map((one, place) => [one, place])));
  const isBefore = (places: ReadonlyMap<number, number> | undefined, other: number) =>
    places!.get(other)! < places!.get(task)!;
  return others.filter((other) => isBefore(old, other) !== isBefore(now, other));
}
