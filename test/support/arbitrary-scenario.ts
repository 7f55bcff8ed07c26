import fc from 'fast-check';
import type { Family } from '../../src/engine/model/pipeline/matrix.ts';
import type { CheckVerdict } from '../../src/engine/model/run/check-result.ts';
import type { Exit } from '../../src/engine/model/run/task-state.ts';
import { buildScenario, type IntentSketch, type ScenarioSketch } from './scenario-sketch.ts';
import type { AttemptScript, ConditionScript, Scenario } from './simulate-run.ts';

const maxTasks = 9;

/** What a scenario may contain; a property that needs a calm world leaves things out. */
export type ScenarioOptions = {
  readonly intents: boolean;
  readonly critical: boolean;
  readonly sequential: boolean;
  /** Timers that fire late, which decides whether a task has failed or timed out. */
  readonly late: boolean;
  /** Whether a run may have a limit, which ends it. */
  readonly limited?: true;
  /** Tasks that are instances of one: whether they take turns, and when they are given up. */
  readonly matrix: boolean;
};

/** Any pipeline in any world: few tasks and small numbers, so that much happens at the same time. */
export function arbitraryScenario(weather: ScenarioOptions): fc.Arbitrary<Scenario> {
  return arbitrarySketch(weather).map(buildScenario);
}

export function arbitrarySketch(weather: ScenarioOptions): fc.Arbitrary<ScenarioSketch> {
  const sketch = fc.record({
    tasks: fc.array(arbitraryTask(weather), { minLength: 1, maxLength: maxTasks }),
    families: fc.array(weather.matrix ? arbitraryFamily : fc.constant({}), { minLength: 2, maxLength: 2 }),
    pools: fc.record({ p: fc.integer({ min: 1, max: 2 }), q: fc.constant(1) }),
    checks: fc.array(arbitraryCheck, { maxLength: 3 }),
    skipped: fc.uniqueArray(fc.nat(maxTasks - 1), { maxLength: 1 }),
    options: arbitraryOptions(weather),
    intents: weather.intents ? fc.array(arbitraryIntent, { maxLength: 10 }) : fc.constant([]),
    samples: fc.array(arbitrarySample, { maxLength: 6 }),
    lateness: weather.late ? fc.array(fc.nat(20), { maxLength: 4 }) : fc.constant([]),
    echoes: fc.array(fc.nat(60), { maxLength: 4 }),
  });
  if (weather.limited !== true) return sketch;
  const rare = fc.nat(5).map((draw) => (draw === 0 ? 1 : undefined));
  const limit = fc.tuple(rare, fc.constantFrom(1, 40, 120, 300)).map(([isGiven, ms]) => isGiven && ms);
  return fc.tuple(sketch, limit).map(([one, runMs]) => (runMs === undefined ? one : { ...one, runMs }));
}

const arbitraryFamily = fc.constantFrom<Omit<Family, 'id'>>(
  {},
  { order: 'sequential' },
  { maxFailures: { count: 0 } },
  { maxFailures: { count: 1 } },
  { maxFailures: { share: 0.4 }, order: 'sequential' },
);

const someTasks = fc.uniqueArray(fc.nat(maxTasks - 1), { maxLength: 3 });
const someWithFirst = fc
  .tuple(someTasks, fc.nat(2))
  .map(([tasks, draw]) => (draw === 0 && !tasks.includes(0) ? [0, ...tasks] : tasks));

function arbitraryTask({ critical, matrix }: ScenarioOptions): fc.Arbitrary<ScenarioSketch['tasks'][number]> {
  return fc
    .record({
      before: someWithFirst,
      family: matrix ? fc.option(fc.nat(1), { nil: undefined }) : fc.constant(undefined),
      timeoutMs: fc.constantFrom(40, 60, 1000),
      killGraceMs: fc.constantFrom(5, 20),
      pools: fc.subarray(['p', 'q']),
      labels: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.subarray(['r', 'big'], { minLength: 1 }) },
      ),
      connections: fc.nat(4),
      cpu: fc.constantFrom(0, 0.5, 1),
      memoryBytes: fc.constantFrom(0, 1, 2 ** 20, 2 ** 30),
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
      scripts: fc.array(arbitraryScript, { minLength: 1, maxLength: 3 }),
      talks: fc.nat(5).map((draw) => draw > 0),
      conditions: arbitraryConditions,
      tolerates: fc.nat(9).map((draw) => draw === 0),
      end: arbitraryEnd,
    })
    .map(({ degrades, family, isCovered, narrow, retry, talks, conditions, tolerates, end, ...task }) => ({
      ...task,
      ...conditions,
      ...(tolerates ? { continueOnFailure: true as const } : {}),
      ...(end === undefined ? {} : { end }),
      ...(family === undefined ? {} : { family }),
      ...(talks ? {} : { idleTimeoutMs: 36 }),
      ...(task.scripts.some(({ missingOutput }) => missingOutput !== undefined) ? { outputs: ['x.csv'] } : {}),
      ...(isCovered ? { useLastGood: true as const } : {}),
      retry: narrow ? { ...retry, on: { exitCodes: [75], output: ['again'] } } : retry,
      ...(degrades
        ? { fallback: { command: { kind: 'shell', script: 'cache' } as const, note: 'from the cache' } }
        : {}),
    }));
}

const question = { kind: 'shell', script: 'is it needed?' } as const;
const arrival = { kind: 'file', path: 'arrival' } as const;

