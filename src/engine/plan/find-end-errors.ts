import type { Diagnostic, Location } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import { type EndSpec, endsOf } from '../model/pipeline/ends-of.ts';
import type { PipelineSpec, TaskSpec } from '../model/pipeline/pipeline.ts';
import type { SpecCompleteness, SpecLocations } from '../model/pipeline/spec-locations.ts';
import { didYouMean } from '../model/text/did-you-mean.ts';
import { reach } from './ends.ts';

/** Mistakes about what runs at the end: what would have to come after it, and setups without a teardown of their own. */
export function findEndErrors(
  spec: PipelineSpec,
  locations?: SpecLocations,
  completeness?: SpecCompleteness,
): readonly Diagnostic[] {
  const ends = endsOf(spec);
  if (ends.size === 0) return [];
  return [
    ...findSetupErrors(spec, locations, completeness),
    ...spec.tasks.filter(({ id }) => !ends.has(id)).flatMap((task) => findWaits(task, ends, locations)),
    ...findVainWaits(spec, ends, locations),
    ...findCheckErrors(spec, ends, locations),
  ];
}

/** Tasks in their place of the graph that wait for one at the end. */
function findWaits(
  { id, level, dependencies, at }: TaskSpec,
  ends: ReadonlyMap<TaskId, EndSpec>,
  locations: SpecLocations | undefined,
): readonly Diagnostic[] {
  return dependencies.flatMap((name) => {
    const end = ends.get(name);
    if (end === undefined) return [];
    const written = locations?.dependency(id, name);
    const why = end.when === 'teardown' ? `tears down what "${end.setup}" sets up` : 'runs at the end';
    switch (written?.by) {
      case 'level':
        return badEnd(
          `level "${level}" waits for "${name}", which ${why}`,
          written.at,
          `let it wait for what "${name}" waits for`,
        );
      case 'turn':
        return badEnd(
          `task "${id}" comes after "${name}" in the sequential level "${level}", and "${name}" ${why}`,
          written.at,
          `put "${name}" last in the level, or remove it from the level: a task at the end needs no level`,
        );
      default:
        return badEnd(
          `task "${id}" waits for "${name}", which ${why}`,
          written?.at ?? at,
          `let "${id}" run at the end as well (run_when: always), or remove the dependency`,
        );
    }
  });
}

/**
 * Dependencies of a teardown that it would not wait for: it comes after its setup and what needs that, and what its setup waits
 * for is over by then.
 */
function findVainWaits(
  { tasks }: PipelineSpec,
  ends: ReadonlyMap<TaskId, EndSpec>,
  locations: SpecLocations | undefined,
): readonly Diagnostic[] {
  const upstream = new Map(tasks.map(({ id, dependencies }) => [id, dependencies]));
  const downstream = new Map<TaskId, TaskId[]>(tasks.map(({ id }) => [id, []]));
  for (const { id, dependencies } of tasks) for (const name of dependencies) downstream.get(name)?.push(id);
  return tasks.flatMap(({ id, level, dependencies, at }): readonly Diagnostic[] => {
    const setup = ends.get(id)?.setup;
    if (setup === undefined || dependencies.length === 0) return [];
    const awaited = new Set([...reach([setup], downstream), ...reach([setup], upstream)]);
    return dependencies
      .filter((name) => upstream.has(name) && !ends.has(name) && !awaited.has(name))
      .flatMap((name) => {
        const written = locations?.dependency(id, name);
        const message = `teardown "${id}" would not wait for "${name}", which does not need what "${setup}" sets up`;
        const hint =
          written?.by === 'level' || written?.by === 'turn'
            ? `take "${id}" out of level "${level}": a task at the end needs no level`
            : `let "${name}" depend on "${setup}", or remove the dependency`;
        return badEnd(message, written?.at ?? at, hint);
      });
  });
}

function findSetupErrors(
  { tasks }: PipelineSpec,
  locations: SpecLocations | undefined,
  completeness: SpecCompleteness | undefined,
): readonly Diagnostic[] {
  const byName = new Map(tasks.map((task) => [task.id, task]));
  const setupOf = new Map<TaskId, TaskId>();
  return tasks.flatMap(({ id, setup, runWhen, at: taskAt }): readonly Diagnostic[] => {
    if (setup === undefined) return [];
    const { teardown } = setup;
    const at = locations?.teardown(id) ?? taskAt;
    const found = byName.get(teardown);
    const first = setupOf.get(teardown);
    if (first === undefined) setupOf.set(teardown, id);
    if (found === undefined) return completeness?.tasks === false ? [] : [unknownTeardown(id, teardown, byName, at)];
    if (teardown === id) return badEnd(`task "${id}" is its own teardown`, at, 'name another task');
    if (runWhen !== undefined) {
      return badEnd(`task "${id}" is a setup, so it cannot run at the end`, at, 'remove "run_when" or "setup"');
    }
    if (found.runWhen !== undefined) {
      const message = `"${teardown}" is the teardown of "${id}", so it cannot have "run_when"`;
      return badEnd(message, locations?.runWhen(teardown) ?? at, 'remove "run_when": a teardown always runs');
    }
    if (found.setup !== undefined) {
      return badEnd(`the teardown "${teardown}" cannot have a "setup"`, at, 'use one teardown task for both');
    }
    if (first !== undefined) {
      const message = `"${teardown}" is the teardown of "${first}" and of "${id}"`;
      return badEnd(message, at, 'give each setup a teardown of its own');
    }
    return [];
  });
}

function unknownTeardown(id: TaskId, teardown: TaskId, tasks: ReadonlyMap<TaskId, TaskSpec>, at: Location): Diagnostic {
  const meant = didYouMean(teardown, tasks.keys());
  const hint = meant === undefined ? 'define it under "tasks"' : `did you mean "${meant}"?`;
  const message = `task "${id}" names a teardown "${teardown}", which does not exist`;
  return { code: 'plan/unknown-task', severity: 'error', message, at, hint };
}

/** Checks that would have to hold back what runs whatever they say, or that would come after the end and before other tasks. */
function findCheckErrors(
  { checks }: PipelineSpec,
  ends: ReadonlyMap<TaskId, EndSpec>,
  locations: SpecLocations | undefined,
): readonly Diagnostic[] {
  return checks.flatMap(({ name, after, before, gate, at }) => {
    const held = before.find((task) => ends.has(task));
    if (held !== undefined) {
      const message = `check "${name}" cannot come before "${held}", which always runs at the end`;
      return badEnd(message, locations?.taskOfCheck(name, held) ?? at, `remove "${held}"`);
    }
    const last = gate || before.length > 0 ? after.find((task) => ends.has(task)) : undefined;
    if (last === undefined) return [];
    const message = `check "${name}" is a gate, but waits for "${last}", which runs at the end`;
    return badEnd(message, locations?.taskOfCheck(name, last) ?? at, 'remove "gate" or "before"');
  });
}

function badEnd(message: string, at: Location, hint: string): readonly Diagnostic[] {
  return [{ code: 'plan/bad-end', severity: 'error', message, at, hint }];
}
