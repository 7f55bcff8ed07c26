import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../support/postgres.ts';
import { type FileServer, startFileServer } from './file-server.ts';

let database: TestDatabase;
let client: pg.Client;
let server: FileServer;
let directory = '';
beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), startFileServer()]);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  directory = await mkdtemp(join(tmpdir(), 'etl-seasons-pipeline-'));
  for (const name of ['dist', 'package.json']) await symlink(resolve(name), join(directory, name));
  await mkdir(join(directory, 'etl/config'), { recursive: true });
  const pipeline = await readFile('etl/config/pipeline_dag.yaml', 'utf8');
  await writeFile(join(directory, 'etl/config/pipeline_dag.yaml'), pipeline.replaceAll('retries: 3', 'retries: 0'));
});
afterAll(async () => {
  await client.end();
  await server.close();
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

/** Runs the bundled pipeline, without retries and with no other source than the files that are served. */
async function run(...args: readonly string[]) {
  const { ETL_PARAM_SEASONS: _, ...sources } = server.env;
  const child = spawn(process.execPath, [join(directory, 'dist/cli/main.js'), 'run', '--ci', ...args], {
    cwd: directory,
    env: { ...process.env, ...sources, DATABASE_URL: database.url, ETL_SOURCE: 'live' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
  }
  const code = await new Promise((ended) => child.on('close', ended));
  const succeeded = [...out.matchAll(/✓ (nflverse_pbp\S*) +succeeded/g)].map(([, task]) => task).sort();
  return { code, out, succeeded };
}

/** One play of each season; of a broken one with a week that is no number. */
function serve(seasons: readonly number[], broken?: number) {
  server.put(
    Object.fromEntries(
      seasons.map((season) => [
        `pbp/play_by_play_${season}.csv.gz`,
        `game_id,play_id,week,posteam,defteam,epa,pass,rush\n${season}_01_A_B,1,${season === broken ? 'first' : 1},A,B,0.5,1,0\n`,
      ]),
    ),
  );
}

async function loadedSeasons(): Promise<Readonly<Record<string, string>>> {
  const { rows } = await client.query<{ season: number; xmin: string }>('SELECT season, xmin::text FROM plays');
  return Object.fromEntries(rows.map(({ season, xmin }) => [season, xmin]));
}

const taskOf = (season: number) => `nflverse_pbp[season=${season}]`;

test('a season that fails is resumed alone, and each may be loaded by its name', async () => {
  serve([2021, 2022, 2023], 2022);
  const failed = await run('--only', 'nflverse_pbp', '--no-checks', '-p', 'seasons=2021-2023');
  expect(failed).toMatchObject({ code: 1, succeeded: [taskOf(2021), taskOf(2023)] });
  const before = await loadedSeasons();
  expect(Object.keys(before)).toEqual(['2021', '2023']);

  serve([2021, 2022, 2023]);
  expect(await run('--resume')).toMatchObject({ code: 0, succeeded: [taskOf(2022)] });
  expect(await loadedSeasons()).toEqual({ ...before, 2022: expect.any(String) });

  const alone = await run('--only', taskOf(2023), '--no-checks', '-p', 'seasons=2021-2023', '-p', 'reload=true');
  expect(alone).toMatchObject({ code: 0, succeeded: [taskOf(2023)] });
});

test('a season that is not published yet is said to be so, and does not fail beside one that is', async () => {
  serve([2021]);
  const { code, out, succeeded } = await run('--only', 'nflverse_pbp', '--no-checks', '-p', 'seasons=2021,2098');
  expect([code, succeeded]).toEqual([0, [taskOf(2021), taskOf(2098)]]);
  expect(out).toContain('not published yet: 2098');
});

test('a season that the league did not play is refused before anything starts', async () => {
  const { code, out } = await run('-p', 'seasons=1998-2001');
  expect([code, out]).toEqual([2, expect.stringContaining('parameter "seasons" cannot be "1998"')]);
});
