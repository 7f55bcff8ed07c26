import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OddsFixture, openOddsFixture, scheduleThreeDays } from './odds-fixture.ts';

let odds: OddsFixture;
let directory = '';
beforeAll(async () => {
  odds = await openOddsFixture();
  await odds.reset();
  await scheduleThreeDays(odds);
  directory = await mkdtemp(join(tmpdir(), 'etl-odds-pipeline-'));
  for (const name of ['dist', 'etl', 'package.json']) await symlink(resolve(name), join(directory, name));
});
afterAll(async () => {
  await odds.close();
  await rm(directory, { recursive: true, force: true });
});

test('without a key the pipeline says what to do, does not retry, and continues with the stored odds', () => {
  const { ODDS_API_KEY: _, ...env } = process.env;
  const args = 'run etl/config/pipeline_dag.yaml --ci --only odds_history --no-checks -p seasons=2022'.split(' ');
  const { status, stdout } = spawnSync(process.execPath, [join(directory, 'dist/cli/main.js'), ...args], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...env, DATABASE_URL: odds.databaseUrl, ETL_SOURCE: 'live' },
  });
  expect([status, stdout]).toEqual([0, expect.stringContaining('only odds that were fetched before')]);
  expect(stdout).toContain('degraded');
  expect(stdout.match(/attempt \d of \d failed/g)).toEqual(['attempt 1 of 3 failed']);
});
