// Kills the tasks of the NFL refresh with SIGKILL at random moments of their work, runs each again, and compares all
// tables and the file of features with those of an undisturbed run. Small sample data.
// Usage: node bench/kill-tasks.mjs [kills in all] [seed]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from './support/random.mjs';
import { openRefreshProject } from './support/refresh-project.mjs';

const kills = Number(process.argv[2] ?? 50);
const random = randomFrom(Number(process.argv[3] ?? 1));
const FEATURES = 'data/processed/features/asof_team_features.csv';

/** In an order that the pipeline could choose; `of` are the tables that a task fills, `downstream` what depends on them. */
const DERIVED = ['epa-aggregation', 'play-classification', 'asof-features', 'materialized-views'];
const TASKS = {
  'nflverse-schedules': { of: ['games'], downstream: ['odds-history', 'weather-fetch', ...DERIVED] },
  'nflverse-players': { of: ['rosters'], downstream: [] },
  'stadium-reference': { of: ['stadiums'], downstream: [] },
  'nflverse-pbp': { of: ['plays'], downstream: DERIVED },
  'odds-history': { of: ['odds_history', 'odds_snapshots'], downstream: ['asof-features'] },
  'weather-fetch': { of: ['weather'], downstream: ['materialized-views'] },
  'epa-aggregation': { of: ['team_game_epa'], downstream: ['asof-features', 'materialized-views'] },
  'play-classification': { of: ['play_class'], downstream: [] },
  'asof-features': { of: ['asof_features'], downstream: [] },
  'materialized-views': { of: [], downstream: [] },
};

const project = openRefreshProject({ env: { ETL_SAMPLE_SCALE: 'small' } });
const databaseUrl = project.etl('db', 'url').trim();
const found = Object.fromEntries(Object.keys(TASKS).map((task) => [task, { kills: 0, 'too late': 0, differences: 0 }]));
const seconds = {};

try {
  for (const task of Object.keys(TASKS)) seconds[task] = await runWhole(task);
  const undisturbed = await everything();
  for (let attempt = 0; sum('kills') < kills; attempt++) {
    const task = Object.keys(TASKS)[attempt % 10];
    const anew = await prepare(task, Math.floor(attempt / 10) % 3);
    const midway = await runKilled(task, random() * seconds[task], anew);
    await runWhole(task);
    for (const further of TASKS[task].downstream) await runWhole(further);
    const now = await everything();
    const differing = Object.keys(undisturbed).filter((name) => now[name] !== undisturbed[name]);
    found[task][midway ? 'kills' : 'too late']++;
    found[task].differences += differing.length;
    if (differing.length > 0) console.log(`after attempt ${attempt + 1}, at ${task}: ${differing.join(', ')} differ`);
  }
  console.table(found);
  console.log(`${sum('kills')} kills, ${sum('too late')} more came too late; ${sum('differences')} tables differ`);
  process.exitCode = sum('differences') === 0 ? 0 : 1;
} finally {
  project.close();
}

function sum(key) {
  return Object.values(found).reduce((total, one) => total + one[key], 0);
}

/** Gives the task something to do: an empty table and no file at hand, a table to be loaded anew, or both by turns. */
async function prepare(task, way) {
  const { of } = TASKS[task];
  if (way !== 1) {
    await project.withClient(async (client) => {
      if (of.length > 0) await client.query(`TRUNCATE ${of.join(', ')} CASCADE`);
      else await client.query('REFRESH MATERIALIZED VIEW mart.game_summary WITH NO DATA');
    });
  }
  if (way === 2) rmSync(join(project.directory, '.etl-tui/downloads'), { recursive: true, force: true });
  // Once more from the beginning: files are made, fetched and loaded.
  if (way === 0) rmSync(join(project.directory, '.etl-tui/sample'), { recursive: true, force: true });
  return { ETL_PARAM_RELOAD: String(way === 1) };
}

async function runWhole(task) {
  const started = performance.now();
  const { code, output } = await start(task).ended;
  if (code !== 0) throw new Error(`${task}: exit code ${code}\n${output}`);
  return (performance.now() - started) / 1000;
}

/** Whether the task was killed before it had ended. */
async function runKilled(task, afterSeconds, env) {
  const { child, ended } = start(task, env);
  const timer = setTimeout(() => child.kill('SIGKILL'), afterSeconds * 1000);
  const { signal } = await ended;
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

function start(task, env = {}) {
  const child = spawn(process.execPath, [join(project.directory, 'dist/etl/tasks', `${task}.js`)], {
    cwd: project.directory,
    env: { ...project.env, DATABASE_URL: databaseUrl, ETL_PARAM_SEASONS: '2022-2023', ETL_CONNECTIONS: '2', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output })));
  return { child, ended };
}

async function everything() {
  const features = createHash('sha256').update(readFileSync(join(project.directory, FEATURES)));
  return { ...(await project.hashTables()), [FEATURES]: features.digest('hex') };
}
