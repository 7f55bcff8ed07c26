import { describe, expect, it } from 'vitest';
import type { EpochMs, LevelId } from '../../../../../src/engine/model/ids.ts';
import { runResult } from '../../../../../src/engine/results/files/run-result.ts';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';

const output = {
  tail: (task: string, attempt: number) => ({ stdout: `${task} ${attempt} says `.padEnd(4000, '.'), stderr: '' }),
  logPath: (task: string, attempt: number) => `/logs/${task}/${attempt}.log`,
};

function resultOf(run: FakeRun) {
  return runResult(run.state(), output, run.now());
}

function taskOf(run: FakeRun, name: string) {
  return resultOf(run).results.find(({ task }) => task === name);
}

describe('the result of a run', () => {
  it('has the keys that scripts read: what ran, when and how long', () => {
    const run = fakeRun({ tasks: { games: { level: 'level_0' as LevelId }, plays: { after: ['games'] } } });
    run.pass(1500);
    run.report('games', { rows: 10, progress: 0.5 });
    run.report('games', { rows: 272, rowsChanged: 12 });
    run.exit('games');
    run.pass(250);
    run.exit('plays');
    expect(resultOf(run)).toEqual({
      run_id: '20260105_120000_test',
      pipeline: 'sketch',
      plan_hash: run.plan.hash,
      status: 'success',
      verdict: 'success',
      sequential: false,
      max_parallel: 8,
      started_at: '2026-01-05T12:00:00.000Z',
      completed_at: '2026-01-05T12:00:01.750Z',
      total_duration_seconds: 1.75,
      summary: {
        tasks: 2,
        success: 2,
        failed: 0,
        timeout: 0,
        skipped: 0,
        upstream_failed: 0,
        cancelled: 0,
        degraded: 0,
        stale: 0,
        attempts: 2,
      },
      checks: { pass: 0, warn: 0, fail: 0, error: 0, not_run: 0 },
      results: [
        {
          task: 'games',
          status: 'success',
          level: 'level_0',
          duration_seconds: 1.5,
          attempts: 1,
          stdout: expect.stringMatching(/^\.{1000}$/),
          stderr: '',
          error: null,
          started_at: '2026-01-05T12:00:00.000Z',
          completed_at: '2026-01-05T12:00:01.500Z',
          rows: 272,
          rows_changed: 12,
          log: '/logs/games/1.log',
        },
        expect.objectContaining({ task: 'plays', duration_seconds: 0.25 }),
      ],
    });
  });

  it('names for every task how it ended and why', () => {
    const run = fakeRun({
      tasks: {
        good: {},
        bad: {},
        killed: {},
        missing: {},
        slow: { timeoutMs: 5000 },
        forgetful: { outputs: ['out.csv'] },
        unwanted: {},
        below: { after: ['bad'] },
        far_below: { after: ['below'] },
        checked: { after: ['good'] },
      },
      checks: { sane: { after: ['good'], gate: true } },
    });
    run.skip('unwanted');
    run.exit('good');
    run.answer('sane', 'fail');
    run.exit('bad', 3);
    run.exit('killed', { kind: 'signalled', signal: 'SIGKILL' });
    run.exit('missing', { kind: 'not-started', reason: 'usage', message: 'command not found: loadr' });
    run.exit('forgetful', 0, { missingOutput: { path: 'out.csv' } });
    run.fire('timeout', 'slow');
    run.exit('slow', { kind: 'signalled', signal: 'SIGTERM' });
    for (const task of run.running()) run.exit(task, { kind: 'signalled', signal: 'SIGTERM' });
    const { results, status, summary, checks } = resultOf(run);
    expect(Object.fromEntries(results.map(({ task, status, error }) => [task, [status, error]]))).toEqual({
      good: ['success', null],
      bad: ['failed', 'exit code 3'],
      killed: ['failed', 'killed by SIGKILL'],
      missing: ['failed', 'command not found: loadr'],
      slow: ['timeout', 'timed out after 5s'],
      forgetful: ['failed', 'did not write out.csv'],
      unwanted: ['skipped', null],
      below: ['upstream_failed', 'not run: "bad" failed'],
      far_below: ['upstream_failed', 'not run: "bad" failed'],
      checked: ['upstream_failed', 'not run: check sane failed'],
    });
    expect(status).toBe('failed');
    expect(summary).toMatchObject({ tasks: 10, success: 1, failed: 4, timeout: 1, skipped: 1, upstream_failed: 3 });
    expect(checks).toEqual({ pass: 0, warn: 0, fail: 1, error: 0, not_run: 0 });
  });

  it('counts every attempt and the time between them, and keeps the earlier failures of a task that succeeded', () => {
    const run = fakeRun({ tasks: { flaky: { retry: { retries: 2, initialMs: 4000, jitter: false } } } });
    run.pass(1000);
    run.exit('flaky', 7);
    run.fire('retry', 'flaky');
    run.pass(500);
    run.exit('flaky');
    expect(taskOf(run, 'flaky')).toMatchObject({
      status: 'success',
      attempts: 2,
      duration_seconds: 5.5,
      error: null,
      last_failure: 'exit code 7',
      log: '/logs/flaky/2.log',
      stdout: expect.not.stringContaining('flaky'),
    });
  });

  it('notes the use of a fallback', () => {
    const fallback = { command: { kind: 'argv', argv: ['true'] }, note: 'last week’s odds' } as const;
    const run = fakeRun({ tasks: { odds: { fallback } } });
    run.exit('odds', 1);
    run.exit('odds', 0);
    expect(taskOf(run, 'odds')).toMatchObject({ status: 'success', degraded: 'last week’s odds' });
    expect(resultOf(run).summary.degraded).toBe(1);
  });

  it('names the level of the first failure', () => {
    const levels = { first: 'level_0' as LevelId, second: 'level_1' as LevelId };
    const run = fakeRun({ tasks: { a: { level: levels.first }, b: { level: levels.second }, c: {} } });
    run.exit('c', 1);
    run.pass(10);
    run.exit('b', 1);
    run.pass(10);
    run.exit('a', 1);
    expect(resultOf(run).failed_level).toBe('level_1');
  });

  it('of a cancelled run says so, for the tasks too', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.cancel();
    run.exit('a', { kind: 'signalled', signal: 'SIGTERM' });
    const { status, results, failed_level } = resultOf(run);
    expect(status).toBe('cancelled');
    expect(failed_level).toBe(undefined);
    expect(results.map(({ status, error }) => [status, error])).toEqual([
      ['cancelled', 'cancelled: the run was cancelled'],
      ['cancelled', 'not run: the run was cancelled'],
    ]);
  });

  it('of an interrupted run says which state each task was in', () => {
    const run = fakeRun(
      {
        tasks: {
          flaky: { retry: { retries: 1, initialMs: 60_000 } },
          runs: {},
          queued: {},
          checked: {},
          gated: { after: ['checked'] },
          last: { after: ['flaky', 'runs', 'queued', 'checked', 'gated'] },
        },
        checks: { sane: { after: ['checked'], gate: true } },
      },
      { maxParallel: 2 },
    );
    run.exit('flaky', 2);
    const { status, verdict, results, completed_at } = runResult(run.state(), output, (run.now() + 9000) as EpochMs);
    expect([status, verdict, completed_at]).toEqual(['failed', 'task-failed', '2026-01-05T12:00:09.000Z']);
    expect(results.map(({ task, status, error }) => `${task} ${status}: ${error}`)).toEqual([
      'flaky cancelled: exit code 2; attempt 2 did not start',
      'runs cancelled: attempt 1 was running when the run was interrupted',
      'queued cancelled: not started: it waited for its turn',
      'checked cancelled: attempt 1 was running when the run was interrupted',
      'gated cancelled: not started: it waited for checked, check sane',
      'last cancelled: not started: it waited for flaky, runs, queued and 3 more',
    ]);
  });

  it('distinguishes wrong data from failed tasks', () => {
    const run = fakeRun({ tasks: { load: {} }, checks: { sane: { after: ['load'] } } });
    run.exit('load');
    run.answer('sane', 'fail');
    expect(resultOf(run)).toMatchObject({ status: 'failed', verdict: 'check-failed', checks: { fail: 1 } });
  });
});
