import type { PipelineGraph } from './pipeline-graph.ts';

/**
 * Edges that are drawn as one line: every source of a bundle is upstream of every target of it. Each edge is in one bundle,
 * and each node is a source of at most one.
 */
export type Bundles = {
  /** By bundle. */
  readonly sources: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  /** By node, the bundle that it is a source of; undefined when nothing waits for it. */
  readonly from: readonly (number | undefined)[];
  /** By node, the bundles that it is a target of. */
  readonly into: readonly (readonly number[])[];
};

/** Nodes for which the same nodes wait share a bundle. */
export function bundleEdges(downstream: PipelineGraph['downstream']): Bundles {
  const byTargets = new Map<string, number>();
  const sources: number[][] = [];
  const targets: (readonly number[])[] = [];
  const into = downstream.map((): number[] => []);
  const from = downstream.map((below, node) => {
    if (below.length === 0) return undefined;
    const key = below.join(' ');
    const known = byTargets.get(key);
    if (known !== undefined) {
      sources[known]!.push(node);
      return known;
    }
    const bundle = targets.push(below) - 1;
    sources.push([node]);
    byTargets.set(key, bundle);
    for (const target of below) into[target]!.push(bundle);
    return bundle;
  });
  return { sources, targets, from, into };
}
