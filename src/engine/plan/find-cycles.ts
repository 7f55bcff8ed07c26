import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { PipelineSpec, TaskSpec } from '../model/pipeline/pipeline.ts';
import type { SpecLocations } from '../model/pipeline/spec-locations.ts';

/** At most so many cycles are reported; a graph with thousands of them is repaired step by step. */
const maxCycles = 20;
const maxSearches = 100;
const longestPath = 40;

/**
 * Reports the cycles of the graph, each once. For every dependency on a cycle the shortest cycle through it is found:
 * 1. Reduce the graph to the tasks that lie on a cycle or between two cycles.
 * 2. For each remaining dependency that no reported cycle contains, search breadth first for the way back.
 * Dependencies on unknown tasks and on the task itself are ignored; they are reported elsewhere.
 */
export function findCycles(spec: PipelineSpec, locations?: SpecLocations): readonly Diagnostic[] {
  const tasks = spec.tasks;
  const upstream = upstreamOf(tasks);
  const core = cyclicCore(upstream);
  if (core.size === 0) return [];
  const cycles = new Map<string, readonly number[]>();
  const shown = new Set<string>();
  let searches = 0;
  for (const task of core) {
    for (const next of upstream[task]!) {
      if (!core.has(next) || shown.has(`${task} ${next}`)) continue;
      searches += 1;
      if (searches > maxSearches || cycles.size >= maxCycles) return describe(cycles, tasks, locations);
      const path = shortestPath(next, task, upstream, core);
      if (path === undefined) continue;
      const cycle = startAtFirst(path);
      cycles.set(cycle.join(' '), cycle);
      cycle.forEach((from, step) => {
        shown.add(`${from} ${cycle[(step + 1) % cycle.length]}`);
      });
    }
  }
  return describe(cycles, tasks, locations);
}

function upstreamOf(tasks: readonly TaskSpec[]): readonly (readonly number[])[] {
  const indexOf = new Map(tasks.map((task, index) => [task.id, index]));
  return tasks.map((task, index) =>
    task.dependencies.flatMap((name) => {
      const found = indexOf.get(name);
      return found === undefined || found === index ? [] : [found];
    }),
  );
}

/** The tasks on or between cycles: those left after repeatedly removing tasks without upstream, then without downstream. */
function cyclicCore(upstream: readonly (readonly number[])[]): ReadonlySet<number> {
  const downstream: number[][] = upstream.map(() => []);
  upstream.forEach((names, index) => {
    for (const name of names) downstream[name]!.push(index);
  });
  const left = new Set(upstream.keys());
  peel(left, upstream, downstream);
  peel(left, downstream, upstream);
  return left;
}

/** Repeatedly removes from `left` what waits for nothing in `left`. */
function peel(left: Set<number>, waits: readonly (readonly number[])[], blocks: readonly (readonly number[])[]): void {
  const unmet = waits.map((names) => names.filter((name) => left.has(name)).length);
  const free = [...left].filter((index) => unmet[index] === 0);
  for (let index = free.pop(); index !== undefined; index = free.pop()) {
    left.delete(index);
    for (const next of blocks[index]!) {
      unmet[next]! -= 1;
      if (unmet[next] === 0 && left.has(next)) free.push(next);
    }
  }
}

/** A shortest path from one task along its upstream to another, both included. */
function shortestPath(
  from: number,
  to: number,
  upstream: readonly (readonly number[])[],
  within: ReadonlySet<number>,
): readonly number[] | undefined {
  const cameFrom = new Map<number, number>([[from, from]]);
  const queue = [from];
  for (const task of queue) {
    if (task === to) {
      const path = [task];
      for (let at = task; at !== from; ) {
        at = cameFrom.get(at)!;
        path.push(at);
      }
      return path.reverse();
    }
    for (const next of upstream[task]!) {
      if (!within.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, task);
      queue.push(next);
    }
  }
  return undefined;
}

function startAtFirst(path: readonly number[]): readonly number[] {
  const first = path.indexOf(path.reduce((least, task) => Math.min(least, task)));
  return [...path.slice(first), ...path.slice(0, first)];
}

function describe(
  cycles: ReadonlyMap<string, readonly number[]>,
  tasks: readonly TaskSpec[],
  locations: SpecLocations | undefined,
): readonly Diagnostic[] {
  return [...cycles.values()].map((cycle) => {
    const round = [...cycle, cycle[0]!].map((index) => tasks[index]!);
    const edges = cycle.map((_, step) => edge(round[step]!, round[step + 1]!, locations));
    return {
      code: 'plan/cycle',
      severity: 'error',
      message: `tasks wait for each other in a cycle: ${pathOf(round.map(({ id }) => id))}`,
      at: edges[0]!.at,
      hint: 'remove one of these dependencies',
      related: edges.slice(0, longestPath),
    };
  });
}

/** The middle of a path of more than 40 tasks is left out. */
function pathOf(names: readonly string[]): string {
  if (names.length <= longestPath) return names.join(' → ');
  const ends = longestPath / 2;
  const left = `(${names.length - longestPath} more)`;
  return [...names.slice(0, ends), left, ...names.slice(-ends)].join(' → ');
}

function edge(
  task: TaskSpec,
  upstream: TaskSpec,
  locations: SpecLocations | undefined,
): { message: string; at: Location } {
  const written = locations?.dependency(task.id, upstream.id);
  const through = { task: '', level: ' (through its level)', turn: ' (its turn in a sequential level)' };
  const why = written === undefined ? '' : through[written.by];
  return { message: `"${task.id}" waits for "${upstream.id}"${why}`, at: written?.at ?? task.at };
}
