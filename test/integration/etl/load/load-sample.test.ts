import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadGames } from '../../../../etl/load/load-games.ts';
import { loadPlays } from '../../../../etl/load/load-plays.ts';
import { loadRosters } from '../../../../etl/load/load-rosters.ts';
import { loadStadiums } from '../../../../etl/load/load-stadiums.ts';
import { startTask } from '../odds/task-process.ts';
import { openTestLoads, type TestLoads } from './test-loads.ts';

let loading: TestLoads;
let sample: Record<string, string>;
const LOADS = { games: loadGames, plays: loadPlays, rosters: loadRosters, stadiums: loadStadiums } as const;
const TABLES = Object.keys(LOADS) as (keyof typeof LOADS)[];

beforeAll(async () => {
  loading = await openTestLoads();
  sample = await loading.sample();
  for (const table of TABLES) await loading.run(LOADS[table], sample);
});
afterAll(() => loading.close());

async function untilSomebodyWaits(): Promise<void> {
  const waiting = `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE NOT l.granted AND a.datname = current_database()`;
  while ((await loading.client.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a second load of the same files changes no row, not even when forced', async () => {
  for (const table of TABLES) {
    const before = await loading.contents(table, { stamps: true });
    for (const reload of ['false', 'true']) {
      const { report } = await loading.run(LOADS[table], sample, { ETL_PARAM_RELOAD: reload });
      expect([table, reload, report.rows_changed]).toEqual([table, reload, 0]);
      expect(report.rows).toBeGreaterThan(0);
      expect([table, await loading.contents(table, { stamps: true })]).toEqual([table, before]);
    }
  }
});

test('an unchanged file is not read again, but rows changed by hand are corrected', async () => {
  const before = await loading.contents('plays');
  const again = await loading.run(loadPlays, sample);
  expect(again.log).toContain('the file has not changed');
  const [play] = await loading.rows<{ game_id: string; play_id: number }>(
    'UPDATE plays SET epa = 99 WHERE ctid = (SELECT min(ctid) FROM plays WHERE season = 2023) RETURNING game_id, play_id',
  );
  expect(await loading.contents('plays')).not.toBe(before);
  const repaired = await loading.run(loadPlays, sample);
  expect(repaired.report.rows_changed).toBe(1);
  expect(await loading.contents('plays')).toBe(before);
  await loading.client.query('DELETE FROM plays WHERE game_id = $1', [play?.game_id]);
  await loading.run(loadPlays, sample);
  expect(await loading.contents('plays')).toBe(before);
});

test('one connection or several load the same rows', async () => {
  const seasons = { ETL_PARAM_SEASONS: '2022-2023' };
  await loading.run(loadPlays, sample, seasons);
  const before = await loading.contents('plays');
  await loading.client.query('TRUNCATE plays, etl_loads CASCADE');
  const { report } = await loading.run(loadPlays, sample, { ...seasons, ETL_CONNECTIONS: '3' });
  expect(report).toMatchObject({ progress: 1, rows_changed: report.rows });
  expect(await loading.contents('plays')).toBe(before);
  await loading.client.query('DELETE FROM plays WHERE season = 2022');
});

test('a season that fails leaves those before it loaded, and is loaded alone when the task is run again', async () => {
  await loading.client.query(`DELETE FROM plays; DELETE FROM etl_loads;
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no plays of 2023'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON plays FOR EACH ROW WHEN (NEW.season = 2023) EXECUTE FUNCTION refuse()`);
  const inOrder = { ETL_PARAM_SEASONS: '2022-2023', ETL_REQUESTS_AT_ONCE: '1' };
  await expect(loading.run(loadPlays, sample, inOrder)).rejects.toThrow('no plays of 2023');
  const loaded = await loading.rows('SELECT DISTINCT season, xmin::text FROM plays');
  expect(loaded).toEqual([{ season: 2022, xmin: expect.any(String) }]);

  await loading.client.query('DROP TRIGGER refuse ON plays; DROP FUNCTION refuse');
  const { report } = await loading.run(loadPlays, sample, inOrder);
  expect(report.message).toMatch(/^2 seasons, 1 of 2 files unchanged/);
  expect(await loading.rows('SELECT DISTINCT season, xmin::text FROM plays WHERE season = 2022')).toEqual(loaded);
  await loading.client.query('DELETE FROM plays WHERE season = 2022');
});

test('seasons load in parallel on as many connections as the task declares, and no more', async () => {
  const threeSeasons = await loading.sample({ firstSeason: 2021 });
  const name = 'within-its-budget';
  const env = { ETL_PARAM_SEASONS: '2021-2023', ETL_CONNECTIONS: '2', PGAPPNAME: name };
  const counts = new Set<number>();
  const look = async () => {
    const open = await loading.rows(
      'SELECT FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
      [name],
    );
    counts.add(open.length);
  };
  let loaded = false;
  const load = loading.run(loadPlays, threeSeasons, env).finally(() => {
    loaded = true;
  });
  while (!loaded) await look();
  expect((await load).report.message).toMatch(/^3 seasons/);
  expect(Math.max(...counts)).toBe(2);
  await loading.client.query('DELETE FROM plays WHERE season < 2023');
});

test('tasks that load the same table at once wait for each other, and nothing is duplicated', async () => {
  const before = await loading.contents('games');
  await loading.client.query('TRUNCATE games, etl_loads CASCADE');
  const loads = await Promise.all([1, 2, 3].map(() => loading.run(loadGames, sample, { ETL_PARAM_RELOAD: 'true' })));
  expect(loads.map(({ report }) => report.rows_changed).sort()).toEqual([0, 0, loads[0]?.report.rows]);
  expect(await loading.contents('games')).toBe(before);
});

test.each(['while it waits for the table', 'with all rows written'])(
  'killed %s and run again, the table is the same',
  async (when) => {
    const before = await loading.contents('plays');
    await loading.client.query('TRUNCATE plays, etl_loads CASCADE');
    const env = { ...sample, DATABASE_URL: loading.databaseUrl, ETL_PARAM_SEASONS: '2023' };
    const cwd = join(loading.directory, `killed ${when}`.replaceAll(' ', '-'));
    await mkdir(cwd);

    // Whoever holds a table keeps the task where it is to be killed: before its first row, or after its last one.
    await loading.client.query('BEGIN');
    if (when.includes('waits')) {
      await loading.client.query("SELECT pg_advisory_xact_lock(hashtextextended('etl-tui load plays', 0))");
    } else await loading.client.query('LOCK TABLE etl_loads IN EXCLUSIVE MODE');
    const task = startTask('nflverse-pbp', { cwd, env });
    const waiting = `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE NOT l.granted AND a.datname = current_database()`;
    while ((await loading.client.query(waiting)).rowCount === 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    task.process.kill('SIGKILL');
    await task.ended;
    await loading.client.query('COMMIT');
    expect(await loading.rows('SELECT FROM plays')).toHaveLength(0);

    expect(await startTask('nflverse-pbp', { cwd, env }).ended).toMatchObject({ code: 0 });
    expect(await loading.contents('plays')).toBe(before);
  },
);

test('a terminated load ends at once and leaves the table unchanged', async () => {
  const before = await loading.contents('games');
  const env = { ...sample, DATABASE_URL: loading.databaseUrl, ETL_PARAM_SEASONS: '2023', ETL_PARAM_RELOAD: 'true' };
  await loading.client.query('BEGIN');
  await loading.client.query("SELECT pg_advisory_xact_lock(hashtextextended('etl-tui load games', 0))");
  const task = startTask('nflverse-schedules', { cwd: loading.directory, env });
  await untilSomebodyWaits();
  task.process.kill('SIGTERM');
  expect(await task.ended).toMatchObject({ code: 143, output: expect.stringContaining('stopped by SIGTERM') });
  await loading.client.query('COMMIT');
  expect(await loading.contents('games')).toBe(before);
});

test('corrections are applied, also those that remove values', async () => {
  const corrected = await loading.sample({ corrections: 1 });
  const games = await loading.run(loadGames, corrected);
  expect(games.report.rows_changed).toBe(2);
  const plays = await loading.run(loadPlays, corrected);
  // One play has lost its posteam, and one is gone.
  expect(plays.report.rows_changed).toBe(2);
  const lost = await loading.rows(
    "SELECT defteam, epa FROM plays WHERE posteam IS NULL AND play_type <> 'no_play' AND play_type IS NOT NULL",
  );
  expect(lost).toEqual([{ defteam: null, epa: 0 }]);
});
