import fc from 'fast-check';
import type { EpochMs, TaskId } from '../../src/engine/model/ids.ts';
import type { Plan, RunOptions } from '../../src/engine/model/pipeline/plan.ts';
import type { CheckVerdict } from '../../src/engine/model/run/check-result.ts';
import type { Intent } from '../../src/engine/model/run/messages.ts';
import type { Exit } from '../../src/engine/model/run/task-state.ts';
import { noon, runOptions } from './fake-run.ts';
import { type CheckSketch, type PipelineSketch, sketchPlan, type TaskSketch } from './pipeline-builder.ts';
import type { AttemptScript, Scenario } from './simulate-run.ts';

const maxTasks = 9;

/** What a scenario may contain; a property that needs a calm world leaves things out. */
export type ScenarioOptions = {
  readonly intents: boolean;
  readonly critical: boolean;
  readonly sequential: boolean;
  /** Timers that fire late, which decides whether a task has failed or timed out. */
  readonly late: boolean;
};

/** Any pipeline in any world: few tasks and small numbers, so that much happens at the same time. */
export function arbitraryScenario(weather: ScenarioOptions): fc.Arbitrary<Scenario> {
  return fc
    .record({
      tasks: fc.array(arbitraryTask(weather), { minLength: 1, maxLength: maxTasks }),
      scripts: fc.array(fc.array(arbitraryScript, { minLength: 1, maxLength: 3 }), {
        minLength: maxTasks,
        maxLength: maxTasks,
      }),
      pools: fc.record({ p: fc.integer({ min: 1, max: 2 }), q: fc.constant(1) }),
      checks: fc.array(arbitraryCheck, { maxLength: 3 }),
      skipped: fc.uniqueArray(fc.nat(maxTasks - 1), { maxLength: 1 }),
      options: arbitraryOptions(weather),
      intents: weather.intents ? fc.array(arbitraryIntent, { maxLength: 8 }) : fc.constant<readonly Planned[]>([]),
      samples: fc.array(arbitrarySample, { maxLength: 6 }),
      lateness: weather.late ? fc.array(fc.nat(20), { maxLength: 4 }) : fc.constant([]),
      echoes: fc.array(fc.nat(60), { maxLength: 4 }),
    })
    .map(({ tasks, scripts, pools, checks, skipped, options, intents, ...world }) => {
      const known = tasks.map((_, index) => nameOf(index));
      const sketch = {
        tasks: Object.fromEntries(
          tasks.map(({ before, isLoaded: _, ...task }, index) => [
            nameOf(index),
            { ...task, after: pick(known.slice(0, index), before) },
          ]),
        ),
        pools,
        checks: Object.fromEntries(
          checks.map(({ looksAt, holds, gate, retries }, index) => [
            `check${index}`,
            { after: pick(known, looksAt), before: pick(known, holds), gate, retries },
          ]),
        ),
      };
      const loaded = known.filter((_, index) => tasks[index]!.isLoaded);
      const lastGood = Object.fromEntries(loaded.map((name) => [name, { at: yesterday }]));
      const before = { since: yesterday, task: known[0] as TaskId, why: 'earlier-load' } as const;
      const staleBefore = Object.fromEntries(loaded.map((name) => [name, before]));
      return {
        plan: planOf(sketch, pick(known, skipped)),
        options: loaded.length === 0 ? options : { ...options, lastGood, staleBefore },
        scripts: new Map(
          known.map((name, index) => [name as TaskId, scripts[index] as [AttemptScript, ...AttemptScript[]]]),
        ),
        checks: new Map(checks.map(({ durationMs, verdicts }, index) => [`check${index}`, { durationMs, verdicts }])),
        intents: intents.map(({ afterMs, intent }) => ({ afterMs, intent: intent(known) })),
        ...world,
      };
    });
}

const yesterday = (noon - 86_400_000) as EpochMs;

function nameOf(index: number): string {
  return `t${index}`;
}

function pick(names: readonly string[], places: readonly number[]): readonly string[] {
  return places.flatMap((place) => names[place] ?? []);
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

const someTasks = fc.uniqueArray(fc.nat(maxTasks - 1), { maxLength: 3 });

function arbitraryTask({
  critical,
}: ScenarioOptions): fc.Arbitrary<
  Omit<TaskSketch, 'after'> & { readonly before: readonly number[]; readonly isLoaded: boolean }
> {
  return fc
    .record({
      before: someTasks,
      timeoutMs: fc.constantFrom(40, 60, 1000),
      killGraceMs: fc.constantFrom(5, 20),
      pools: fc.subarray(['p', 'q']),
      connections: fc.nat(4),
      cpu: fc.constantFrom(0, 0.5, 1),
      memoryBytes: fc.constantFrom(1, 2 ** 20, 2 ** 30),
      critical: critical ? fc.nat(9).map((draw) => draw === 0) : fc.constant(false),
      degrades: fc.nat(3).map((draw) => draw === 0),
      isCovered: fc.nat(2).map((draw) => draw === 0),
      isLoaded: fc.boolean(),
      retry: fc.record({
        retries: fc.nat(2),
        initialMs: fc.constantFrom(0, 10, 30),
        factor: fc.constantFrom(1, 2),
        maxMs: fc.constantFrom(35, 1000),
        jitter: fc.boolean(),
        maxRetryAfterMs: fc.constantFrom(50, 3_600_000),
      }),
      narrow: fc.nat(4).map((draw) => draw === 0),
    })
    .map(({ degrades, isCovered, narrow, retry, ...task }) => ({
      ...task,
      ...(isCovered ? { useLastGood: true as const } : {}),
      retry: narrow ? { ...retry, on: { exitCodes: [75], output: ['again'] } } : retry,
      ...(degrades
        ? { fallback: { command: { kind: 'shell', script: 'cache' } as const, note: 'from the cache' } }
        : {}),
    }));
}

const arbitraryExit: fc.Arbitrary<Exit> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Exit>({ kind: 'exited', code: 0 }) },
  { weight: 3, arbitrary: fc.constantFrom(1, 75).map((code): Exit => ({ kind: 'exited', code })) },
  { weight: 1, arbitrary: fc.constant<Exit>({ kind: 'signalled', signal: 'SIGKILL' }) },
  { weight: 1, arbitrary: fc.constant<Exit>({ kind: 'lost', why: 'host-gone', message: 'gone' }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('usage', 'shortage')
      .map((reason): Exit => ({ kind: 'not-started', reason, message: reason })),
  },
);

