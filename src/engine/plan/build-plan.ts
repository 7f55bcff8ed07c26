import type { Diagnostic } from '../model/diagnostic.ts';
import type { LevelId, TaskId } from '../model/ids.ts';
import { type EndSpec, endsOf } from '../model/pipeline/ends-of.ts';
import type { MatrixValues } from '../model/pipeline/matrix.ts';
import type { PipelineSpec, TaskSpec } from '../model/pipeline/pipeline.ts';
import type { Plan, PlannedCheck, PlannedEnd, PlannedTask, Selection } from '../model/pipeline/plan.ts';
import type { SpecLocations } from '../model/pipeline/spec-locations.ts';
import { awaitedByEnds } from './ends.ts';
import type { Durations } from './expected-durations.ts';
import { findCycles } from './find-cycles.ts';
import { findEndErrors } from './find-end-errors.ts';
import { findGateCycle } from './find-gate-cycle.ts';
import { findReferenceErrors, findUnknownSecrets } from './find-reference-errors.ts';
import { expandMatrices } from './matrix/expand-matrices.ts';
import { openMatrices } from './matrix/open-matrices.ts';
import { sequenceTurns } from './matrix/sequence-turns.ts';
import { planChecks } from './plan-checks.ts';
import { hashPlan } from './plan-hash.ts';
import { rankTasks } from './rank-tasks.ts';
import { type Selected, selectTasks } from './select-tasks.ts';
import { buildWaitGraph, topologicalOrder } from './wait-graph.ts';

/**
 * Builds the plan of a pipeline, valid by construction, or reports every mistake in its graph. A plan may come with warnings.
 * @param durations of earlier runs, in ms; they decide the rank: the task with the longest remaining path starts first
 * @param locations let messages point at the names in the file instead of at their tasks
 * @param values what the matrices of the pipeline are filled with; where they are missing, one instance stands for all
 */
export function buildPlan(
  written: PipelineSpec,
  selection: Selection = {},
  durations: Durations = new Map(),
  locations?: SpecLocations,
  values: MatrixValues = { params: {} },
): { readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const mistakes = [
    ...findReferenceErrors(written, locations),
    ...findCycles(written, locations),
    ...findEndErrors(written, locations),
  ];
  if (mistakes.length > 0) return { diagnostics: mistakes };
  const expanded = expandMatrices(written, values, locations);
  if (!expanded.ok) return { diagnostics: expanded.error };
  const spec = expanded.value;
  const selected = selectTasks(spec, selection);
  if (selected.diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics: selected.diagnostics };
  const { tasks, checks } = placeTasks(spec, selected);
  const graph = buildWaitGraph(tasks, checks);
  const order = topologicalOrder(graph);
  if (order.length < graph.next.length) return { diagnostics: [findGateCycle(tasks, checks)] };
  const taskOrder = order.filter((node) => node < tasks.length);
  const byRank = rankTasks(tasks, graph, order, durations);
  byRank.forEach((index, rank) => {
    tasks[index]!.rank = rank;
  });
  const fill = (filled: MatrixValues) => buildPlan(written, selection, durations, locations, filled);
  const hash = hashPlan(spec, tasks, checks);
  const plan: Plan = {
    pipeline: spec,
    ...(spec === written
      ? {}
      : { written: { pipeline: written, values }, ...openMatrices(written, tasks, values, fill, hash) }),
    selection: onlySelection(selection),
    tasks,
    indexOf: new Map(tasks.map(({ spec: { id }, index }) => [id, index])),
    order: taskOrder,
    byRank,
    ends: tasks.flatMap(({ index, end }) => (end === undefined ? [] : [index])),
    levels: planLevels(spec, tasks),
    families: planFamilies(spec, tasks),
    checks,
    hash,
  };
  return { plan, diagnostics: [...findUnknownSecrets(written), ...selected.diagnostics] };
}

