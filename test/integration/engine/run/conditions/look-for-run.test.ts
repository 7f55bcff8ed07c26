import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookForRun } from '../../../../../src/engine/run/conditions/look-for-run.ts';

const pipeline = 'version: 1\nname: copy\nparams: { day: {} }\ntasks: { a: { command: x }, b: { command: x } }\n';

type Recorded = { readonly status?: string; readonly day?: string; readonly tasks?: readonly string[] };

/** A project with the records of some runs, the oldest first. */
function projectWith(...runs: readonly Recorded[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-other-'));
  writeFileSync(join(directory, 'pipeline.yaml'), pipeline);
  mkdirSync(join(directory, 'logs/etl/performance'), { recursive: true });
  for (const [at, run] of runs.entries()) record(directory, at, run);
  return directory;
}

function record(directory: string, at: number, { status = 'success', day = 'monday', tasks = ['a', 'b'] }: Recorded) {
  const run_id = `20260105_12000${at}_test`;
  const content = { run_id, pipeline: 'copy', status, params: { day }, results: tasks.map((task) => ({ task })) };
  writeFileSync(join(directory, `logs/etl/performance/execution_${run_id}.json`), JSON.stringify(content));
}

const monday = { day: 'monday' };

test('a run with the same values that has succeeded is found by the file and by the directory of its project', async () => {
  const project = projectWith({ status: 'failed' }, { day: 'sunday' }, {});
  expect(await lookForRun({ path: project, params: monday })()).toBe(true);
  expect(await lookForRun({ path: join(project, 'pipeline.yaml'), params: monday })()).toBe(true);
  expect(await lookForRun({ path: project, params: { day: 'tuesday' } })()).toBe(false);
});

test('a run that failed and succeeded when it was resumed is found then', async () => {
  const project = projectWith({ status: 'failed' });
  const look = lookForRun({ path: project, params: monday });
  expect(await look()).toBe(false);
  record(project, 0, {});
  expect(await look()).toBe(true);
});

test('a run of some of the tasks does not count, and instances of a task count as the task', async () => {
  expect(await lookForRun({ path: projectWith({ tasks: ['a'] }), params: monday })()).toBe(false);
  const instances = ['a', 'b[season=2023]', 'b[season=2024]'];
  expect(await lookForRun({ path: projectWith({ tasks: instances }), params: monday })()).toBe(true);
});

test('the values of secret parameters are never the same', async () => {
  expect(await lookForRun({ path: projectWith({ day: '***' }), params: { day: '***' } })()).toBe(false);
});

test('what is not there is not found', async () => {
  expect(await lookForRun({ path: '/nowhere/at/all', params: monday })()).toBe(false);
});