const arbitraryScript: fc.Arbitrary<AttemptScript> = fc
  .record({
    durationMs: fc.nat(50),
    exit: fc.oneof({ weight: 9, arbitrary: arbitraryExit }, { weight: 1, arbitrary: fc.constant('hangs' as const) }),
    onStop: fc.record({ afterMs: fc.nat(25), exit: arbitraryExit }),
    lastOutput: fc.constantFrom('', 'try again', 'deadlock detected'),
    forgets: fc.nat(9).map((draw) => draw === 0),
    asks: fc.nat(9).map((draw) => draw === 0),
  })
  .map(({ forgets, asks, ...script }) => ({
    ...script,
    ...(forgets ? { missingOutput: { path: 'x.csv' } } : {}),
    ...(asks ? { retryAfterSeconds: 0.045 } : {}),
  }));

const verdict = fc.oneof(
  { weight: 4, arbitrary: fc.constant<CheckVerdict>('pass') },
  { weight: 1, arbitrary: fc.constantFrom<CheckVerdict>('warn', 'fail', 'error') },
);

const arbitraryCheck = fc.record({
  looksAt: someTasks,
  holds: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: someTasks }),
  gate: fc.boolean(),
  retries: fc.nat(2),
  durationMs: fc.nat(60),
  verdicts: fc.array(verdict, { minLength: 1, maxLength: 2 }),
});

function arbitraryOptions({ sequential }: ScenarioOptions): fc.Arbitrary<RunOptions> {
  return fc
    .record({
      seed: fc.nat(),
      maxParallel: fc.integer({ min: 1, max: 8 }),
      sequential: sequential ? fc.nat(4).map((draw) => draw === 0) : fc.constant(false),
      runChecks: fc.nat(4).map((draw) => draw > 0),
      budget: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    })
    .map(({ budget, ...options }) =>
      runOptions({ ...options, ...(budget === undefined ? {} : { connectionBudget: budget }) }),
    );
}

/** A wish, once the names of the tasks are known. */
type PlannedIntent = (known: readonly string[]) => Intent;

const anyTask = fc.nat(maxTasks).map((index) => (known: readonly string[]) => known[index % known.length] as TaskId);

const plannedIntent = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(anyTask, fc.boolean()).map(
      ([task, downstream]): PlannedIntent =>
        (known) => ({ type: 'retry-task', task: task(known), downstream }),
    ),
  },
  {
    weight: 3,
    arbitrary: anyTask.map(
      (task): PlannedIntent =>
        (known) => ({ type: 'skip-task', task: task(known) }),
    ),
  },
  {
    weight: 2,
    arbitrary: anyTask.map(
      (task): PlannedIntent =>
        (known) => ({ type: 'cancel-task', task: task(known) }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(2).map(
      (index): PlannedIntent =>
        () => ({ type: 'recheck', check: `check${index}` }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(8).map(
      (maxParallel): PlannedIntent =>
        () => ({ type: 'limit', maxParallel }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<PlannedIntent>(
      () => ({ type: 'pause' }),
      () => ({ type: 'resume' }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<PlannedIntent>(() => ({ type: 'cancel' })) },
);

type Planned = { readonly afterMs: number; readonly intent: PlannedIntent };

const arbitraryIntent: fc.Arbitrary<Planned> = fc.record({ afterMs: fc.nat(250), intent: plannedIntent });

const arbitrarySample = fc
  .record({
    afterMs: fc.nat(250),
    cpu: fc.constantFrom(0, 0.5, 1),
    memory: fc.constantFrom(0.1, 0.86, 0.97),
    ownCpu: fc.constantFrom(0, 1, 4),
    freeBytes: fc.constantFrom(0, 2 ** 40),
    connections: fc.option(fc.nat(8), { nil: undefined }),
  })
  .map(({ afterMs, ownCpu, freeBytes, connections, ...sample }) => ({
    afterMs,
    sample: {
      ...sample,
      cores: 4,
      memoryBytes: 0,
      memoryLimitBytes: 2 ** 31,
      ours: { cpu: ownCpu, taskCpuSeconds: 1, taskSeconds: 1 },
      disks: [{ role: 'project' as const, freeBytes }],
      ...(connections === undefined ? {} : { connections: { used: connections, limit: 8, ours: 0 } }),
      tasks: new Map(),
    },
  }));
