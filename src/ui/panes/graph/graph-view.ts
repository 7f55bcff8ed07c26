import { drawGraph } from '../../../display/graph/draw-graph.ts';
import type { LaneCell } from '../../../display/graph/lane-cells.ts';
import { neighbourhood, reachOf } from '../../../display/graph/neighbourhood.ts';
import { type GraphNode, graphOf } from '../../../display/graph/pipeline-graph.ts';
import type { Plan, TaskId } from '../../../engine/index.ts';
import { bodySize } from '../../primitives/pane.ts';
import { rectOf, type ScreenView } from '../../store/screen-view.ts';

/** The neighbourhood of a task, drawn. */
export type GraphView = {
  /** The name of the task, or of the matrix, whose neighbourhood it is. */
  readonly center: TaskId;
  /** How many steps up and down are shown. */
  readonly depth: number;
  /** How many there are. */
  readonly reach: number;
  readonly rows: readonly { readonly node?: GraphNode; readonly cells: readonly LaneCell[] }[];
  /** By node, the names of what it waits for that no line shows. */
  readonly undrawn: ReadonlyMap<GraphNode, readonly string[]>;
  /** The row of the node that the cursor is on; -1 when there is none. */
  readonly cursor: number;
};

/** Undefined when there is no task to show. */
export function graphViewOf(view: ScreenView): GraphView | undefined {
  const { screen, state, logTask } = view;
  const { plan } = state;
  const index = logTask === undefined ? undefined : plan.indexOf.get(logTask);
  const { selected } = screen;
  const tasks =
    selected?.kind === 'family'
      ? plan.families.get(selected.family)
      : selected?.kind === 'task'
        ? [selected.index]
        : index === undefined
          ? undefined
          : [index];
  const [first, ...more] = tasks ?? [];
  if (first === undefined) return undefined;
  const center = selected?.kind === 'family' && more.length > 0 ? selected.family : plan.tasks[first]!.spec.id;
  const isOwn = screen.graph?.of === center;
  const depth = isOwn ? screen.graph.depth : 1;
  const { width } = rectOf(view, 'graph') ?? { width: screen.columns };
  const drawn = drawOnce(plan, center, [first, ...more], depth, maxLanes(width));
  const at = (isOwn ? screen.graph.at : undefined) ?? center;
  const cursor = drawn.rows.findIndex(({ node }) => node?.name === at);
  return { ...drawn, cursor: cursor >= 0 ? cursor : drawn.rows.findIndex(({ node }) => node?.name === center) };
}

/** How many rows there are above the first one of the pane: as many as keep the cursor in the middle. */
export function graphTop({ rows, cursor }: GraphView, height: number): number {
  return Math.max(0, Math.min(rows.length - height, cursor - Math.floor(height / 2)));
}

/** Half of the pane is for names. */
function maxLanes(width: number): number {
  return Math.max(2, Math.floor(bodySize({ width, height: 0, focused: true, zoomed: false }).width / 4));
}

type Drawn = Omit<GraphView, 'cursor'>;

/** The last one of each plan, so that a frame that changes states only draws no lines anew. */
const lastOf = new WeakMap<Plan, { readonly key: string; readonly drawn: Drawn }>();

function drawOnce(
  plan: Plan,
  center: TaskId,
  tasks: readonly [number, ...number[]],
  wanted: number,
  lanes: number,
): Drawn {
  const key = `${lanes} ${wanted} ${center}`;
  const last = lastOf.get(plan);
  if (last?.key === key) return last.drawn;
  const reach = reachOf(plan, tasks);
  const depth = Math.max(1, Math.min(wanted, reach));
  const [first, ...more] = tasks;
  const graph = graphOf(plan, {
    tasks: neighbourhood(plan, tasks, depth),
    ...(more.length === 0 ? { apart: first } : {}),
  });
  const { rows, alone, undrawn } = drawGraph(graph, lanes);
  const nodeAt = (node: number) => graph.nodes[node]!;
  const drawn: Drawn = {
    center,
    depth,
    reach,
    rows: [
      ...rows.map(({ node, cells }) => ({ cells, ...(node === undefined ? {} : { node: nodeAt(node) }) })),
      ...alone.map((node) => ({ node: nodeAt(node), cells: ['node' as const] })),
    ],
    undrawn: new Map([...undrawn].map(([node, from]) => [nodeAt(node), from.map((one) => nodeAt(one).name)])),
  };
  lastOf.set(plan, { key, drawn });
  return drawn;
}
