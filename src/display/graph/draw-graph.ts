import { bundleEdges } from './bundles.ts';
import { drawLanes, type LaneRow } from './draw-lanes.ts';
import { withoutImpliedEdges } from './implied-edges.ts';
import type { PipelineGraph } from './pipeline-graph.ts';
import { depthsOf, layeredOrder, narrowOrder } from './row-order.ts';

export type GraphDrawing = {
  readonly rows: readonly LaneRow[];
  /** By node, the nodes it waits for that no line shows, because there was no room for more lines. */
  readonly undrawn: ReadonlyMap<number, readonly number[]>;
  /** By node, how many tasks are on the longest way to it. */
  readonly waves: readonly number[];
  /** Whether the rows are in the order of the waves. */
  readonly isLayered: boolean;
  /** How many edges are left out because others say as much. */
  readonly implied: number;
  /** Nodes that nothing is connected with; they have no row. */
  readonly alone: readonly number[];
};

/** Waves are worth that many lines beyond what another order would need. */
const linesForWaves = 6;
/** Above that, the other order would take seconds. */
const maxOrdered = 1_500;

/**
 * Draws a graph with lines, one row for each node: wave by wave, as long as this needs few lines, and otherwise so that few
 * are open at a time. Each edge that is not implied by others is either drawn or in `undrawn`.
 * @param maxLanes how many lines may run side by side; at least 1
 */
export function drawGraph({ nodes, downstream: all }: PipelineGraph, maxLanes: number): GraphDrawing {
  const { downstream, implied } = withoutImpliedEdges(all);
  const bundles = bundleEdges(downstream);
  const waves = depthsOf(downstream, (node) => nodes[node]!.kind !== 'gate');
  const isAlone = (node: number) => bundles.from[node] === undefined && bundles.into[node]!.length === 0;
  const draw = (order: readonly number[]) =>
    drawLanes(
      order.filter((node) => !isAlone(node)),
      bundles,
      maxLanes,
    );
  const layered = draw(layeredOrder(waves, downstream, bundles));
  const narrow = all.length > maxOrdered ? layered : draw(narrowOrder(bundles));
  const isLayered = layered.undrawn.size <= narrow.undrawn.size && widthOf(layered) <= widthOf(narrow) + linesForWaves;
  return {
    ...(isLayered ? layered : narrow),
    waves,
    isLayered,
    implied,
    alone: all.flatMap((_, node) => (isAlone(node) ? [node] : [])),
  };
}

/** In lines. */
function widthOf({ rows }: { readonly rows: readonly LaneRow[] }): number {
  return Math.ceil((rows[0]?.cells.length ?? 0) / 2);
}
