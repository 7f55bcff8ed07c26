import type { Plan, PlannedTask } from '../model/pipeline/plan.ts';
import { ofTaskOrFamily } from '../model/run/past-runs.ts';
import { type Durations, expectedDurations } from './expected-durations.ts';
import { buildWaitGraph, longestPathsToEnd, topologicalOrder, type WaitGraph } from './wait-graph.ts';

/** Task indices by rank: first the one with the longest path to the end; of equals, the first in topological order. */
export function rankTasks(
  tasks: readonly Pick<PlannedTask, 'spec' | 'skip' | 'end'>[],
  graph: WaitGraph,
  order: readonly number[],
  durations: Durations,
): readonly number[] {
  const toEnd = longestPathsToEnd(graph, order, expectedDurations(tasks, durations));
  // The sort is stable.
  return order.filter((node) => node < tasks.length).sort((a, b) => toEnd[b]! - toEnd[a]!);
}

/** The ranks of a plan by what its tasks took in earlier runs; undefined when none of them is known. */
export function learnedOrder({ tasks, checks }: Plan, durations: Durations): readonly number[] | undefined {
  if (!tasks.some(({ spec }) => ofTaskOrFamily(durations, spec.id) !== undefined)) return undefined;
  const graph = buildWaitGraph(tasks, checks);
  return rankTasks(tasks, graph, topologicalOrder(graph), durations);
}
