import type { TaskId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { type Durations, expectedDurations } from './expected-durations.ts';
import { buildWaitGraph, createHeap } from './wait-graph.ts';

/** What a run would be with past durations and nothing in its way but slots and pools. */
export type Simulation = {
  readonly makespanMs: number;
  /** When each task starts, in ms since the start of the run; tasks set aside have no entry. */
  readonly starts: ReadonlyMap<TaskId, number>;
};

/** Plays the plan with a number of slots: whoever is ready starts in the order of rank, as soon as slot and pools are free. */
export function simulatePlan(plan: Plan, durations: Durations, maxParallel: number): Simulation {
  const { tasks, byRank } = plan;
  const graph = buildWaitGraph(tasks, plan.checks);
  const expected = expectedDurations(tasks, durations);
  const unmet = [...graph.waits];
  const starts = new Map<TaskId, number>();
  const poolUse = new Map<string, number>();
  const ready = createHeap();
  /** Running tasks by the time they end. */
  const ends = new Map<number, number[]>();
  const endTimes = createHeap();
  let running = 0;
  let now = 0;

  function release(node: number): void {
    const task = tasks[node];
    if (task !== undefined && !task.skip) ready.push(task.rank);
    else for (const next of graph.next[node]!) meet(next);
  }

  function meet(node: number): void {
    unmet[node]! -= 1;
    if (unmet[node] === 0) release(node);
  }

  function start(index: number): void {
    const { spec } = tasks[index]!;
    for (const pool of spec.pools) poolUse.set(pool, (poolUse.get(pool) ?? 0) + 1);
    starts.set(spec.id, now);
    running += 1;
    const end = now + expected[index]!;
    const together = ends.get(end);
    if (together === undefined) {
      ends.set(end, [index]);
      endTimes.push(end);
    } else together.push(index);
  }

  function startReady(): void {
    const blocked: number[] = [];
    while (running < Math.max(1, maxParallel)) {
      const rank = ready.pop();
      if (rank === undefined) break;
      const index = byRank[rank]!;
      const free = tasks[index]!.spec.pools.every((pool) => (poolUse.get(pool) ?? 0) < plan.pipeline.pools.get(pool)!);
      if (free) start(index);
      else blocked.push(rank);
    }
    for (const rank of blocked) ready.push(rank);
  }

  graph.waits.forEach((count, node) => {
    if (count === 0) release(node);
  });
  startReady();
  for (let end = endTimes.pop(); end !== undefined; end = endTimes.pop()) {
    now = end;
    for (const index of ends.get(end)!) {
      running -= 1;
      for (const pool of tasks[index]!.spec.pools) poolUse.set(pool, poolUse.get(pool)! - 1);
      for (const next of graph.next[index]!) meet(next);
    }
    ends.delete(end);
    startReady();
  }
  return { makespanMs: now, starts };
}
