import type { EpochMs, TaskId } from '../../src/engine/model/ids.ts';
import type { Family } from '../../src/engine/model/pipeline/matrix.ts';
import type { Plan, RunOptions } from '../../src/engine/model/pipeline/plan.ts';
import type { CheckVerdict } from '../../src/engine/model/run/check-result.ts';
import type { Intent } from '../../src/engine/model/run/messages.ts';
import { noon, runOptions } from './fake-run.ts';
import { type CheckSketch, type PipelineSketch, sketchPlan, type TaskSketch } from './pipeline-builder.ts';
import type { AttemptScript, ConditionScript, Scenario } from './simulate-run.ts';

/** A scenario as plain data, which can be shrunk and kept as JSON. Tasks and checks are named by their place. */
export type ScenarioSketch = {
  readonly tasks: readonly (Omit<TaskSketch, 'after'> & {
    /** What it waits for; only tasks before it count. */
    readonly before: readonly number[];
    /** Whether an earlier run has loaded it. */
    readonly isLoaded: boolean;
    /** The task of which it is an instance, by its place in `families`. */
    readonly family?: number;
    /** What its attempts do, in turn; the last one is repeated. */
    readonly scripts: readonly AttemptScript[];
    /** Of one that is asked or waits for something outside the run. */
    readonly condition?: ConditionScript;
    /** Whether it runs at the end; a teardown names the task before it that sets up, which must be none itself. */
    readonly end?: 'always' | 'on-failure' | { readonly takesDown: number };
  })[];
  /** Absent in sketches that were kept before there were any. */
  readonly families?: readonly Omit<Family, 'id'>[];
  readonly pools: Readonly<Record<string, number>>;
  readonly checks: readonly {
    readonly looksAt: readonly number[];
    readonly holds: readonly number[];
    readonly gate: boolean;
    readonly retries: number;
    readonly durationMs: number;
    readonly verdicts: readonly CheckVerdict[];
  }[];
  readonly skipped: readonly number[];
  readonly options: Partial<RunOptions>;
  readonly intents: readonly { readonly afterMs: number; readonly intent: IntentSketch }[];
  readonly samples: readonly {
    readonly afterMs: number;
    readonly cpu: number;
    readonly memory: number;
    readonly ownCpu: number;
    readonly freeBytes: number;
    readonly connections?: number;
  }[];
  readonly lateness: readonly number[];
  readonly echoes: readonly number[];
  /** How long the run may take, in ms; absent = as long as it likes. */
  readonly runMs?: number;
};

export type IntentSketch =
  | Exclude<Intent, { readonly task: TaskId } | { readonly check: string }>
  | { readonly type: 'retry-task'; readonly task: number; readonly downstream: boolean }
  | { readonly type: 'skip-task' | 'cancel-task'; readonly task: number }
  | { readonly type: 'recheck'; readonly check: number };

