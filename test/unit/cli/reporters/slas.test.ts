import { describe, expect, test } from 'vitest';
import { githubReporter } from '../../../../src/cli/reporters/github/github-reporter.ts';
import { jsonReporter } from '../../../../src/cli/reporters/json-reporter.ts';
import { plainReporter } from '../../../../src/cli/reporters/plain-reporter.ts';
import { screenSummary } from '../../../../src/cli/reporters/screen-summary.ts';
import type { SlaJudgement } from '../../../../src/engine/index.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { reportRun, scene } from './report-run.ts';

function sla(name: string, status: SlaJudgement['status'], message: string = status): SlaJudgement {
  return { sla: name, status, measured: 1, limit: 2, unit: 'seconds', message };
}

const judged = [
  sla('run', 'missed', 'took 22m00s, limit 20m'),
  sla('levels.load', 'met'),
  sla('cpu', 'not-measured', 'the run was too short to measure'),
];

function endedRun(onMiss: 'warn' | 'fail' = 'warn') {
  const run = fakeRun({ tasks: { a: {} }, slas: { runMs: 1, onMiss } });
  run.exit('a');
  return run;
}

describe('the SLAs of a run', () => {
  test('that were not met are at the end of the log, and counted where success is told', () => {
    const log = reportRun(plainReporter, endedRun(), { slas: judged });
    expect(log).toContain(
      '\nSLAs\n  ! run missed: took 22m00s, limit 20m\n  ? cpu not measured: the run was too short to measure\n',
    );
    expect(log).toContain('✓ sketch succeeded in 0.0s, with 1 missed SLA\n');
    expect(log).toContain('  SLAs    1 met, 1 missed, 1 not measured\n');
  });

  test('make the run fail with 1 where the pipeline says so', () => {
    const log = reportRun(plainReporter, endedRun('fail'), { slas: judged });
    expect(log).toContain('  ✗ run missed: took 22m00s, limit 20m\n');
    expect(log).toContain('✗ sketch succeeded in 0.0s, but missed an SLA\n');
    const last = JSON.parse(reportRun(jsonReporter, endedRun('fail'), { slas: judged }).trim().split('\n').at(-1)!);
    expect(last).toMatchObject({ type: 'run.reported', verdict: 'sla-missed', exitCode: 1, slas: judged });
  });

  test('are in what stays on the terminal when the screen is left', () => {
    const run = endedRun();
    const context = scene({}, () => {});
    const end = {
      state: run.state(),
      verdict: 'success',
      exitCode: 0,
      slas: judged,
      regressions: [],
      files: {},
    } as const;
    const lines = screenSummary({ ...end, files: { journal: 'j', directory: 'd' } }, context);
    expect(lines).toContain('  SLAs    1 met, 1 missed, 1 not measured');
  });

  test.each([
    ['plain', plainReporter],
    ['github', githubReporter],
  ])('are told once when they are at risk, and once when they are missed, in a %s log', (_, create) => {
    const { log, tick } = live(create);
    tick([sla('run', 'open')]);
    tick([sla('run', 'at-risk', 'may take 22m00s, limit 20m')]);
    tick([sla('run', 'at-risk')]);
    tick([sla('run', 'open')]);
    tick([sla('run', 'at-risk')]);
    tick([sla('run', 'missed', 'has taken 20m05s so far, limit 20m')]);
    tick([sla('run', 'missed')]);
    expect(log().match(/.*SLA.*\n/g)).toEqual([
      '00:00  ! SLA run at risk: may take 22m00s, limit 20m\n',
      '00:00  ! SLA run missed: has taken 20m05s so far, limit 20m\n',
    ]);
  });

  test('are lines of their own in the log for programs', () => {
    const { log, tick } = live(jsonReporter);
    tick([sla('run', 'at-risk', 'may take 22m00s, limit 20m'), sla('cpu', 'met')]);
    tick([sla('run', 'at-risk')]);
    expect(
      log()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: 'run.started' },
      { type: 'task.ready' },
      { type: 'task.started' },
      {
        at: '2026-01-05T12:00:00.000Z',
        run: '20260105_120000_test',
        type: 'run.sla',
        sla: 'run',
        status: 'at-risk',
        measured: 1,
        limit: 2,
        unit: 'seconds',
        message: 'may take 22m00s, limit 20m',
      },
    ]);
  });
});

/** A reporter of a run that goes on; each tick finds its SLAs in another state. */
function live(create: typeof plainReporter) {
  const run = fakeRun({ tasks: { a: {} } });
  let text = '';
  let now: readonly SlaJudgement[] = [];
  const reporter = create({ ...scene({}, (written) => (text += written)), slas: () => now });
  for (const event of run.events) reporter.report(event, run.state());
  return {
    log: () => text,
    tick: (slas: readonly SlaJudgement[]) => {
      now = slas;
      reporter.onTick(run.now(), run.state());
    },
  };
}
