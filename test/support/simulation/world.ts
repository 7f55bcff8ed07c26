import type { EpochMs } from '../../../src/engine/model/ids.ts';
import { createEventQueue } from '../event-queue.ts';
import { noon } from '../fake-run.ts';

/** The time of a simulation and what will happen in it. Everything random in it follows from one number. */
export type World = {
  /** True time, which nobody in it can see: each process has a clock of its own. */
  now(): EpochMs;
  /** @param order see `EventQueue`; drawn when it is not given */
  plan(at: number, act: () => void, order?: number): void;
  /** Does what comes next and all that follows from it at that moment; false when nothing is left. */
  step(): Promise<boolean>;
  /** The next number of a list that is used in turn; 0 of an empty one. */
  next(list: readonly number[]): number;
  /** Counts that something happened, for the coverage of the simulation. */
  note(what: string): void;
  readonly noted: ReadonlySet<string>;
};

export function createWorld(order: number): World {
  const queue = createEventQueue();
  const places = new Map<readonly number[], number>();
  const noted = new Set<string>();
  let now = noon;
  let draws = 0;
  return {
    now: () => now,
    plan: (at, act, place) => {
      draws += 1;
      const turn = (late: EpochMs) => {
        now = late;
        act();
      };
      queue.push(Math.max(at, now), turn, place ?? drawFraction(order, draws));
    },
    step: async () => {
      if (queue.runNext() === undefined) return false;
      await settled();
      return true;
    },
    next: (list) => {
      const place = places.get(list) ?? 0;
      places.set(list, place + 1);
      return list[place % Math.max(1, list.length)] ?? 0;
    },
    note: (what) => noted.add(what),
    noted,
  };
}

/** All promises that could settle have settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** From [0, 1), by MurmurHash3's finalizer. */
function drawFraction(seed: number, count: number): number {
  let hash = Math.imul(seed ^ Math.imul(count, 0x9e3779b1), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