/** Some tasks are asked whether they are needed, some whether anything has changed, and some wait for something outside the run. */
const arbitraryConditions: fc.Arbitrary<Partial<ScenarioSketch['tasks'][number]>> = fc
  .record({
    asks: fc.nat(4).map((draw) => draw === 0),
    waits: fc.nat(5).map((draw) => draw === 0),
    reuse: fc.nat(4).map((draw) => draw === 0),
    otherwise: fc.constantFrom('continue' as const, 'stop' as const),
    onTimeout: fc.constantFrom('fail' as const, 'skip' as const),
    timeoutMs: fc.constantFrom(20, 60),
    arrivesAfterMs: fc.option(fc.nat(80), { nil: undefined }),
    answers: fc.array(
      fc.record({
        durationMs: fc.nat(25),
        answer: fc.oneof(
          { weight: 4, arbitrary: fc.constant('needed' as const) },
          { weight: 2, arbitrary: fc.constant('not-needed' as const) },
          { weight: 1, arbitrary: fc.constant('none' as const) },
          { weight: 2, arbitrary: fc.constant('reused' as const) },
        ),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ asks, waits, reuse, otherwise, onTimeout, timeoutMs, arrivesAfterMs, answers }) => ({
    ...(asks ? { onlyIf: { command: question, otherwise } } : {}),
    ...(waits ? { waitFor: { for: arrival, everyMs: 5, timeoutMs, onTimeout } } : {}),
    ...(reuse ? { reuse } : {}),
    ...(asks || waits || reuse
      ? {
          condition: {
            answers: answers.map((one) => ({ ...one, answer: possible(one.answer, asks, reuse) })),
            ...(arrivesAfterMs === undefined ? {} : { arrivesAfterMs }),
          },
        }
      : {}),
  }));
const arbitraryEnd: fc.Arbitrary<ScenarioSketch['tasks'][number]['end']> = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom('always' as const, 'on-failure' as const) },
  { weight: 1, arbitrary: fc.record({ takesDown: fc.nat(maxTasks - 1) }) },
  // The first task, so that others need what it sets up.
  { weight: 2, arbitrary: fc.record({ takesDown: fc.constant(0) }) },
);

/**
 * An answer that a task is given: only one with an `only_if` may be not needed, only one that may be reused is. The world does
 * not know which of the two questions it is asked, so that one with both is never reused.
 */
function possible(answer: ConditionScript['answers'][number]['answer'], asks: boolean, reuse: boolean) {
  if (answer === 'reused') return reuse && !asks ? answer : 'needed';
  return asks ? answer : 'needed';
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
    onStop: fc.record({
      // Now and then it does not listen at all.
      afterMs: fc.oneof({ weight: 5, arbitrary: fc.nat(25) }, { weight: 1, arbitrary: fc.constant(1_000_000) }),
      exit: arbitraryExit,
    }),
    lastOutput: fc.constantFrom('', 'try again', 'deadlock detected'),
    forgets: fc.nat(9).map((draw) => draw === 0),
    asks: fc.nat(9).map((draw) => draw === 0),
    findsNothing: fc.nat(11).map((draw) => draw === 0),
  })
  .map(({ forgets, asks, findsNothing, ...script }) => ({
    ...script,
    ...(findsNothing ? { nothingNew: true as const } : {}),
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

function arbitraryOptions({ sequential }: ScenarioOptions): fc.Arbitrary<ScenarioSketch['options']> {
  return fc
    .record({
      seed: fc.nat(),
      maxParallel: fc.integer({ min: 1, max: 8 }),
      sequential: sequential ? fc.nat(4).map((draw) => draw === 0) : fc.constant(false),
      runChecks: fc.nat(4).map((draw) => draw > 0),
      budget: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    })
    .map(({ budget, ...options }) => ({ ...options, ...(budget === undefined ? {} : { connectionBudget: budget }) }));
}

const anyTask = fc.nat(maxTasks);
const arbitraryRetry = fc.record({ type: fc.constant('retry-task' as const), task: anyTask, downstream: fc.boolean() });
const arbitraryWish: fc.Arbitrary<IntentSketch> = fc.oneof(
  { weight: 4, arbitrary: arbitraryRetry },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('skip-task' as const), task: anyTask }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('cancel-task' as const), task: anyTask }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('recheck' as const), check: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('limit' as const), maxParallel: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.constantFrom<IntentSketch>({ type: 'pause' }, { type: 'resume' }) },
  { weight: 1, arbitrary: fc.constant<IntentSketch>({ type: 'cancel' }) },
);

/** Some come when what runs at the end has begun, or the run is over, and have something run again. */
const arbitraryIntent = fc.oneof(
  { weight: 5, arbitrary: fc.record({ afterMs: fc.nat(350), intent: arbitraryWish }) },
  { weight: 2, arbitrary: fc.record({ afterMs: fc.integer({ min: 200, max: 800 }), intent: arbitraryRetry }) },
);

const arbitrarySample: fc.Arbitrary<ScenarioSketch['samples'][number]> = fc
  .record({
    afterMs: fc.nat(250),
    cpu: fc.constantFrom(0, 0.5, 1),
    memory: fc.constantFrom(0.1, 0.86, 0.97),
    ownCpu: fc.constantFrom(0, 1, 4),
    freeBytes: fc.constantFrom(0, 2 ** 40),
    connections: fc.option(fc.nat(8), { nil: undefined }),
  })
  .map(({ connections, ...sample }) => ({ ...sample, ...(connections === undefined ? {} : { connections }) }));
