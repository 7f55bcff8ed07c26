import type { Plan } from '../model/plan.ts';
import { type Durations, expectedDurations } from './expected-durations.ts';
import { buildWaitGraph, longestPathsToEnd, topologicalOrder } from './wait-graph.ts';

/** The longest chain of tasks that wait for each other; no number of slots makes a run shorter. */
export type CriticalPath = {
  /** By index, in the order in which they run. */
  readonly tasks: readonly number[];
  readonly totalMs: number;
};

export function criticalPath(plan: Plan, durations: Durations): CriticalPath {
  const graph = buildWaitGraph(plan.tasks, plan.checks);
  const order = topologicalOrder(graph);
  const tails = longestPathsToEnd(graph, order, expectedDurations(plan.tasks, durations));
  const path: number[] = [];
  let at = longest(order, tails);
  const totalMs = at === undefined ? 0 : tails[at]!;
  while (at !== undefined) {
    const task = plan.tasks[at];
    if (task !== undefined && !task.skip) path.push(at);
    at = longest(graph.next[at]!, tails);
  }
  return { tasks: path, totalMs };
}

/** The first of those with the longest way to the end. */
function longest(nodes: readonly number[], tails: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const node of nodes) if (found === undefined || tails[node]! > tails[found]!) found = node;
  return found;
}
