// Loads a directory of real files with the bundled tasks and prints our figures beside the expected ones.
//   DATABASE_URL=… node bench/compare-figures.mjs DIRECTORY
// The directory has nflverse/{schedules,pbp,rosters}, odds/historical_YYYY and expected.json; the role of DATABASE_URL
// must be allowed to create databases: each play-by-play file is loaded into one of its own.
import { execFile } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGunzip, gunzipSync } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const directory = process.argv[2];
if (directory === undefined || process.env.DATABASE_URL === undefined) {
  console.error('usage: DATABASE_URL=… node bench/compare-figures.mjs DIRECTORY');
  process.exit(2);
}
const tasks = join(dirname(fileURLToPath(import.meta.url)), '../dist/etl/tasks');
const expected = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'));
let failures = 0;

async function compare(file, season, figures) {
  console.log(`\n${file}`);
  const name = `compare_figures_${process.pid}_${season}`;
  const admin = await connect(process.env.DATABASE_URL);
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(process.env.DATABASE_URL);
  url.pathname = `/${name}`;
  const server = await serve(file, season);
  const project = mkdtempSync(join(tmpdir(), 'compare-figures-'));
  const base = `http://127.0.0.1:${server.address().port}`;
  const env = {
    ...process.env,
    DATABASE_URL: url.href,
    NFLVERSE_BASE_URL: `${base}/nflverse`,
    ODDS_API_BASE_URL: base,
    ODDS_API_KEY: 'none-needed',
    ETL_PARAM_SEASONS: String(season),
  };
  const run = async (task) => {
    const started = performance.now();
    await promisify(execFile)(process.execPath, [join(tasks, `${task}.js`)], { env, cwd: project });
    return (performance.now() - started) / 1000;
  };
  const client = await connect(url.href);
  try {
    await run('nflverse-schedules');
    const seconds = await run('nflverse-pbp');
    await run('epa-aggregation');
    await run('play-classification');
    const bare = await bareCopy(client, join(directory, 'nflverse/pbp', file));
    console.log(
      `  loaded in ${seconds.toFixed(2)} s, program start included; a bare COPY of all its columns takes ${bare.toFixed(2)} s`,
    );
    for (const [figure, sql] of Object.entries(FIGURES))
      tell(figure, await number(client, sql, season), figures[figure]);
    await tellTeams(client, season, figures.team_offence);
    const { games, [`rosters_${season}`]: rosters, [`odds_${season}`]: odds } = expected;
    tell(
      'games',
      await number(client, 'SELECT count(*) FROM games WHERE season = $1', season),
      games.per_season[season],
    );
    if (rosters !== undefined) {
      await run('nflverse-players');
      tell('roster rows', await number(client, 'SELECT count(*) FROM rosters WHERE season = $1', season), rosters.rows);
    }
    if (odds !== undefined) {
      await run('odds-history');
      tell(
        'odds outcomes',
        await number(client, 'SELECT count(*) FROM odds_history WHERE $1 > 0', season),
        odds.outcome_rows,
      );
      tell('odds events without a game', await number(client, ODDS_ORPHANS, season), odds.orphan_events);
    }
  } finally {
    await client.end();
    server.close();
    server.closeAllConnections();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
    rmSync(project, { recursive: true });
  }
}

const SCRIMMAGE = '(pass OR rush) AND epa IS NOT NULL AND posteam IS NOT NULL';

/** Named as in expected.json; $1 is the season. */
const FIGURES = {
  rows: 'SELECT count(*) FROM plays WHERE season = $1',
  distinct_game_play: 'SELECT count(DISTINCT (game_id, play_id)) FROM plays WHERE season = $1',
  games: 'SELECT count(DISTINCT game_id) FROM plays WHERE season = $1',
  orphan_plays: 'SELECT count(*) FROM plays WHERE season = $1 AND game_id NOT IN (SELECT game_id FROM games)',
  null_epa: 'SELECT count(*) FROM plays WHERE season = $1 AND epa IS NULL',
  sum_epa_all_rows: 'SELECT sum(epa) FROM plays WHERE season = $1',
  scrimmage_plays: `SELECT count(*) FROM plays WHERE season = $1 AND ${SCRIMMAGE}`,
  sum_epa_scrimmage: 'SELECT sum(epa_sum) FROM team_game_epa WHERE season = $1',
  team_games: 'SELECT count(*) FROM team_game_epa WHERE season = $1',
};

