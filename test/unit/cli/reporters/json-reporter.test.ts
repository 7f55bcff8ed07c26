import { expect, test } from 'vitest';
import { jsonReporter } from '../../../../src/cli/reporters/json-reporter.ts';
import type { EpochMs, RunId, TaskId, TimeLeft } from '../../../../src/engine/index.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { fakeRun, noon, resumedRun, runOptions } from '../../../support/fake-run.ts';
import { dangerous, reportRun, scene } from './report-run.ts';

function linesOf(written: string): readonly Record<string, unknown>[] {
  expect(written.endsWith('\n')).toBe(true);
  return written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('every event is a line with its time, its run and its type', () => {
  const run = fakeRun({ tasks: { odds: { retry: { retries: 1, initialMs: 2_000 } } } });
  run.exit('odds', 1);
  run.fire('retry', 'odds');
  run.exit('odds');
  const lines = linesOf(reportRun(jsonReporter, run));
  expect(lines.map(({ type }) => type)).toEqual([...run.events.map(({ type }) => type), 'run.reported']);
  for (const { at, run: id } of lines) {
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(id).toBe('20260105_120000_test');
  }
  expect(lines.find(({ type }) => type === 'task.backing-off')).toEqual({
    at: '2026-01-05T12:00:00.000Z',
    run: '20260105_120000_test',
    type: 'task.backing-off',
    task: 'odds',
    attempt: 2,
    retryAt: '2026-01-05T12:00:02.000Z',
    cause: { kind: 'exit-code', code: 1 },
  });
});

test('all its times are in ISO 8601, those within a reuse, a retry of a check and a capacity too', () => {
  const { plan } = fakeRun({ tasks: { odds: {} } });
  const state = initialState(plan, runOptions());
  let written = '';
  const reporter = jsonReporter(scene({}, (text) => (written += text)));
  const error = { check: 'c', verdict: 'error', summary: 'no answer', measured: {}, durationMs: 1 } as const;
  const odds = 'odds' as TaskId;
  const earlier = { kind: 'reused', run: 'earlier' as RunId, at: (noon - 60_000) as EpochMs } as const;
  for (const event of [
    { type: 'task.finished', task: odds, outcome: earlier },
    { type: 'check.backing-off', check: 'c', attempt: 2, retryAt: (noon + 1_000) as EpochMs, result: error },
    { type: 'capacity.changed', capacity: { unknown: { cpu: 1, memoryBytes: 1 }, loweredAt: noon as EpochMs } },
  ] as const)
    reporter.report({ ...event, at: noon as EpochMs }, state);
  expect(linesOf(written)).toMatchObject([
    { outcome: { kind: 'reused', run: 'earlier', at: '2026-01-05T11:59:00.000Z' } },
    { retryAt: '2026-01-05T12:00:01.000Z' },
    { capacity: { loweredAt: '2026-01-05T12:00:00.000Z' } },
  ]);
});

test('a finished task carries its duration, its attempts, the reason and the path of its log', () => {
  const run = fakeRun({
    tasks: { odds: { retry: { retries: 1 } }, quiet: {}, slow: { timeoutMs: 5_000 }, mart: { after: ['odds'] } },
  });
  run.pass(1_000);
  run.exit('odds', 1);
  run.exit('quiet');
  run.fire('retry', 'odds');
  run.exit('odds', 3);
  run.fire('timeout', 'slow');
  run.exit('slow', { kind: 'signalled', signal: 'SIGTERM' });
  const lines = linesOf(reportRun(jsonReporter, run, { output: { odds: 'no odds\n' } }));
  const finished = new Map(lines.filter(({ type }) => type === 'task.finished').map((line) => [line['task'], line]));
  expect(finished.get('odds')).toMatchObject({
    attempts: 2,
    durationMs: 2_000,
    cause: { kind: 'exit-code', code: 3 },
    log: '/project/logs/etl/runs/x/tasks/odds/2.log',
  });
  expect(finished.get('quiet')).toMatchObject({ attempts: 1, durationMs: 1_000 });
  expect(Object.keys(finished.get('quiet')!)).not.toContain('log');
  expect(finished.get('slow')).toMatchObject({ durationMs: 5_000, cause: { kind: 'timeout', afterMs: 5_000 } });
  expect(finished.get('mart')).toMatchObject({ attempts: 0 });
  expect(Object.keys(finished.get('mart')!)).not.toContain('durationMs');
});

test('the last line has the status, the exit code and the paths of the results', () => {
  const run = fakeRun({ tasks: { odds: {} } });
  run.exit('odds', 1);
  expect(linesOf(reportRun(jsonReporter, run)).at(-1)).toEqual({
    at: '2026-01-05T12:00:00.000Z',
    run: '20260105_120000_test',
    type: 'run.reported',
    verdict: 'task-failed',
    exitCode: 1,
    degraded: 0,
    checks: { pass: 0, warn: 0, fail: 0, error: 0 },
    files: {
      result: '/project/logs/etl/parallel_run_x.json',
      consistency: '/project/logs/etl/consistency_x.json',
      performance: '/project/logs/etl/performance/execution_x.json',
      journal: '/project/logs/etl/runs/x/journal.jsonl',
      directory: '/project/logs/etl/runs/x',
    },
  });
});

test('output of a task is kept unchanged, and still harmless on a terminal', () => {
  const message = 'evil \x1b[31m\x9b31m\u202e\u2028\x7f';
  const run = fakeRun({ tasks: { odds: {} } });
  run.report('odds', { message });
  const written = reportRun(jsonReporter, run);
  expect(written).not.toMatch(dangerous);
  expect(linesOf(written).find(({ type }) => type === 'task.progressed')?.['report']).toEqual({ message });
});

test('the time left is a line of its own, every ten seconds and when something is known of it', () => {
  const run = fakeRun({ tasks: { odds: {} } });
  let written = '';
  let left: TimeLeft | undefined;
  const reporter = jsonReporter({ ...scene({}, (text) => (written += text)), timeLeft: () => left });
  const tick = (ms: number) => reporter.onTick((run.now() + ms) as EpochMs, run.state());
  tick(5_000);
  left = { ms: 12_345.6 };
  tick(10_000);
  left = { ms: 7_000, lowMs: 5_000.2, highMs: 9_000 };
  tick(15_000);
  tick(20_000);
  expect(linesOf(written)).toEqual([
    { at: '2026-01-05T12:00:10.000Z', run: '20260105_120000_test', type: 'run.time-left', ms: 12_346 },
    {
      at: '2026-01-05T12:00:20.000Z',
      run: '20260105_120000_test',
      type: 'run.time-left',
      ms: 7_000,
      lowMs: 5_000,
      highMs: 9_000,
    },
  ]);
});

test('the end of an attempt that was told late is a time as well', () => {
  const run = resumedRun(fakeRun({ tasks: { a: {}, b: { retry: { retries: 1 } } } }), { runsElsewhere: true });
  const endedAt = (noon + 6_000) as EpochMs;
  run.exit('a', 0, { endedAt });
  run.exit('b', 1, { endedAt });
  const lines = linesOf(reportRun(jsonReporter, run)).filter((line) => line['endedAt'] !== undefined);
  expect(lines).toMatchObject([
    { type: 'task.finished', task: 'a', endedAt: '2026-01-05T12:00:06.000Z' },
    { type: 'task.backing-off', task: 'b', endedAt: '2026-01-05T12:00:06.000Z' },
  ]);
});
