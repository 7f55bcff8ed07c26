import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSampleSettings } from '../../../../etl/sample/server/sample-settings.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';
import { startTask } from '../odds/task-process.ts';

let database: TestDatabase;
let cwd = '';
beforeAll(async () => {
  database = await createTestDatabase();
  cwd = await mkdtemp(join(tmpdir(), 'etl-sample-settings-'));
});
afterAll(async () => {
  await database.close();
  await rm(cwd, { recursive: true, force: true });
});

/** Runs a task on the small sample, as it is without any address set. */
function run(program: string, env: Readonly<Record<string, string>> = {}) {
  const report = join(cwd, 'report.jsonl');
  return startTask(program, {
    cwd,
    env: { DATABASE_URL: database.url, ETL_SAMPLE_SCALE: 'small', ETL_TASK_REPORT: report, ...env },
  }).ended;
}

test('by default the sample has all clubs, hardly any latency, no other limits and no faults', () => {
  expect(readSampleSettings({})).toEqual({ scale: 'full', rates: { latencyMs: 20 }, faults: [] });
});

test('bandwidth, latencies and the rate limit of the odds are set by variables', () => {
  const env = {
    ETL_SAMPLE_KB_PER_SECOND: '3000',
    ETL_SAMPLE_ODDS_LATENCY_MS: '400',
    ETL_SAMPLE_WEATHER_LATENCY_MS: '250',
    ETL_SAMPLE_ODDS_PER_SECOND: '30',
  };
  expect(readSampleSettings(env).rates).toEqual({
    latencyMs: 20,
    oddsLatencyMs: 400,
    weatherLatencyMs: 250,
    bytesPerSecond: 3_000_000,
    oddsPerSecond: 30,
  });
});

test('faults and latency of the sample sources are set by variables, and the task recovers from them', async () => {
  const faults = '503:schedules:1:0, truncated:schedules';
  const { code, output } = await run('nflverse-schedules', { ETL_SAMPLE_FAULTS: faults, ETL_SAMPLE_LATENCY_MS: '1' });
  expect(output).toContain('the server failed (503)');
  expect(output).toMatch(/the body was truncated/);
  expect(code).toBe(0);
});

test('every line and the final message say that the data is a sample', async () => {
  const { output } = await run('nflverse-players');
  for (const line of output.trim().split('\n')) expect(line).toMatch(/^sample data: /);
  const said = (await readFile(join(cwd, 'report.jsonl'), 'utf8')).trim().split('\n');
  expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({
    message: 'sample data: 2 seasons',
  });
});

test.each([
  ['ETL_SAMPLE_FAULTS', 'banana:pbp', 'WHAT:PATH'],
  ['ETL_SAMPLE_LATENCY_MS', 'slow', 'milliseconds'],
  ['ETL_SAMPLE_KB_PER_SECOND', '3MB', 'kilobytes'],
  ['ETL_SAMPLE_SCALE', 'medium', '"full" or "small"'],
])('an invalid %s is named', async (name, value, advice) => {
  const { code, output } = await run('nflverse-schedules', { [name]: value });
  expect([code, output]).toEqual([2, expect.stringContaining(value)]);
  expect(output).toContain(advice);
});
