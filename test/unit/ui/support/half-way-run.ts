import { readFileSync } from 'node:fs';
import type { AttemptInterval, TaskIntervals } from '../../../../src/display/timeline/attempt-interval.ts';
import type { Plan, RunId, RunState, TaskId } from '../../../../src/engine/index.ts';
import { planPipeline } from '../../../../src/engine/index.ts';
import type { RunEvent, RunFact } from '../../../../src/engine/model/run/run-event.ts';
import { replay } from '../../../../src/engine/scheduler/state/replay.ts';
import type { Meter } from '../../../../src/ui/panes/charts/meter.ts';

export const start = Date.parse('2026-01-05T06:00:00Z');

/**
 * The bundled pipeline with one task for all seasons, 41 seconds into its run: some of everything. How instances look has
 * tests of its own.
 */
export function halfWayRun(): {
  readonly state: RunState;
  readonly now: number;
  readonly spans: readonly AttemptInterval[];
} {
  const text = readFileSync(new URL('../../../../etl/config/pipeline_dag.yaml', import.meta.url), 'utf8');
  const plan = planOf(text.replace(/^ +matrix: .*\n/m, '').replace('default: 2023-2024', 'default: 2023'));
  return { state: stateOf(plan, halfWayFacts), now: start + 41_200, spans: spansOf(plan) };
}

