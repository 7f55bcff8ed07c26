import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let directory = '';
let project = '';
let installed = '';

/** What `npm install etl-tui` does, without a network: the packed files, read-only, and the program's name. */
beforeAll(async () => {
  database = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'etl-tui-installed-'));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], { encoding: 'utf8' }),
  );
  project = join(directory, 'a project');
  installed = join(project, 'node_modules/etl-tui');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(directory, packed.filename), '-C', installed, '--strip-components=1']);
  mkdirSync(join(project, 'node_modules/.bin'));
  symlinkSync('../etl-tui/dist/cli/main.js', join(project, 'node_modules/.bin/etl-tui'));
  chmodSync(join(installed, 'dist/cli/main.js'), 0o755);
  for (const path of ['', ...contents()])
    chmodSync(join(installed, path), statSync(join(installed, path)).mode & 0o555);
});
afterAll(async () => {
  for (const path of ['', ...contents()]) chmodSync(join(installed, path), 0o700);
  rmSync(directory, { recursive: true, force: true });
  await database.close();
});

function contents(): readonly string[] {
  return (readdirSync(installed, { recursive: true }) as string[]).sort();
}

test('the bundled pipeline runs from an installed package and writes only into the project', async () => {
  const before = contents();
  const { status, stdout } = spawnSync(
    join(project, 'node_modules/.bin/etl-tui'),
    ['run', 'node_modules/etl-tui/etl/config/pipeline_dag.yaml', '--ci', '-p', 'seasons=2023'],
    {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: database.url, ETL_SOURCE: 'sample', ETL_SAMPLE_SCALE: 'small' },
    },
  );
  expect([status, stdout]).toEqual([0, expect.stringContaining('nfl-refresh succeeded')]);
  expect(contents()).toEqual(before);
  expect(readdirSync(project).sort()).toEqual(['.etl-tui', 'data', 'handoffs', 'logs', 'node_modules']);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS features FROM asof_features');
  await client.end();
  expect(rows).toEqual([{ features: 50 }]);
});
