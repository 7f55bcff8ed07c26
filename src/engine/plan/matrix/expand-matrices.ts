import type { Diagnostic } from '../../model/diagnostic.ts';
import type { TaskId } from '../../model/ids.ts';
import { type Family, fillIn, type Instance, type MatrixValues } from '../../model/pipeline/matrix.ts';
import type { PipelineSpec, TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { SpecLocations } from '../../model/pipeline/spec-locations.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { type Instances, instancesOf, maxInstances } from './instances.ts';
import { joinWith } from './join-instances.ts';

/** Every instance waits for each instance that it joins, so a small file could exceed the memory. */
const maxWaits = 1_000_000;

/**
 * The pipeline with the instances of each task that has a matrix in its place, wherever the file names the task: in
 * dependencies, levels, checks and requests. Values that are not known yet are `*`. Errors: `plan/bad-matrix` (values that
 * cannot be used), `plan/no-counterpart` (a dependency without an instance to wait for), `spec/too-large`.
 * @param spec without mistakes in its graph
 */
export function expandMatrices(
  spec: PipelineSpec,
  values: MatrixValues,
  locations?: SpecLocations,
): Result<PipelineSpec, readonly Diagnostic[]> {
  if (!spec.tasks.some(({ matrix }) => matrix !== undefined)) return ok(spec);
  const diagnostics: Diagnostic[] = [];
  const instances = new Map<TaskId, Instances>();
  let total = 0;
  for (const task of spec.tasks) {
    const own = task.matrix === undefined ? undefined : instancesOf(task, task.matrix, values, diagnostics);
    if (own === undefined) continue;
    instances.set(task.id, own);
    total += own.all.length;
    if (total > maxInstances) return failed([...diagnostics, tooMany(task)]);
  }
  if (diagnostics.length > 0) return failed(diagnostics);
  const join = createJoin(instances, locations);
  const tasks = spec.tasks.flatMap((task) => join.expand(task));
  if (join.diagnostics.length > 0) return failed(join.diagnostics);
  const all = (names: readonly TaskId[]) =>
    names.flatMap((name) => instances.get(name)?.all.map(({ id }) => id) ?? name);
  const { requests } = spec;
  return ok({
    ...spec,
    tasks,
    families: spec.tasks.flatMap(({ id, matrix }): readonly Family[] => {
      if (matrix === undefined) return [];
      const { order, maxFailures } = matrix;
      return [{ id, ...(order === undefined ? {} : { order }), ...(maxFailures === undefined ? {} : { maxFailures }) }];
    }),
    levels: spec.levels.map((level) => ({ ...level, tasks: all(level.tasks) })),
    checks: spec.checks.map((check) => ({ ...check, after: all(check.after), before: all(check.before) })),
    ...(requests === undefined
      ? {}
      : {
          requests: {
            ...requests,
            freshness: requests.freshness.flatMap((rule) => all([rule.task]).map((task) => ({ ...rule, task }))),
            deliverables: requests.deliverables.map((one) => ({ ...one, tasks: all(one.tasks) })),
          },
        }),
  });
}

function createJoin(instances: ReadonlyMap<TaskId, Instances>, locations: SpecLocations | undefined) {
  const diagnostics: Diagnostic[] = [];
  const joins = new Map([...instances].map(([id, own]) => [id, joinWith(own)]));
  let waits = 0;

  function upstreamOf(task: TaskSpec, one: Instances['all'][number] | undefined): readonly TaskId[] {
    const keys = instances.get(task.id)?.keys ?? [];
    return task.dependencies.flatMap((name) => {
      const joined = joins.get(name)?.(keys, one?.values ?? {});
      if (joined === undefined) return [name];
      waits += joined.length;
      if (joined.length === 0 && one !== undefined) diagnostics.push(noCounterpart(task, one.id, name, locations));
      return joined;
    });
  }

  /** Each instance of a setup has the teardown with its values. */
  function setupOf(task: TaskSpec, one: Instances['all'][number]): Pick<TaskSpec, 'setup'> {
    const teardown = task.setup?.teardown;
    if (teardown === undefined) return {};
    const [own, theirs] = [instances.get(task.id)!.keys, instances.get(teardown)?.keys ?? []];
    const [joined] = joins.get(teardown)?.(own, one.values) ?? [];
    const isSame = own.length === theirs.length && own.every((key) => theirs.includes(key));
    if (joined === undefined || !isSame) {
      diagnostics.push(otherTeardown(task, teardown));
      return {};
    }
    return { setup: { teardown: joined } };
  }

  return {
    diagnostics,
    expand: (task: TaskSpec): readonly TaskSpec[] => {
      const own = instances.get(task.id);
      if (diagnostics.length > 0) return [];
      if (own === undefined) {
        const teardown = task.setup?.teardown;
        if (teardown !== undefined && instances.has(teardown)) diagnostics.push(otherTeardown(task, teardown));
        return [{ ...task, dependencies: upstreamOf(task, undefined) }];
      }
      const { matrix: _, ...common } = task;
      return own.all.flatMap((one) => {
        // One mistake is told once, and not for each of ten thousand instances.
        if (diagnostics.length > 0) return [];
        const instance = { of: task.id, values: one.values };
        const dependencies = upstreamOf(task, one);
        if (waits > maxWaits) diagnostics.push(tooManyWaits(task));
        const outputs = task.outputs.map((path) => fillIn(path, instance));
        const inputs = task.inputs?.map((path) => fillIn(path, instance));
        for (const [what, paths] of [
          ['output', outputs],
          ['input', inputs ?? []],
        ] as const) {
          const outside = paths.find((path) => /^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(path));
          if (outside !== undefined) diagnostics.push(leadsOut(task, one.id, what, outside));
        }
        return [
          {
            ...common,
            ...awaitedBy(task, instance),
            ...setupOf(task, one),
            id: one.id,
            dependencies,
            ...(inputs === undefined ? {} : { inputs }),
            outputs,
            instance,
          },
        ];
      });
    },
  };
}

function otherTeardown({ id, at }: TaskSpec, teardown: TaskId): Diagnostic {
  return {
    code: 'plan/bad-matrix',
    severity: 'error',
    message: `setup "${id}" and its teardown "${teardown}" do not have the same matrix`,
    at,
    hint: 'give both the same keys with the same values, so that each instance has its own teardown',
  };
}

/** What an instance waits for: a file of its own, or a run of another pipeline with its own values. */
function awaitedBy({ waitFor, matrix }: TaskSpec, instance: Instance): Pick<TaskSpec, 'waitFor'> {
  if (waitFor?.for.kind === 'file')
    return { waitFor: { ...waitFor, for: { ...waitFor.for, path: fillIn(waitFor.for.path, instance) } } };
  if (waitFor?.for.kind !== 'pipeline') return {};
  const { params } = waitFor.for;
  const own = (matrix?.keys ?? []).flatMap(({ name, source }) =>
    source.kind === 'param' && params.includes(source.param) ? [[source.param, instance.values[name]!] as const] : [],
  );
  if (own.length === 0) return {};
  return { waitFor: { ...waitFor, for: { ...waitFor.for, values: Object.fromEntries(own) } } };
}

function leadsOut({ at }: TaskSpec, id: TaskId, what: 'output' | 'input', path: string): Diagnostic {
  return {
    code: 'plan/bad-matrix',
    severity: 'error',
    message: `the ${what} "${path}" of "${id}" is not inside the project directory`,
    at,
    hint: `use values without slashes and dots, or a ${what} without them`,
  };
}

function tooMany({ id, at }: TaskSpec): Diagnostic {
  return {
    code: 'spec/too-large',
    severity: 'error',
    message: `with those of task "${id}" the pipeline would have more than 10,000 instances`,
    at,
    hint: 'let one instance do more, or split the values into several runs',
  };
}

function tooManyWaits({ id, at }: TaskSpec): Diagnostic {
  return {
    code: 'spec/too-large',
    severity: 'error',
    message: `the instances of task "${id}" would have more than a million dependencies`,
    at,
    hint: 'use a common key with its dependencies, or put a task without a matrix between them',
  };
}

function noCounterpart(task: TaskSpec, id: TaskId, name: TaskId, locations: SpecLocations | undefined): Diagnostic {
  return {
    code: 'plan/no-counterpart',
    severity: 'error',
    message: `"${id}" depends on "${name}", which has no instance with the same values`,
    at: locations?.dependency(task.id, name)?.at ?? task.at,
    hint: `give both the same values of the keys that they share, or remove the dependency on "${name}"`,
  };
}
