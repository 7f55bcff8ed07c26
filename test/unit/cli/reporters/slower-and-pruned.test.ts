import { expect, test } from 'vitest';
import { regressionLines } from '../../../../src/cli/reporters/regression-lines.ts';
import { screenSummary } from '../../../../src/cli/reporters/screen-summary.ts';
import { describePruning } from '../../../../src/display/prune-text.ts';
import type { PruneReport, Regression, RunId, TaskId } from '../../../../src/engine/index.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { scene } from './report-run.ts';

const slower: Regression = {
  task: 'plays' as TaskId,
  seconds: 14.2,
  usual_seconds: 10.1,
  change: 0.406,
  compared_runs: 7,
  since: '20260105_070012_k3fq' as RunId,
  slower_runs: 1,
};

const nothing: PruneReport = { deleted: [], freed_bytes: 0, kept: 3, running: [], errors: [] };

function linesOf(regressions: readonly Regression[]): readonly string[] {
  return regressionLines(regressions, 3, scene({}, () => {}).style);
}

test('what has become slower is told with its usual time, since when, and how many rows more there were', () => {
  expect(linesOf([slower])).toEqual(['! plays took 14s, usually 10s (+41 %)']);
  expect(linesOf([{ ...slower, slower_runs: 5, rows: 1400, usual_rows: 1000 }])).toEqual([
    '! plays took 14s, usually 10s (+41 %), in 5 runs since 20260105_070012_k3fq; rows +40 %',
  ]);
  const { task: _, ...whole } = slower;
  expect(linesOf([whole])).toEqual(['! the run took 14s, usually 10s (+41 %)']);
});

test('of many slower tasks the first are told, and the others are counted', () => {
  const lines = linesOf(Array.from({ length: 9 }, () => slower));
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe('  and 7 more slower than usual');
});

test('what stays on the terminal names what was slower and what was pruned, in at most twenty lines', () => {
  const run = fakeRun({ tasks: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t${at}`, {}])) });
  for (const task of run.running()) run.exit(task, 1);
  const end = { state: run.state(), verdict: 'task-failed', exitCode: 1, slas: [] } as const;
  const pruned = { ...nothing, deleted: [{ run_id: slower.since, bytes: 2048 }], freed_bytes: 2048 };
  const regressions = Array.from({ length: 9 }, () => slower);
  const files = { journal: 'j', directory: 'd' };
  const lines = screenSummary(
    { ...end, regressions, pruned, files },
    scene({}, () => {}),
  );
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines).toContain('! plays took 14s, usually 10s (+41 %)');
  expect(lines).toContain('  pruned  1 run deleted, 2 KB freed; 3 runs kept');
  const quiet = screenSummary(
    { ...end, regressions: [], pruned: nothing, files },
    scene({}, () => {}),
  );
  expect(quiet.join('\n')).not.toContain('pruned');
});

test('what was not deleted is told as well', () => {
  const error = { code: 'run/cannot-delete', severity: 'error', message: 'Cannot delete "x"' } as const;
  expect(describePruning({ ...nothing, running: [slower.since], errors: [error] })).toBe(
    'nothing to delete; 3 runs kept; 1 run kept because it is running; 1 run could not be deleted',
  );
});
