import { describe, expect, it } from 'vitest';
import { performanceRecord } from '../../../../../src/engine/results/files/performance-record.ts';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';

const output = {
  tail: () => ({ stdout: 'x'.repeat(1000), stderr: 'e' }),
  logPath: () => '/logs/1.log',
};

function recordOf(run: FakeRun) {
  return performanceRecord(run.state(), run.events, output, run.now());
}

describe('the performance record of a run', () => {
  it('has the duration of the run, its critical path, and how many tasks ran at once', () => {
    // a 2 s, b 3 s at the same time; then c 4 s behind a, while d 1 s stands alone from the start.
    const run = fakeRun({ tasks: { a: {}, b: {}, c: { after: ['a'] }, d: {} } });
    run.pass(1000);
    run.exit('d');
    run.pass(1000);
    run.exit('a');
    run.pass(1000);
    run.exit('b');
    run.pass(3000);
    run.exit('c');
    expect(recordOf(run)).toMatchObject({
      run_id: '20260105_120000_test',
      status: 'success',
      total_duration_seconds: 6,
      completed_at: '2026-01-05T12:00:06.000Z',
      sequential: false,
      max_parallel: 8,
      task_seconds: 10,
      active_seconds: 6,
      speedup: 1.667,
      critical_path_seconds: 6,
      peak_running: 3,
      results: [
        { task: 'a', duration_seconds: 2, attempt_seconds: 2, attempts: 1, status: 'success', error: null },
        { task: 'b', duration_seconds: 3 },
        { task: 'c', duration_seconds: 4 },
        { task: 'd', duration_seconds: 1 },
      ],
    });
  });

  it('separates the last attempt from the whole, delays included', () => {
    const run = fakeRun({ tasks: { flaky: { retry: { retries: 1, initialMs: 10_000, jitter: false } } } });
    run.pass(2000);
    run.exit('flaky', 1);
    run.fire('retry', 'flaky');
    run.pass(3000);
    run.report('flaky', { rows: 5 });
    run.exit('flaky');
    const record = recordOf(run);
    expect(record).toMatchObject({ task_seconds: 5, critical_path_seconds: 15, peak_running: 1 });
    expect(record.results).toMatchObject([{ attempts: 2, duration_seconds: 15, attempt_seconds: 3, rows: 5 }]);
  });

  it('leaves waiting for an operator and for retries out of the speed-up', () => {
    const run = fakeRun({ tasks: { a: {}, flaky: { retry: { retries: 1, initialMs: 10_000, jitter: false } } } });
    run.pass(2000);
    run.exit('a');
    run.exit('flaky', 1);
    run.pause();
    run.fire('retry', 'flaky');
    run.pass(60_000);
    run.resume();
    run.pass(2000);
    run.exit('flaky');
    expect(recordOf(run)).toMatchObject({
      total_duration_seconds: 74,
      task_seconds: 6,
      active_seconds: 4,
      speedup: 1.5,
    });
  });

  it('has no speed-up when only one task ran', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.pass(2000);
    run.exit('a', 1);
    expect(recordOf(run)).not.toHaveProperty('speedup');
  });

  it('counts tasks behind a gate as downstream of the tasks that the gate waits for', () => {
    const run = fakeRun({
      tasks: { load: {}, stage: { after: ['load'] }, quick: {}, publish: { after: ['quick', 'load'] } },
      checks: { sane: { after: ['stage'], gate: true } },
    });
    const seconds: Record<string, number> = { load: 1, stage: 5, quick: 1, publish: 2 };
    while (run.running().length > 0) {
      for (const task of run.running()) {
        run.pass(seconds[task]! * 1000);
        run.exit(task);
      }
      if (run.checkOf('sane').kind === 'running') run.answer('sane');
    }
    expect(recordOf(run).status).toBe('success');
    expect(recordOf(run).critical_path_seconds).toBeGreaterThanOrEqual(6);
  });

  it('is small: it keeps 200 characters of output for each stream, and no paths', () => {
    const run = fakeRun({ tasks: { a: {} } });
    run.exit('a', 1);
    expect(recordOf(run).results).toEqual([
      expect.objectContaining({ stdout: 'x'.repeat(200), stderr: 'e', error: 'exit code 1' }),
    ]);
    expect(JSON.stringify(recordOf(run))).not.toContain('/logs');
  });

  it('is zero for tasks that never ran', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } } });
    run.exit('a', 1);
    expect(recordOf(run).results[1]).toMatchObject({
      status: 'upstream_failed',
      attempts: 0,
      attempt_seconds: 0,
      stdout: '',
    });
  });
});