export function planOf(yaml: string): Plan {
  const { plan, diagnostics } = planPipeline(yaml, 'pipeline.yaml');
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

/** `facts` with the seconds at which they happened. */
export function stateOf(plan: Plan, facts: readonly (readonly [seconds: number, fact: RunFact])[]): RunState {
  const events = facts.map(([seconds, fact]) => ({ ...fact, at: start + seconds * 1000 }) as RunEvent);
  return replay(plan, options, events);
}

const options = {
  run: '20260105_060000_k3v9' as RunId,
  seed: 1,
  maxParallel: 8,
  sequential: false,
  runChecks: true,
  connectionBudget: 40,
};

export function named(name: string): TaskId {
  return name as TaskId;
}

function started(seconds: number, name: string, attempt = 1): readonly (readonly [number, RunFact])[] {
  return [
    [seconds - 0.1, { type: 'task.ready', task: named(name), attempt }],
    [seconds, { type: 'task.started', task: named(name), attempt }],
  ];
}

function finished(seconds: number, name: string, rows?: number): readonly (readonly [number, RunFact])[] {
  return [
    ...(rows === undefined ? [] : [progressed(seconds, name, { progress: 1, rows })]),
    [seconds, { type: 'task.finished', task: named(name), outcome: { kind: 'succeeded', attempt: 1 } }],
  ];
}

function progressed(
  seconds: number,
  name: string,
  report: { readonly progress?: number; readonly rows?: number; readonly message?: string },
): readonly [number, RunFact] {
  return [seconds, { type: 'task.progressed', task: named(name), attempt: 1, report }];
}

export const runStarted: readonly [number, RunFact] = [
  0,
  {
    type: 'run.started',
    run: options.run,
    pipeline: 'nfl-refresh',
    planHash: '',
    seed: 1,
    maxParallel: 8,
    sequential: false,
    tasks: 10,
  },
];

const halfWayFacts: readonly (readonly [number, RunFact])[] = [
  runStarted,
  ...started(0.2, 'nflverse_schedules'),
  ...started(0.2, 'nflverse_players'),
  ...started(0.2, 'stadium_reference'),
  ...finished(1.8, 'stadium_reference', 34),
  ...finished(6.4, 'nflverse_schedules', 570),
  [
    6.9,
    {
      type: 'check.finished',
      result: {
        check: 'no_duplicate_games',
        verdict: 'pass',
        summary: 'games has each game_id once (570 rows)',
        measured: { checked_rows: 570, duplicate_keys: 0, surplus_rows: 0, first_keys: [] },
        durationMs: 42,
      },
    },
  ],
  ...started(6.5, 'nflverse_pbp'),
  ...started(6.5, 'odds_history'),
  ...started(6.5, 'weather_fetch'),
  [7.1, { type: 'check.started', check: 'schedule_is_fresh' }],
  [
    7.2,
    {
      type: 'check.finished',
      result: {
        check: 'schedule_is_fresh',
        verdict: 'pass',
        summary: 'the newest games.loaded_at is 2 s old, within 24 h',
        measured: { age_ms: 2000, max_age_ms: 86_400_000 },
        durationMs: 18,
      },
    },
  ],
  ...finished(12.6, 'nflverse_players', 4_391),
  progressed(30, 'nflverse_pbp', { progress: 0.54, rows: 26_812, message: 'season 2024, week 7 of 18' }),
  [
    18.4,
    {
      type: 'task.finished',
      task: named('weather_fetch'),
      outcome: { kind: 'failed', attempt: 1, cause: { kind: 'exit-code', code: 1 } },
    },
  ],
  [
    39,
    {
      type: 'task.backing-off',
      task: named('odds_history'),
      attempt: 2,
      retryAt: (start + 45_000) as never,
      cause: { kind: 'exit-code', code: 75 },
    },
  ],
  [
    19,
    {
      type: 'check.finished',
      result: {
        check: 'plays_end_with_the_score',
        verdict: 'warn',
        summary: 'the query answered 2, expected 0',
        measured: { answer: 2, expected: 0, first_keys: ['2023_04_ATL_JAX', '2024_11_SEA_SF'] },
        durationMs: 311,
      },
    },
  ],
];

function spansOf(plan: Plan): readonly AttemptInterval[] {
  const one = (
    name: string,
    attempt: number,
    kind: AttemptInterval['kind'],
    from: number,
    to?: number,
  ): AttemptInterval => ({
    task: plan.indexOf.get(named(name))!,
    attempt,
    kind,
    startedAt: start + from * 1000,
    ...(to === undefined ? {} : { endedAt: start + to * 1000 }),
  });
  return [
    one('nflverse_schedules', 1, 'succeeded', 0.2, 6.4),
    one('nflverse_players', 1, 'succeeded', 0.2, 12.6),
    one('stadium_reference', 1, 'succeeded', 0.2, 1.8),
    one('nflverse_pbp', 1, 'running', 6.5),
    one('weather_fetch', 1, 'waiting', 6.5, 8),
    one('weather_fetch', 1, 'failed', 8, 18.4),
    { ...one('odds_history', 1, 'failed', 6.5, 39), cause: { kind: 'exit-code', code: 75 } },
    one('odds_history', 2, 'waiting', 39),
  ];
}

export function metersOf(count: number): readonly Meter[] {
  const wave = (at: number, base: number, height: number): number => base + height * Math.sin(at / 7) ** 2;
  const samples = (base: number, height: number) => Array.from({ length: count }, (_, at) => wave(at, base, height));
  return [
    { name: 'CPU', samples: samples(22, 50), unit: 'percent', max: 100, limit: 80 },
    { name: 'Memory', samples: samples(48, 8), unit: 'percent', max: 100, limit: 85, reading: '3.9 of 7.8 GB' },
    { name: 'Connections', samples: samples(2, 5), unit: 'count', max: 40, limit: 32 },
  ];
}

/** Intervals by task, in the order in which tasks began. */
export function intervalsByTask(intervals: readonly AttemptInterval[]): readonly TaskIntervals[] {
  const byTask = new Map<number, AttemptInterval[]>();
  for (const one of intervals) {
    const together = byTask.get(one.task);
    if (together === undefined) byTask.set(one.task, [one]);
    else together.push(one);
  }
  return [...byTask].map(([task, own]) => ({ task, intervals: own.sort((a, b) => a.startedAt - b.startedAt) }));
}
