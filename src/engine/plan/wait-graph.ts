/**
 * Who waits for whom, by number: first the tasks, by their index, then the gate checks. A gate takes no time of its
 * own here; it only makes what it holds back wait for all that it looks at.
 */
export type WaitGraph = {
  readonly tasks: number;
  /** For each the ones that wait for it. */
  readonly next: readonly (readonly number[])[];
  /** For each how many it waits for. */
  readonly waits: readonly number[];
};

type Waiting = { readonly upstream: readonly number[] };
type Gating = { readonly after: readonly number[]; readonly gates: readonly number[] };

export function buildWaitGraph(tasks: readonly Waiting[], checks: readonly Gating[]): WaitGraph {
  const next: number[][] = tasks.map(() => []);
  const waits = tasks.map(({ upstream }) => upstream.length);
  tasks.forEach(({ upstream }, index) => {
    for (const one of upstream) next[one]!.push(index);
  });
  for (const { after, gates } of checks) {
    if (gates.length === 0) continue;
    const gate = next.length;
    for (const one of after) next[one]!.push(gate);
    for (const one of gates) waits[one]! += 1;
    next.push([...gates]);
    waits.push(after.length);
  }
  return { tasks: tasks.length, next, waits };
}

/**
 * A dependency order that takes, whenever several may come next, the one that stands first in the file. Shorter than
 * the graph when some wait for each other in a circle.
 */
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

/** A heap of numbers, the smallest first. */
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

/** The longest way from the start of each to the end of all, its own duration included; `order` is a dependency order. */
export function longestPathsToEnd(
  graph: WaitGraph,
  order: readonly number[],
  durations: readonly number[],
): readonly number[] {
  const tails = new Array<number>(graph.next.length).fill(0);
  for (const node of order.toReversed()) {
    let longest = 0;
    for (const other of graph.next[node]!) longest = Math.max(longest, tails[other]!);
    tails[node] = longest + (durations[node] ?? 0);
  }
  return tails;
}
