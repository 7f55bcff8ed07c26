import type { Plan } from '../../engine/index.ts';

/** The tasks that are at most `depth` edges up- or downstream of the given ones, with these. */
export function neighbourhood(plan: Plan, tasks: readonly number[], depth: number): ReadonlySet<number> {
  return new Set([
    ...reach(tasks, depth, (task) => plan.tasks[task]!.upstream),
    ...reach(tasks, depth, (task) => plan.tasks[task]!.downstream),
  ]);
}

/** How far the farthest task is up- or downstream of the given ones. */
export function reachOf(plan: Plan, tasks: readonly number[]): number {
  const layersOf = (next: (task: number) => readonly number[]) =>
    layers(tasks, Number.POSITIVE_INFINITY, next).length - 1;
  return Math.max(
    layersOf((task) => plan.tasks[task]!.upstream),
    layersOf((task) => plan.tasks[task]!.downstream),
  );
}

function reach(from: readonly number[], depth: number, next: (task: number) => readonly number[]): readonly number[] {
  return layers(from, depth, next).flat();
}

function layers(
  from: readonly number[],
  depth: number,
  next: (task: number) => readonly number[],
): readonly (readonly number[])[] {
  const seen = new Set(from);
  const found: (readonly number[])[] = [from];
  while (found.length <= depth) {
    const layer = new Set(
      found
        .at(-1)!
        .flatMap(next)
        .filter((task) => !seen.has(task)),
    );
    if (layer.size === 0) break;
    for (const task of layer) seen.add(task);
    found.push([...layer]);
  }
  return found;
}
