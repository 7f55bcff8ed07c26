import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EpochMs, RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import { openReuseRecords } from '../../../../../src/engine/storage/reuse/reuse-records.ts';
import { freshDirectory } from '../fresh-directory.ts';

const run = '20260105_070000_abcd' as RunId;
const record = (task: string) => ({
  version: 1 as const,
  task: task as TaskId,
  run,
  attempt: 1,
  success: { at: 5 as EpochMs, made: { data: `${run}#1` } },
});

test('the record of a task is found by the next run of its pipeline, and by no other', async () => {
  const project = freshDirectory();
  const records = openReuseRecords(project, 'nightly', {});
  expect(await records.read('load' as TaskId)).toBe(undefined);
  for (const task of ['load', 'load[season=2023]', '..']) expect((await records.write(record(task))).ok).toBe(true);
  const again = openReuseRecords(project, 'nightly', {});
  for (const task of ['load', 'load[season=2023]', '..'])
    expect(await again.read(task as TaskId)).toEqual(record(task));
  expect(await openReuseRecords(project, 'weekly', {}).read('load' as TaskId)).toBe(undefined);
  expect(readdirSync(project)).toEqual(['.etl-tui']);
});

test('nobody but the user of the project can read it', async () => {
  const project = freshDirectory();
  await openReuseRecords(project, 'nightly', {}).write(record('load'));
  const directory = join(project, '.etl-tui/reuse/nightly');
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'load.json')).mode & 0o777).toBe(0o600);
});

test('a record that is damaged, or of a newer version, counts as none', async () => {
  const project = freshDirectory();
  const records = openReuseRecords(project, 'nightly', {});
  await records.write(record('load'));
  const path = join(project, '.etl-tui/reuse/nightly/load.json');
  for (const text of ['', '{"version":1', 'null', JSON.stringify({ ...record('load'), version: 2 })]) {
    writeFileSync(path, text);
    expect(await records.read('load' as TaskId)).toBe(undefined);
  }
});

test('a record that cannot be replaced is given up, so that nobody takes it for the truth', async () => {
  const project = freshDirectory();
  writeFileSync(join(project, '.etl-tui'), 'in the way');
  const written = await openReuseRecords(project, 'nightly', {}).write(record('load'));
  expect(written).toMatchObject({ ok: false, error: { code: 'run/cannot-write' } });
  const other = freshDirectory();
  mkdirSync(join(other, '.etl-tui/reuse/nightly/load.json'), { recursive: true });
  expect((await openReuseRecords(other, 'nightly', {}).write(record('load'))).ok).toBe(false);
});
