import { expect, test } from 'vitest';
import { runProgress } from '../../../../src/ui/status/run-progress.ts';
import { fakeRun } from '../../../support/fake-run.ts';

const tasks = { a: {}, b: {}, c: { after: ['a'] }, d: { after: ['c'] } };
const nothing: ReadonlyMap<string, number> = new Map();

test('without history every task counts the same, a running one by what it reports', () => {
  const run = fakeRun({ tasks });
  expect(runProgress(run.state(), nothing, run.now())).toBe(0);
  run.exit('a');
  expect(runProgress(run.state(), nothing, run.now())).toBe(0.25);
  run.report('b', { progress: 0.5 });
  expect(runProgress(run.state(), nothing, run.now())).toBe(0.375);
});

test('with history a task counts by its usual duration, one without by the mean of the others', () => {
  const usual = new Map([
    ['a', 60_000],
    ['b', 20_000],
    ['c', 10_000],
  ]);
  const run = fakeRun({ tasks });
  run.exit('a');
  expect(runProgress(run.state(), usual, run.now())).toBeCloseTo(60 / 120);
  run.pass(10_000);
  expect(runProgress(run.state(), usual, run.now())).toBeCloseTo((60 + 10 + 9.5) / 120);
});

test('a task that takes longer than usual is not taken for done, and what was not run is', () => {
  const run = fakeRun({ tasks });
  run.pass(60_000);
  expect(runProgress(run.state(), new Map([['a', 1_000]]), run.now())).toBeLessThan(0.5);
  run.exit('a', 1);
  run.exit('b');
  expect(runProgress(run.state(), nothing, run.now())).toBe(1);
});
