import type { Plan } from '../model/pipeline/plan.ts';
import { buildWaitGraph, topologicalOrder } from './wait-graph.ts';

/** Task indices in waves: all tasks of a wave can run at once when the previous waves are done. Skipped tasks are left out. */
export function executionWaves(plan: Plan): readonly (readonly number[])[] {
  const { tasks } = plan;
  const graph = buildWaitGraph(tasks, plan.checks);
  const depth = new Array<number>(graph.next.length).fill(0);
  const waves: number[][] = [];
  for (const node of topologicalOrder(graph)) {
    const runs = tasks[node] !== undefined && !tasks[node].skip;
    if (runs) {
      while (waves.length <= depth[node]!) waves.push([]);
      waves[depth[node]!]!.push(node);
    }
    for (const next of graph.next[node]!) depth[next] = Math.max(depth[next]!, depth[node]! + (runs ? 1 : 0));
  }
  return waves;
}
