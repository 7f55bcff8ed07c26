import type { EpochMs } from '../../src/engine/model/ids.ts';

/** What will happen in a simulated world, ordered by time. */
export type EventQueue = {
  /** @param order decides between what happens at the same time: the lowest first, and equal ones as they were foreseen */
  push(at: number, act: (at: EpochMs) => void, order?: number): void;
  isEmpty(): boolean;
  /** Takes what comes first, and does it; returns its time, or undefined when nothing is left. */
  runNext(): EpochMs | undefined;
};

type Planned = {
  readonly at: EpochMs;
  readonly order: number;
  readonly place: number;
  readonly act: (at: EpochMs) => void;
};

/** A binary heap: the children of the entry at `index` are at `2 * index + 1` and behind it. */
export function createEventQueue(): EventQueue {
  const heap: Planned[] = [];
  let pushed = 0;

  const rise = (index: number) => {
    const moving = heap[index]!;
    let at = index;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, moving)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = moving;
  };

  const sink = () => {
    const moving = heap[0]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(moving, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moving;
  };

  return {
    push: (at, act, order = 0) => {
      heap.push({ at: at as EpochMs, order, place: pushed, act });
      pushed += 1;
      rise(heap.length - 1);
    },
    isEmpty: () => heap.length === 0,
    runNext: () => {
      const first = heap[0];
      if (first === undefined) return undefined;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      first.act(first.at);
      return first.at;
    },
  };
}

function isBefore(left: Planned, right: Planned): boolean {
  if (left.at !== right.at) return left.at < right.at;
  return left.order === right.order ? left.place < right.place : left.order < right.order;
}
