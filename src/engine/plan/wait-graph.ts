import type { PlannedTask } from '../model/pipeline/plan.ts';

/**
 * The dependency graph as plain numbers: the nodes are the tasks, by index, followed by the gates, and by the end of the
 * others where tasks run at the end. A gate has no duration; it makes its gated tasks wait for all tasks in its `after`.
 */
export type WaitGraph = {
  readonly tasks: number;
  /** By node, the nodes that wait for it. */
  readonly next: readonly (readonly number[])[];
  /** By node, how many nodes it waits for. */
  readonly waits: readonly number[];
};

type Waiting = Pick<PlannedTask, 'upstream' | 'end' | 'turn'>;
type Gating = { readonly after: readonly number[]; readonly gates: readonly number[] };

export function buildWaitGraph(tasks: readonly Waiting[], checks: readonly Gating[]): WaitGraph {
  const next: number[][] = tasks.map(() => []);
  const waits = tasks.map((task) => awaitedBy(task).length);
  tasks.forEach((task, index) => {
    for (const one of awaitedBy(task)) next[one]!.push(index);
  });
  for (const { after, gates } of checks) {
    if (gates.length === 0) continue;
    const gate = next.length;
    for (const one of after) next[one]!.push(gate);
    for (const one of gates) waits[one]! += 1;
    next.push([...gates]);
    waits.push(after.length);
  }
  addEnd(tasks, next, waits);
  return { tasks: tasks.length, next, waits };
}

function awaitedBy({ upstream, end, turn }: Waiting): readonly number[] {
  if (end !== undefined) return end.after;
  return turn?.after === undefined ? upstream : [...upstream, turn.after];
}

/** One node for the end of all others, so that not each task at the end has an edge from each of them. */
function addEnd(tasks: readonly Waiting[], next: number[][], waits: number[]): void {
  const last = [...tasks.keys()].filter((index) => tasks[index]!.end !== undefined && !isTeardown(tasks[index]!));
  if (last.length === 0) return;
  const end = next.length;
  const others = [...tasks.keys()].filter((index) => tasks[index]!.end === undefined);
  for (const one of others) next[one]!.push(end);
  for (const one of last) waits[one]! += 1;
  next.push(last);
  waits.push(others.length);
}

function isTeardown({ end }: Waiting): boolean {
  return end?.when === 'teardown';
}

/** A topological order; of several nodes that may come next, the first in the file. Nodes on or behind a cycle are missing. */
export function topologicalOrder(graph: WaitGraph): readonly number[] {
  const unmet = [...graph.waits];
  const order: number[] = [];
  const free = createHeap();
  unmet.forEach((count, node) => {
    if (count === 0) free.push(node);
  });
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    order.push(node);
    for (const other of graph.next[node]!) {
      unmet[other]! -= 1;
      if (unmet[other] === 0) free.push(other);
    }
  }
  return order;
}

/** A binary min-heap of numbers. */
function createHeap(): { push(value: number): void; pop(): number | undefined } {
  const heap: number[] = [];
  return {
    push: (value) => {
      let at = heap.length;
      heap.push(value);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (heap[parent]! <= value) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = value;
    },
    pop: () => {
      const top = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return top;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
        if (heap[child]! >= last) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
      return top;
    },
  };
}

/** By node, the longest path to the end of the run, its own duration included. `order` must be topological. */
export function longestPathsToEnd(
  graph: WaitGraph,
  order: readonly number[],
  durations: readonly number[],
): readonly number[] {
  const toEnd = new Array<number>(graph.next.length).fill(0);
  for (const node of order.toReversed()) {
    let longest = 0;
    for (const other of graph.next[node]!) longest = Math.max(longest, toEnd[other]!);
    toEnd[node] = longest + (durations[node] ?? 0);
  }
  return toEnd;
}
