import type { TaskId } from '../model/ids.ts';
import type { EndSpec } from '../model/pipeline/ends-of.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';

/**
 * What each task at the end waits for, by name: the tasks at the end that it depends on, and for a teardown its setup with
 * everything downstream of that. A teardown also waits for those of setups downstream of its own, so that what was set up
 * last is taken down first. What its author has written the other way round is left as written.
 */
export function awaitedByEnds(
  { tasks }: PipelineSpec,
  ends: ReadonlyMap<TaskId, EndSpec>,
): ReadonlyMap<TaskId, ReadonlySet<TaskId>> {
  const awaited = new Map<TaskId, Set<TaskId>>();
  if (ends.size === 0) return awaited;
  const downstream = new Map<TaskId, TaskId[]>(tasks.map(({ id }) => [id, []]));
  for (const { id, dependencies } of tasks) {
    for (const name of dependencies) downstream.get(name)!.push(id);
    if (ends.has(id)) awaited.set(id, new Set(dependencies.filter((name) => ends.has(name))));
  }
  const teardowns = new Map(
    [...ends].flatMap(([end, { setup }]) => (setup === undefined ? [] : [[setup, end] as const])),
  );
  const waitsFor = (end: TaskId, other: TaskId): boolean => reach([end], awaited).has(other);
  for (const [teardown, { setup }] of ends) {
    if (setup === undefined) continue;
    const scope = reach([setup], downstream);
    const inner = [...scope].flatMap((other) => (other === setup ? [] : (teardowns.get(other) ?? [])));
    for (const name of [...scope, ...inner]) {
      const isCyclic = ends.has(name) && (name === teardown || waitsFor(name, teardown));
      if (!isCyclic) awaited.get(teardown)!.add(name);
    }
  }
  return awaited;
}

/**
 * The setups with a teardown that these tasks need, directly or not, and the teardowns of these and of any among them.
 */
export function setupsFor({ tasks }: PipelineSpec, chosen: Iterable<TaskId>): ReadonlySet<TaskId> {
  const setups = new Map(
    tasks.flatMap(({ id, setup }) => (setup === undefined ? [] : [[id, setup.teardown] as const])),
  );
  if (setups.size === 0) return new Set();
  const upstream = new Map(tasks.map(({ id, dependencies }) => [id, dependencies]));
  const needed = new Set<TaskId>();
  for (const id of reach(chosen, upstream)) {
    const teardown = setups.get(id);
    if (teardown !== undefined) needed.add(id).add(teardown);
  }
  return needed;
}

/** These tasks and all that can be reached from them. */
export function reach(from: Iterable<TaskId>, next: ReadonlyMap<TaskId, Iterable<TaskId>>): ReadonlySet<TaskId> {
  const reached = new Set(from);
  // Iterating a set also visits the members added meanwhile.
  for (const id of reached) for (const other of next.get(id) ?? []) reached.add(other);
  return reached;
}
