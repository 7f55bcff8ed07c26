import type { LevelId, Plan, TaskId } from '../../engine/index.ts';

/** What a drawing shows as one thing. Tasks and checks are indices of the plan. */
export type GraphNode =
  | { readonly kind: 'task'; readonly name: TaskId; readonly tasks: readonly [number]; readonly level?: LevelId }
  /** The instances of a task with a matrix, as one. */
  | { readonly kind: 'matrix'; readonly name: TaskId; readonly tasks: readonly number[]; readonly level?: LevelId }
  /** A check that keeps tasks from starting until it has passed. */
  | { readonly kind: 'gate'; readonly name: string; readonly check: number };

/** What waits for what, without circles. */
export type PipelineGraph = {
  readonly nodes: readonly GraphNode[];
  /** By node, the nodes that wait for it, ascending and without duplicates. */
  readonly downstream: readonly (readonly number[])[];
};

/** Which part of a plan is drawn. */
type GraphPart = {
  /** Only these tasks; absent = all. */
  readonly tasks?: ReadonlySet<number>;
  /** A task that stands for itself and not for its matrix. */
  readonly apart?: number;
};

/**
 * The graph of a plan. The instances of a task with a matrix are one node where there are several of them. Tasks at the end
 * of the run have no place in it: they wait for everything.
 */
export function graphOf(plan: Plan, part: GraphPart = {}): PipelineGraph {
  const folded = build(plan, part, true);
  // A gate may depend on one instance and hold another of the same task back.
  return topologicalOrder(folded.downstream).length === folded.nodes.length ? folded : build(plan, part, false);
}

/** Node indices so that each stands after those it waits for; shorter than the graph when that has a circle. */
export function topologicalOrder(downstream: PipelineGraph['downstream']): readonly number[] {
  const missing = new Array<number>(downstream.length).fill(0);
  for (const below of downstream) for (const node of below) missing[node]! += 1;
  const order = missing.flatMap((count, node) => (count === 0 ? [node] : []));
  // Iterating an array also visits the members added meanwhile.
  for (const node of order) {
    for (const next of downstream[node]!) {
      missing[next]! -= 1;
      if (missing[next] === 0) order.push(next);
    }
  }
  return order;
}

function build(plan: Plan, { tasks: chosen, apart }: GraphPart, isFolding: boolean): PipelineGraph {
  const isDrawn = (task: number) => plan.tasks[task]!.end === undefined && (chosen === undefined || chosen.has(task));
  const nodes: GraphNode[] = [];
  const nodeOf = new Map<number, number>();
  const members = new Map<TaskId, readonly number[]>();
  if (isFolding) {
    for (const [family, tasks] of plan.families) {
      const drawn = tasks.filter((task) => task !== apart && isDrawn(task));
      if (drawn.length > 1) members.set(family, drawn);
    }
  }
  for (const task of plan.order) {
    if (nodeOf.has(task) || !isDrawn(task)) continue;
    const { id, level, instance } = plan.tasks[task]!.spec;
    const of = instance === undefined || task === apart ? undefined : members.get(instance.of);
    const inLevel = level === undefined ? {} : { level };
    if (of === undefined) nodes.push({ kind: 'task', name: id, tasks: [task], ...inLevel });
    else nodes.push({ kind: 'matrix', name: instance!.of, tasks: of, ...inLevel });
    for (const member of of ?? [task]) nodeOf.set(member, nodes.length - 1);
  }
  const edges = nodes.map(() => new Set<number>());
  const join = (from: number, to: number) => {
    if (from !== to) edges[from]!.add(to);
  };
  for (const { index, downstream } of plan.tasks) {
    const from = nodeOf.get(index);
    if (from === undefined) continue;
    for (const below of downstream) {
      const to = nodeOf.get(below);
      if (to !== undefined) join(from, to);
    }
  }
  for (const { index, spec, after, gates } of plan.checks) {
    const held = gates.flatMap((task) => nodeOf.get(task) ?? []);
    if (held.length === 0) continue;
    const gate = nodes.push({ kind: 'gate', name: spec.name, check: index }) - 1;
    edges.push(new Set(held));
    for (const task of after) {
      const from = nodeOf.get(task);
      if (from !== undefined) join(from, gate);
    }
  }
  return { nodes, downstream: edges.map((below) => [...below].sort((one, other) => one - other)) };
}