const ODDS_ORPHANS = 'SELECT count(DISTINCT event_id) FROM odds_history WHERE game_id IS NULL AND $1 > 0';

for (const [file, figures] of Object.entries(expected)) {
  const season = /^play_by_play_(\d{4}).*\.csv\.gz$/.exec(file)?.[1];
  if (season !== undefined) await compare(file, Number(season), figures);
}
process.exit(failures === 0 ? 0 : 1);

async function tellTeams(client, season, teams) {
  const { rows } = await client.query(
    `SELECT team, sum(plays)::int AS plays, sum(epa_sum) AS epa_sum, sum(epa_sum) / sum(plays) AS epa_per_play,
       sum(success_rate * plays) / sum(plays) AS success_rate
     FROM team_game_epa WHERE season = $1 GROUP BY team`,
    [season],
  );
  let worst = 0;
  let wrong = 0;
  for (const [team, figures] of Object.entries(teams)) {
    const ours = rows.find((row) => row.team === team) ?? {};
    for (const [figure, value] of Object.entries(figures)) {
      const off = Math.abs(Number(ours[figure]) - value);
      worst = Math.max(worst, off);
      if (!(off <= 1e-3)) wrong++;
    }
  }
  tell(
    `of ${rows.length} teams (${Object.keys(teams).length}), figures that differ; largest difference ${worst.toExponential(1)}`,
    wrong,
    0,
  );
}

function tell(figure, ours, theirs) {
  const agrees = theirs !== undefined && Math.abs(ours - theirs) <= 1e-3;
  if (!agrees) failures++;
  console.log(`  ${agrees ? 'ok  ' : 'BAD '} ${figure}: ${ours}, expected ${theirs}`);
}

async function number(client, sql, season) {
  const { rows } = await client.query(sql, [season]);
  return Number(Object.values(rows[0])[0]);
}

/** What PostgreSQL itself needs for the file, with nothing checked, typed or kept. */
async function bareCopy(client, path) {
  const [header] = gunzipSync(readFileSync(path)).toString('utf8').split('\n', 1);
  await client.query(
    `CREATE TEMP TABLE bare (${header
      .split(',')
      .map((column) => `"${column}" text`)
      .join(', ')})`,
  );
  const started = performance.now();
  const copy = client.query(copyFrom('COPY bare FROM STDIN (FORMAT csv, HEADER true)'));
  await pipeline(createReadStream(path), createGunzip(), copy);
  return (performance.now() - started) / 1000;
}

async function connect(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** The directory under the live paths; `file` stands in for its season's play-by-play. */
async function serve(file, season) {
  const stored = (path) => {
    const whole = join(directory, path);
    if (existsSync(whole)) return readFileSync(whole);
    return existsSync(`${whole}.gz`) ? gunzipSync(readFileSync(`${whole}.gz`)) : undefined;
  };
  const odds = join(directory, `odds/historical_${season}`);
  const snapshots = existsSync(odds) ? readdirSync(odds).sort() : [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://loopback');
    const date = (searchParams.get('date') ?? '').replace(/[-:]/g, '');
    const latest = snapshots.filter((name) => name.slice(0, 16) <= date).at(-1);
    const body = pathname.startsWith('/v4/historical/')
      ? latest && gunzipSync(readFileSync(join(odds, latest)))
      : stored(pathname.replace(`pbp/play_by_play_${season}.csv.gz`, `pbp/${file}`));
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