/** @param edited places of tasks whose command was changed meanwhile: the same pipeline with other programs */
export function buildScenario(sketch: ScenarioSketch, edited: readonly number[] = []): Scenario {
  const { tasks, families = [], pools, checks, skipped, options, intents, samples, lateness, echoes, runMs } = sketch;
  const known = tasks.map((_, index) => nameOf(index));
  const isEnd = (index: number) => tasks[index]!.end !== undefined;
  const endNames = new Set(known.filter((_, index) => isEnd(index)));
  const pipeline: PipelineSketch = {
    tasks: Object.fromEntries(
      tasks.map(({ before, isLoaded: _, scripts: __, condition: ___, end: ____, family, ...task }, index) => [
        nameOf(index),
        {
          ...task,
          // A teardown may name only what runs at the end: it waits for the rest by its setup.
          after: pick(known.slice(0, index), before).filter((name) =>
            endNames.has(name) ? isEnd(index) : typeof tasks[index]!.end !== 'object',
          ),
          ...(family === undefined ? {} : { instance: { of: familyName(family), values: { k: nameOf(index) } } }),
          ...(edited.includes(index) ? editedTask : {}),
          ...endingOf(sketch, index),
        },
      ]),
    ),
    families: families.map((family, index) => ({ id: familyName(index), ...family })),
    pools,
    ...(runMs === undefined ? {} : { limits: { runMs } }),
    checks: Object.fromEntries(
      checks.map(({ looksAt, holds, gate, retries }, index) => [
        `check${index}`,
        { after: pick(known, looksAt), before: pick(known, holds), gate, retries },
      ]),
    ),
  };
  return {
    plan: planOf(pipeline, pick(known, skipped)),
    options: runOptions({ ...options, ...loadsOf(sketch) }),
    scripts: new Map(
      tasks.map(({ scripts }, index) => [nameOf(index), scripts as [AttemptScript, ...AttemptScript[]]]),
    ),
    conditions: new Map(
      tasks.flatMap(({ condition }, index) => (condition === undefined ? [] : [[nameOf(index), condition]])),
    ),
    checks: new Map(checks.map(({ durationMs, verdicts }, index) => [`check${index}`, { durationMs, verdicts }])),
    intents: intents.map(({ afterMs, intent }) => ({ afterMs, intent: intentOf(intent, known) })),
    samples: samples.map(({ afterMs, ownCpu, freeBytes, connections, ...sample }) => ({
      afterMs,
      sample: {
        ...sample,
        cores: 4,
        memoryBytes: 0,
        memoryLimitBytes: 2 ** 31,
        ours: { cpu: ownCpu, taskCpuSeconds: 1, taskSeconds: 1 },
        disks: [{ role: 'project', freeBytes }],
        ...(connections === undefined ? {} : { connections: { used: connections, limit: 8, ours: 0 } }),
        tasks: new Map(),
      },
    })),
    lateness,
    echoes,
  };
}

/** A teardown of nothing that can be set up runs always. */
function endingOf({ tasks }: ScenarioSketch, index: number): TaskSketch {
  const { end } = tasks[index]!;
  const teardown = tasks.findIndex((task) => setupOf(tasks, task.end) === index);
  if (end === undefined) return teardown < 0 ? {} : { setup: { teardown: nameOf(teardown) } };
  if (typeof end === 'string') return { runWhen: end };
  const setup = setupOf(tasks, end);
  const isTheOne = setup !== undefined && tasks.findIndex((task) => setupOf(tasks, task.end) === setup) === index;
  return isTheOne ? {} : { runWhen: 'always' };
}

function setupOf(tasks: ScenarioSketch['tasks'], end: ScenarioSketch['tasks'][number]['end']): number | undefined {
  if (typeof end !== 'object') return undefined;
  return tasks[end.takesDown] !== undefined && tasks[end.takesDown]!.end === undefined ? end.takesDown : undefined;
}

const editedTask = { command: { kind: 'shell', script: 'edited' } } as const;
const yesterday = (noon - 86_400_000) as EpochMs;

function loadsOf({ tasks }: ScenarioSketch): Partial<RunOptions> {
  const loaded = tasks.flatMap(({ isLoaded }, index) => (isLoaded ? [nameOf(index)] : []));
  if (loaded.length === 0) return {};
  const before = { since: yesterday, task: nameOf(0), why: 'earlier-load' } as const;
  return {
    lastGood: Object.fromEntries(loaded.map((name) => [name, { at: yesterday }])),
    staleBefore: Object.fromEntries(loaded.map((name) => [name, before])),
  };
}

function nameOf(index: number): TaskId {
  return `t${index}` as TaskId;
}

function familyName(index: number): TaskId {
  return `f${index}` as TaskId;
}

function pick(names: readonly TaskId[], places: readonly number[]): readonly TaskId[] {
  return places.flatMap((place) => names[place] ?? []);
}

function intentOf(sketch: IntentSketch, known: readonly TaskId[]): Intent {
  if ('task' in sketch) return { ...sketch, task: known[sketch.task % known.length]! };
  return 'check' in sketch ? { ...sketch, check: `check${sketch.check}` } : sketch;
}

/** Gates may wait for each other in a circle, which is a mistake of the author; then the checks hold nothing back. */
function planOf(sketch: PipelineSketch, skip: readonly string[]): Plan {
  try {
    return sketchPlan(sketch, { skip });
  } catch {
    const open = Object.entries(sketch.checks ?? {}).map(([name, check]): [string, CheckSketch] => [
      name,
      { ...check, before: [], gate: false },
    ]);
    return sketchPlan({ ...sketch, checks: Object.fromEntries(open) }, { skip });
  }
}
