import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OddsFixture, openOddsFixture, scheduleThreeDays, snapshotFor } from './odds-fixture.ts';
import { readReport, startTask } from './task-process.ts';

const KEY = 'sk-very-secret';
let odds: OddsFixture;
let directory = '';
beforeAll(async () => {
  odds = await openOddsFixture();
});
afterAll(() => odds.close());
beforeEach(async () => {
  await odds.reset();
  await scheduleThreeDays(odds);
  directory = await mkdtemp(join(tmpdir(), 'etl-odds-task-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Starts the task as the pipeline does, for the season 2022. */
function start(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  return startTask('odds-history', {
    cwd: directory,
    args,
    env: {
      DATABASE_URL: odds.databaseUrl,
      ODDS_API_BASE_URL: odds.serverUrl(),
      ODDS_API_KEY: KEY,
      ETL_PARAM_SEASONS: '2022',
      ETL_TASK_REPORT: join(directory, 'report.jsonl'),
      ...env,
    },
  });
}

const report = () => readReport(join(directory, 'report.jsonl'));
const table = () => odds.rows('SELECT * FROM odds_history ORDER BY 1, 2, 3, 4, 5');

test('it loads the odds, reports rows and quota, and a second run changes nothing and requests nothing', async () => {
  await odds.serve((url) => snapshotFor(url));
  expect(await start().ended).toMatchObject({ code: 0 });
  expect(report()).toMatchObject({ rows: 96, rows_changed: 96, quota_remaining: 5000, progress: 1 });
  const before = await table();
  await rm(join(directory, 'report.jsonl'));
  expect(await start().ended).toMatchObject({ code: 0 });
  expect(report()).toMatchObject({ rows: 96, rows_changed: 0 });
  expect(await table()).toEqual(before);
  expect(odds.asked()).toHaveLength(3);
});

test('killed half-way and run again, the table is the same and no stored day is requested twice', async () => {
  await odds.serve((url) => snapshotFor(url));
  expect(await start().ended).toMatchObject({ code: 0 });
  const whole = await table();

  await odds.reset();
  await scheduleThreeDays(odds);
  await rm(join(directory, '.etl-tui'), { recursive: true });
  const never = new Promise<void>(() => {});
  await odds.serve((url, nth) => (nth === 1 ? snapshotFor(url) : { ...snapshotFor(url), after: never }));
  const killed = start();
  await odds.until(async () => odds.asked().length === 2 && (await table()).length > 0);
  killed.process.kill('SIGKILL');
  expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' });
  const first = odds.asked()[0];
  await odds.serve((url) => snapshotFor(url));
  expect(await start().ended).toMatchObject({ code: 0 });
  expect(odds.asked()).toHaveLength(2);
  expect(odds.asked()).not.toContain(first);
  expect(await table()).toEqual(whole);
});

test('a rate limit too long to wait for is reported for the next attempt', async () => {
  await odds.serve(() => ({ status: 429, headers: { 'retry-after': '600' } }));
  const { code, output } = await start().ended;
  expect(code).toBe(1);
  expect(report()).toMatchObject({ retry_after_seconds: 600 });
  expect(output).toContain('429');
  expect(output).not.toContain(KEY);
});

test('a refused key exits with 2, says what to do and is never printed', async () => {
  await odds.serve(() => ({ status: 401, body: { message: `${KEY} is not valid`, error_code: 'INVALID_KEY' } }));
  const { code, output } = await start().ended;
  expect(code).toBe(2);
  expect(output).toContain('check ODDS_API_KEY');
  expect(output).not.toContain(KEY);
});

test('no file of the task holds the key', async () => {
  await odds.serve((url) => snapshotFor(url));
  await start().ended;
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files).toHaveLength(4);
  for (const file of files) {
    const bytes = await readFile(file);
    expect(`${file} ${file.endsWith('.gz') ? gunzipSync(bytes) : bytes}`).not.toContain(KEY);
  }
});

test('without a key it fails with advice, and the fallback --from-cache loads what is stored', async () => {
  await odds.serve((url) => snapshotFor(url));
  const failed = await start({ ODDS_API_KEY: '' }).ended;
  expect(failed).toMatchObject({ code: 2, output: expect.stringContaining('ODDS_API_KEY is not set') });
  const fallback = await start({ ODDS_API_KEY: '' }, ['--from-cache']).ended;
  expect(fallback).toMatchObject({ code: 0, output: expect.stringContaining('odds of 0 of 3 game days') });
  expect(odds.asked()).toHaveLength(0);
});

test('the credit limit is a parameter or an option, and an invalid one is reported', async () => {
  await odds.serve((url) => snapshotFor(url));
  expect(await start({ ETL_PARAM_MAX_CREDITS: '30' }).ended).toMatchObject({ code: 0 });
  expect(odds.asked()).toHaveLength(1);
  expect(report()['message']).toContain('1 of 3 game days');
  expect(await start({}, ['--max-credits', '30']).ended).toMatchObject({ code: 0 });
  expect(odds.asked()).toHaveLength(2);
  expect(await start({}, ['--max-credits', 'lots']).ended).toMatchObject({
    code: 2,
    output: expect.stringContaining('"lots"'),
  });
  expect(await start({}, ['--form-cache']).ended).toMatchObject({
    code: 2,
    output: expect.stringContaining('--from-cache'),
  });
});
