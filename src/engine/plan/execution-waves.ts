import type { Plan } from '../model/plan.ts';
import { buildWaitGraph, topologicalOrder } from './wait-graph.ts';

/** The tasks (by index) in waves: each wave could run at once when those before it are done. Tasks set aside are left out. */
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
