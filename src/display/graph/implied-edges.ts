import { type PipelineGraph, topologicalOrder } from './pipeline-graph.ts';

type Edges = PipelineGraph['downstream'];

/** Above that, what is implied is drawn as well, because finding it would take seconds. */
const maxWork = 2e8;

/**
 * Leaves out every edge that a longer way implies: where c waits for b and b for a, it says nothing that c waits for a.
 * @returns the edges that are left, and how many were left out
 */
export function withoutImpliedEdges(downstream: Edges): { readonly downstream: Edges; readonly implied: number } {
  const count = downstream.reduce((sum, below) => sum + below.length, 0);
  const words = Math.ceil(downstream.length / 32);
  if (count * words > maxWork) return { downstream, implied: 0 };
  /** By node, the bits of all nodes that can be reached from it. */
  const reached = downstream.map(() => new Uint32Array(words));
  const kept = downstream.map((): readonly number[] => []);
  let left = 0;
  const order = topologicalOrder(downstream);
  const place = new Map(order.map((node, at) => [node, at]));
  for (const node of order.toReversed()) {
    const own = reached[node]!;
    // The nearest first: what lies behind one of them is implied.
    const below = downstream[node]!.toSorted((one, other) => place.get(one)! - place.get(other)!);
    const direct: number[] = [];
    for (const next of below) {
      if ((own[next >>> 5]! >>> (next & 31)) & 1) continue;
      direct.push(next);
      const further = reached[next]!;
      for (let word = 0; word < words; word += 1) own[word]! |= further[word]!;
      own[next >>> 5]! |= 1 << (next & 31);
    }
    kept[node] = direct.sort((one, other) => one - other);
    left += direct.length;
  }
  return { downstream: kept, implied: count - left };
}
