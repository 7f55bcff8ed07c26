// Six seasons of sample data through every task: rows a second, the most memory and the most connections of each; and
// for play-by-play the time of a bare COPY of the same files in the same run: unzipped and piped into a temporary table
// of text columns, one file after the other, with nothing typed, checked or kept.
// Usage: node bench/load-plays.mjs [seasons]
import { spawn } from 'node:child_process';
import { createReadStream, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { from as copyFrom } from 'pg-copy-streams';
import { openRefreshProject, peakMemoryMb } from './support/refresh-project.mjs';

const seasons = process.argv[2] ?? '2018-2023';
const TASKS =
  'nflverse-schedules nflverse-players stadium-reference nflverse-pbp odds-history weather-fetch epa-aggregation play-classification asof-features materialized-views'.split(
    ' ',
  );
const LOOK_EVERY_MS = 40;

const project = openRefreshProject({ seasons });
try {
  const url = project.etl('db', 'url').trim();
  await project.withClient(async (watcher) => {
    const run = (task) => runTask(task, url, watcher);
    // The first run also makes the sample files, which is not what is to be measured.
    console.log('making the sample files …');
    for (const task of TASKS) await run(task);
    await project.empty();
    rmSync(join(project.directory, '.etl-tui/downloads'), { recursive: true });

    const rows = {};
    for (const task of TASKS) rows[task] = await run(task);
    await watcher.query('TRUNCATE plays CASCADE');
    rows['nflverse-pbp, files at hand'] = await run('nflverse-pbp');
    rows['nflverse-pbp, nothing new'] = await run('nflverse-pbp');
    const bare = await bareCopy(watcher);
    rows[`bare COPY of ${bare.files} files`] = bare;
    console.table(
      Object.fromEntries(
        Object.entries(rows).map(([name, one]) => [
          name,
          {
            seconds: Number(one.seconds.toFixed(2)),
            rows: one.rows,
            'rows/s': one.rows === undefined ? undefined : Math.round(one.rows / one.seconds),
            'peak MB': one.peakMb === undefined ? undefined : Math.round(one.peakMb),
            connections: one.connections,
          },
        ]),
      ),
    );
    const ratio = rows['nflverse-pbp, files at hand'].seconds / bare.seconds;
    console.log(`play-by-play takes ${ratio.toFixed(2)} times as long as a bare COPY of its files`);
  });
} finally {
  project.close();
}

/** Runs a task by itself, looking at its memory and its connections every now and then. */
async function runTask(task, url, watcher) {
  const report = join(project.directory, `${task}.report`);
  rmSync(report, { force: true });
  const started = performance.now();
  const child = spawn(process.execPath, [join(project.directory, 'dist/etl/tasks', `${task}.js`)], {
    cwd: project.directory,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...project.env,
      DATABASE_URL: url,
      PGAPPNAME: task,
      ETL_TASK_REPORT: report,
      ETL_PARAM_SEASONS: seasons,
      ETL_CONNECTIONS: task === 'nflverse-pbp' ? '2' : '1',
    },
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let code;
  void ended.then((status) => {
    code = status ?? -1;
  });
  let peakMb;
  let connections = 0;
  while (code === undefined) {
    peakMb = peakMemoryMb(child.pid) ?? peakMb;
    const { rows } = await watcher.query(
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1',
      [task],
    );
    connections = Math.max(connections, rows[0].n);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))]);
  }
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${task}: exit code ${code}`);
  const said = readFileSync(report, 'utf8').trim().split('\n').map(JSON.parse);
  return { seconds, peakMb, connections, rows: Object.assign({}, ...said).rows };
}

async function bareCopy(client) {
  const sample = join(project.directory, '.etl-tui/sample');
  const names = readdirSync(sample, { recursive: true }).filter((name) => /play_by_play_\d{4}\.csv\.gz$/.test(name));
  let rows = 0;
  let seconds = 0;
  for (const name of names.sort()) {
    const path = join(sample, name);
    const [header] = gunzipSync(readFileSync(path)).toString('utf8').split('\n', 1);
    const columns = header.split(',').map((column) => `"${column}" text`);
    await client.query(`CREATE TEMP TABLE bare (${columns.join(', ')})`);
    const started = performance.now();
    const copy = client.query(copyFrom('COPY bare FROM STDIN (FORMAT csv, HEADER true)'));
    await pipeline(createReadStream(path), createGunzip(), copy);
    seconds += (performance.now() - started) / 1000;
    rows += copy.rowCount;
    await client.query('DROP TABLE bare');
  }
  return { files: names.length, rows, seconds, connections: 1 };
}
