import type { Diagnostic } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import { isNamedBy } from '../model/pipeline/matrix.ts';
import type { PipelineSpec } from '../model/pipeline/pipeline.ts';
import type { Selection } from '../model/pipeline/plan.ts';
import { didYouMean } from '../model/text/did-you-mean.ts';
import { setupsFor } from './ends.ts';

export type Selected = {
  readonly chosen: ReadonlySet<TaskId>;
  readonly skipped: ReadonlySet<TaskId>;
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Which tasks of a valid pipeline run. Without a selection: the tasks of all levels, everything upstream of them, and what
 * runs at the end. Whatever is selected, setups that it needs come with it, and their teardowns.
 */
export function selectTasks(spec: PipelineSpec, selection: Selection): Selected {
  const { tasks, levels } = spec;
  const diagnostics: Diagnostic[] = [];
  const upstream = new Map(tasks.map((task) => [task.id, task.dependencies]));
  const downstream = new Map<TaskId, TaskId[]>(tasks.map(({ id }) => [id, []]));
  for (const task of tasks) for (const name of task.dependencies) downstream.get(name)!.push(task.id);

  const families = new Map<string, TaskId[]>((spec.families ?? []).map(({ id }) => [id, []]));
  for (const { id, instance } of tasks) if (instance !== undefined) families.get(instance.of)?.push(id);

  function resolve(option: string, names: readonly string[]): ReadonlySet<TaskId> {
    const found = new Set<TaskId>();
    for (const name of names) {
      const level = levels.find(({ id }) => id === name);
      const instances = families.get(name) ?? instancesLike(name);
      if (upstream.has(name as TaskId)) found.add(name as TaskId);
      else if (instances !== undefined) for (const id of instances) found.add(id);
      else if (level !== undefined) for (const task of level.tasks) found.add(task);
      else diagnostics.push(unknownName(option, name, spec));
    }
    return found;
  }

  /** Those of `load[season=2023,unit=*]`. */
  function instancesLike(name: string): readonly TaskId[] | undefined {
    const like = name.includes('=*') ? tasks.flatMap(({ id }) => (isNamedBy(name, id) ? [id] : [])) : [];
    return like.length === 0 ? undefined : like;
  }

  const { only, from, until, skip } = selection;
  const atEnd = tasks.filter(({ runWhen }) => runWhen !== undefined).map(({ id }) => id);
  const filters: ReadonlySet<TaskId>[] = [];
  if (only !== undefined) filters.push(resolve('--only', only));
  // The end of the run comes after everything.
  if (from !== undefined) filters.push(new Set([...reach(resolve('--from', from), downstream), ...atEnd]));
  if (until !== undefined) filters.push(reach(resolve('--until', until), upstream));
  const skipped = resolve('--skip', skip ?? []);
  if (filters.length === 0) {
    const inLevels = tasks.filter((task) => task.level !== undefined).map(({ id }) => id);
    filters.push(levels.length === 0 ? new Set(upstream.keys()) : reach(new Set([...inLevels, ...atEnd]), upstream));
    diagnostics.push(...unusedTasks(spec, new Set([...filters[0]!, ...setupsFor(spec, filters[0]!)])));
  }
  const [first, ...rest] = filters;
  const chosen = new Set([...first!].filter((id) => rest.every((filter) => filter.has(id))));
  for (const id of setupsFor(spec, chosen)) chosen.add(id);
  if (chosen.size === 0 && !diagnostics.some(({ severity }) => severity === 'error')) diagnostics.push(noTasks(spec));
  return { chosen, skipped, diagnostics };
}

/** The given tasks and all that can be reached from them. */
function reach(from: ReadonlySet<TaskId>, next: ReadonlyMap<TaskId, readonly TaskId[]>): ReadonlySet<TaskId> {
  const reached = new Set(from);
  // Iterating a set also visits the members added meanwhile.
  for (const id of reached) for (const other of next.get(id)!) reached.add(other);
  return reached;
}

function unknownName(option: string, name: string, spec: PipelineSpec): Diagnostic {
  const known = [...spec.tasks, ...(spec.families ?? []), ...spec.levels].map(({ id }) => id);
  const meant = didYouMean(name, known);
  const hint = meant === undefined ? 'etl-tui plan lists the tasks' : `did you mean "${meant}"?`;
  const message = `${option} names a task "${name}", which does not exist`;
  return { code: 'plan/unknown-task', severity: 'error', message, hint };
}

function unusedTasks(spec: PipelineSpec, used: ReadonlySet<TaskId>): readonly Diagnostic[] {
  const unused = spec.tasks
    .filter(({ id }) => !used.has(id))
    .map(({ id, at, instance }) => ({ id: instance?.of ?? id, at }));
  // The instances of one task are told as that task.
  return [...new Map(unused.map((one) => [one.id, one])).values()].map(({ id, at }) => ({
    code: 'plan/unused-task',
    severity: 'warning',
    message: `task "${id}" does not run: it is in no level, and no task of a level depends on it`,
    at,
    hint: `add it to a level, or run it with --only ${id}`,
  }));
}

function noTasks(spec: PipelineSpec): Diagnostic {
  if (spec.tasks.length > 0) {
    const hint = '--only, --from and --until together select only tasks that match all of them';
    return { code: 'plan/no-tasks', severity: 'error', message: 'there is no task to run', hint };
  }
  const at = { file: spec.file, line: 1, col: 1, length: 1 };
  const hint = 'define some under "tasks"';
  return { code: 'plan/no-tasks', severity: 'error', message: 'the pipeline has no tasks', at, hint };
}
