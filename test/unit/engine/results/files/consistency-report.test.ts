import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../../../src/engine/model/ids.ts';
import type { CheckResult } from '../../../../../src/engine/model/run/check-result.ts';
import { consistencyReport } from '../../../../../src/engine/results/files/consistency-report.ts';
import { type FakeRun, fakeRun } from '../../../../support/fake-run.ts';

const sketch = {
  tasks: { load: {}, other: {} },
  checks: { orphans: { after: ['load'] }, twice: { after: ['load'] }, fresh: { after: ['other'] } },
};

function answered(verdicts: Readonly<Record<string, CheckResult['verdict']>>): FakeRun {
  const run = fakeRun(sketch);
  run.exit('load');
  run.exit('other');
  for (const [check, verdict] of Object.entries(verdicts)) run.answer(check, verdict);
  return run;
}

describe('the report of the checks', () => {
  it('lists what each check found and measured, in the order of the pipeline, with a summary', () => {
    const run = answered({ twice: 'pass', fresh: 'warn' });
    run.pass(2000);
    const result = {
      check: 'orphans',
      verdict: 'fail',
      summary: '2 rows of plays have no game',
      measured: { rows: 2, sample: ['g1', 'g2'], status: 'a column of that name' },
      durationMs: 12.4,
    } as const;
    run.take({ type: 'checked', result });
    expect(consistencyReport(run.state(), run.now())).toEqual({
      run_id: '20260105_120000_test',
      pipeline: 'sketch',
      status: 'fail',
      completed_at: '2026-01-05T12:00:02.000Z',
      summary: { pass: 1, warn: 1, fail: 1, error: 0, not_run: 0 },
      checks: [
        {
          check: 'orphans',
          status: 'fail',
          message: '2 rows of plays have no game',
          duration_seconds: 0.012,
          rows: 2,
          sample: ['g1', 'g2'],
        },
        { check: 'twice', status: 'pass', message: 'pass', duration_seconds: 0.001 },
        { check: 'fresh', status: 'warn', message: 'warn', duration_seconds: 0.001 },
      ],
      not_run: [],
    });
  });

  it.each([
    [['pass', 'pass', 'pass'], 'pass'],
    [['pass', 'warn', 'pass'], 'warn'],
    [['error', 'warn', 'pass'], 'error'],
    [['error', 'fail', 'pass'], 'fail'],
  ] as const)('of %j has the status %s', ([orphans, twice, fresh], status) => {
    const run = answered({ orphans, twice, fresh });
    expect(consistencyReport(run.state(), run.now()).status).toBe(status);
  });

  it('names the checks that were not run, and why', () => {
    const failing = fakeRun(sketch);
    failing.exit('load');
    failing.answer('orphans');
    failing.exit('other', 1);
    expect(consistencyReport(failing.state(), failing.now())).toMatchObject({
      status: 'pass',
      summary: { pass: 1, not_run: 2 },
      checks: [{ check: 'orphans' }],
      not_run: [
        { check: 'twice', reason: 'the run ended before the result' },
        { check: 'fresh', reason: '"other" failed' },
      ],
    });
    const without = fakeRun(sketch, { runChecks: false });
    for (const task of without.running()) without.exit(task);
    expect(consistencyReport(without.state(), without.now())).toMatchObject({
      status: 'not_run',
      checks: [],
      not_run: Array(3).fill({ reason: 'checks were turned off' }),
    });
  });

  it('says of a check that it judges data that is stale, and a measured value of that name does not pass for it', () => {
    const at = Date.UTC(2026, 0, 4, 8) as EpochMs;
    const tasks = { load: { useLastGood: true as const }, other: {} };
    const run = fakeRun({ ...sketch, tasks }, { lastGood: { load: { at } } });
    run.exit('load', 1);
    run.exit('other');
    run.answer('orphans');
    const measured = { stale: 3 };
    run.take({ type: 'checked', result: { check: 'fresh', verdict: 'pass', summary: 'ok', measured, durationMs: 1 } });
    const [orphans, fresh] = consistencyReport(run.state(), run.now()).checks;
    expect(orphans).toMatchObject({ stale: { since: '2026-01-04T08:00:00.000Z', task: 'load', why: 'earlier_load' } });
    expect(fresh).not.toHaveProperty('stale');
  });
});
