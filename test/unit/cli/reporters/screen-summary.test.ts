import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../../src/cli/exit-code.ts';
import { screenSummary } from '../../../../src/cli/reporters/screen-summary.ts';
import type { CheckVerdict } from '../../../../src/engine/model/run/check-result.ts';
import { exitVerdict } from '../../../../src/engine/results/causes/exit-verdict.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import { scene } from './report-run.ts';

const files = {
  result: '/project/logs/etl/parallel_run_x.json',
  consistency: '/project/logs/etl/consistency_x.json',
  performance: '/project/logs/etl/performance/execution_x.json',
  directory: '/project/logs/etl/runs/x',
  journal: '/project/logs/etl/runs/x/journal.jsonl',
};

function summaryOf(run: FakeRun, output: Readonly<Record<string, string>> = {}): readonly string[] {
  const state = run.state();
  const verdict = exitVerdict(state);
  return screenSummary(
    { state, verdict, slas: [], regressions: [], exitCode: exitCodeOf(verdict), files },
    scene({ output }, () => {}),
  );
}

function checked(answers: Readonly<Record<string, CheckVerdict>>): FakeRun {
  const checks = Object.fromEntries(Object.keys(answers).map((name) => [name, {}]));
  const run = fakeRun({ tasks: { plays: {} }, checks });
  run.exit('plays');
  for (const [check, verdict] of Object.entries(answers)) run.answer(check, verdict);
  return run;
}

test('names each check that failed or had an error, and counts warnings', () => {
  const lines = summaryOf(checked({ orphans: 'fail', fresh: 'warn', unique: 'fail', lost: 'error', whole: 'pass' }));
  expect(lines.slice(0, 5)).toEqual([
    '≠ orphans: fail',
    '≠ unique: fail',
    '? lost: error',
    '',
    expect.stringContaining('sketch failed'),
  ]);
  expect(lines.find((line) => line.startsWith('  checks'))).toContain('1 passed, 1 warned, 2 failed, 1 error');
});

test('counts the checks that were not run, beside those that were', () => {
  const tasks = { games: {}, plays: {} };
  const run = fakeRun({ tasks, checks: { unique: { after: ['games'] }, orphans: { after: ['plays'] } } });
  run.exit('games');
  run.answer('unique', 'pass');
  run.exit('plays', 1);
  expect(summaryOf(run).find((line) => line.startsWith('  checks'))).toContain('1 passed, 1 not run');
});

test('mentions warnings and degraded tasks after a success', () => {
  const fallback = { command: { kind: 'shell', script: 'true' }, note: 'of yesterday' } as const;
  const run = fakeRun({ tasks: { odds: { fallback } }, checks: { fresh: {} } });
  run.exit('odds', 1);
  run.exit('odds');
  run.answer('fresh', 'warn');
  expect(summaryOf(run)[0]).toBe('✓ sketch succeeded in 0.0s, with 1 warning and 1 degraded task');
});

test('is at most twenty lines, and names the first failed tasks and checks', () => {
  const many = Array.from({ length: 30 }, (_, at) => `t${at}`);
  const checks = Object.fromEntries(many.map((name) => [`check_${name}`, {}]));
  const run = fakeRun({ tasks: Object.fromEntries(many.map((name) => [name, {}])), checks }, { maxParallel: 99 });
  for (const name of many) run.exit(name, 1);
  for (const name of many) run.answer(`check_${name}`, 'fail');
  const lines = summaryOf(run, Object.fromEntries(many.map((name) => [name, 'line\n'.repeat(30)])));
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines[0]).toContain('t0');
  expect(lines.some((line) => line.includes('check_t0'))).toBe(true);
  expect(lines.filter((line) => /^ {2}and \d+ more/.test(line))).toHaveLength(2);
});