/** Without the further fields that a caller's options may have. */
function onlySelection({ only, from, until, skip }: Selection): Selection {
  return {
    ...(only === undefined ? {} : { only }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(skip === undefined ? {} : { skip }),
  };
}

type Placed = { -readonly [Key in keyof PlannedTask]: PlannedTask[Key] } & { readonly downstream: number[] };

function placeTasks(spec: PipelineSpec, selected: Selected): { tasks: Placed[]; checks: readonly PlannedCheck[] } {
  const { chosen, skipped } = selected;
  const upstreamOf = effectiveUpstream(spec, selected);
  const tasks: Placed[] = spec.tasks
    .filter(({ id }) => chosen.has(id))
    .map((task, index) => ({ index, spec: task, upstream: [], downstream: [], rank: 0, skip: skipped.has(task.id) }));
  const indexOf = new Map<TaskId, number>(tasks.map(({ spec: { id }, index }) => [id, index]));
  const ends = endsOf(spec);
  const awaited = awaitedByEnds(spec, ends);
  for (const task of tasks) {
    const end = ends.get(task.spec.id);
    if (end !== undefined) {
      task.end = placeEnd(end, awaited.get(task.spec.id)!, indexOf);
      continue;
    }
    task.upstream = upstreamOf(task.spec.dependencies).map((id) => indexOf.get(id)!);
    for (const index of task.upstream) tasks[index]!.downstream.push(task.index);
  }
  for (const { end } of tasks) if (end !== undefined) waitForSetup(tasks, end);
  for (const [index, turn] of sequenceTurns(spec.families, tasks)) tasks[index]!.turn = turn;
  const runs = (id: TaskId) => chosen.has(id) && !skipped.has(id);
  return { tasks, checks: planChecks(spec, indexOf, upstreamOf, runs, ends) };
}

/** What is far downstream of a setup waits for it as well: when it is set up once more, what lies between stays done. */
function waitForSetup(tasks: readonly Placed[], { after, setup }: PlannedEnd): void {
  if (setup === undefined) return;
  for (const index of after) {
    const task = tasks[index]!;
    if (index === setup || task.end !== undefined || task.upstream.includes(setup)) continue;
    task.upstream = [...task.upstream, setup];
    tasks[setup]!.downstream.push(index);
  }
}

function placeEnd(
  { when, setup: name }: EndSpec,
  awaited: Iterable<TaskId>,
  indexOf: ReadonlyMap<TaskId, number>,
): PlannedEnd {
  const after = [...awaited].flatMap((id) => indexOf.get(id) ?? []).sort((one, other) => one - other);
  const setup = name === undefined ? undefined : indexOf.get(name);
  return { when, after, ...(setup === undefined ? {} : { setup }) };
}

function planLevels(spec: PipelineSpec, tasks: readonly PlannedTask[]): ReadonlyMap<LevelId, readonly number[]> {
  const levels = new Map<LevelId, number[]>(spec.levels.map(({ id }) => [id, []]));
  for (const { index, spec: task } of tasks) if (task.level !== undefined) levels.get(task.level)?.push(index);
  return levels;
}

function planFamilies(spec: PipelineSpec, tasks: readonly PlannedTask[]): ReadonlyMap<TaskId, readonly number[]> {
  const families = new Map<TaskId, number[]>((spec.families ?? []).map(({ id }) => [id, []]));
  for (const { index, spec: task } of tasks)
    if (task.instance !== undefined) families.get(task.instance.of)?.push(index);
  return families;
}

/**
 * Returns a function from the dependencies that the file names to the upstream tasks of the plan. Tasks outside the
 * selection and skipped ones count as done but keep the order: their downstream waits for their upstream.
 */
function effectiveUpstream(
  spec: PipelineSpec,
  { chosen, skipped }: Selected,
): (names: readonly TaskId[]) => readonly TaskId[] {
  const everything = chosen.size === spec.tasks.length && skipped.size === 0;
  if (everything) return (names) => names;
  const specs = new Map<TaskId, TaskSpec>(spec.tasks.map((task) => [task.id, task]));
  return (names) => {
    const upstream = new Set<TaskId>();
    const passed = new Set<TaskId>(names);
    // Iterating a set also visits the members added meanwhile.
    for (const id of passed) {
      if (chosen.has(id)) upstream.add(id);
      if (chosen.has(id) && !skipped.has(id)) continue;
      for (const before of specs.get(id)!.dependencies) passed.add(before);
    }
    return [...upstream];
  };
}
