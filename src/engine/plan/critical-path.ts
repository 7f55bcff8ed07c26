import type { Plan } from '../model/pipeline/plan.ts';
import { type Durations, expectedDurations } from './expected-durations.ts';
import { buildWaitGraph, longestPathsToEnd, topologicalOrder } from './wait-graph.ts';

/** The longest chain of dependent tasks; no number of slots makes a run shorter. */
export type CriticalPath = {
  /** Task indices in the order in which they run. */
  readonly tasks: readonly number[];
  readonly totalMs: number;
};

export function criticalPath(plan: Plan, durations: Durations): CriticalPath {
  const graph = buildWaitGraph(plan.tasks, plan.checks);
  const order = topologicalOrder(graph);
  const toEnd = longestPathsToEnd(graph, order, expectedDurations(plan.tasks, durations));
  const path: number[] = [];
  let at = longest(order, toEnd);
  const totalMs = at === undefined ? 0 : toEnd[at]!;
  while (at !== undefined) {
    const task = plan.tasks[at];
    if (task !== undefined && !task.skip) path.push(at);
    at = longest(graph.next[at]!, toEnd);
  }
  return { tasks: path, totalMs };
}

/** The first node with the longest path to the end. */
function longest(nodes: readonly number[], toEnd: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const node of nodes) if (found === undefined || toEnd[node]! > toEnd[found]!) found = node;
  return found;
}
