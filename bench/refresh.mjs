// The NFL refresh on sample data in a project of its own: parallel, once more with nothing new, sequential; the time of
// each task, and whether the tables are the same afterwards. Usage: node bench/refresh.mjs [seasons]

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';

const seasons = process.argv[2] ?? '2023-2024';
const program = resolve('dist/cli/main.js');
const project = mkdtempSync(join(tmpdir(), 'etl-tui-refresh-'));
for (const name of ['dist', 'etl', 'package.json']) symlinkSync(resolve(name), join(project, name));

try {
  etl('db', 'start');
  // The first run also makes the sample files, which is not what is to be measured.
  console.log('making the sample files …');
  refresh();
  await empty();
  const parallel = refresh();
  const parallelTables = await hashTables();
  const again = refresh();
  await empty();
  const sequential = refresh('--sequential');
  const sequentialTables = await hashTables();

  console.table(
    Object.fromEntries(
      parallel.results.map(({ task, duration_seconds }, index) => [
        task,
        {
          'parallel s': duration_seconds,
          'sequential s': sequential.results[index].duration_seconds,
          'again s': again.results[index].duration_seconds,
          rows: again.results[index].rows,
          'rows changed again': again.results[index].rows_changed,
        },
      ]),
    ),
  );
  console.table({
    parallel: { 'wall s': parallel.total_duration_seconds, status: parallel.status },
    sequential: { 'wall s': sequential.total_duration_seconds, status: sequential.status },
    'again, nothing new': { 'wall s': again.total_duration_seconds, status: again.status },
  });
  console.table(
    Object.fromEntries(
      Object.entries(parallelTables).map(([table, hash]) => [
        table,
        { parallel: hash, sequential: sequentialTables[table], same: hash === sequentialTables[table] },
      ]),
    ),
  );
} finally {
  spawnSync(process.execPath, [program, 'db', 'stop'], { cwd: project, env: environment() });
  rmSync(project, { recursive: true, force: true });
}

function environment() {
  const { DATABASE_URL: _, ...env } = process.env;
  return env;
}

function etl(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: project,
    encoding: 'utf8',
    env: environment(),
  });
  if (status !== 0) throw new Error(`etl-tui ${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

function refresh(...options) {
  etl('run', 'etl/config/pipeline_dag.yaml', '--ci', '-p', `seasons=${seasons}`, ...options);
  const logs = join(project, 'logs/etl');
  const newest = readdirSync(logs)
    .filter((name) => name.startsWith('parallel_run_'))
    .sort()
    .at(-1);
  return JSON.parse(readFileSync(join(logs, newest), 'utf8'));
}

async function empty() {
  await withClient((client) =>
    client.query('DROP SCHEMA IF EXISTS mart CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
  );
}

/** A hash of all rows of each table, but for the columns that say when a row was loaded. */
async function hashTables() {
  return withClient(async (client) => {
    const { rows: columns } = await client.query(
      `SELECT n.nspname || '.' || c.relname AS name, array_agg(a.attname ORDER BY a.attname) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('public', 'mart') AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attname NOT IN ('loaded_at', 'fetched_at') GROUP BY 1 ORDER BY 1`,
    );
    const hashes = {};
    for (const { name, columns: names } of columns) {
      const row = `ROW(${names.map((column) => `"${column}"`).join(', ')})::text`;
      const { rows } = await client.query(`SELECT ${row} AS row FROM ${name} ORDER BY 1`);
      const hash = createHash('sha256');
      for (const { row: text } of rows) hash.update(`${text}\n`);
      hashes[name] = `${rows.length} rows ${hash.digest('hex').slice(0, 12)}`;
    }
    return hashes;
  });
}

async function withClient(work) {
  const client = new pg.Client({ connectionString: etl('db', 'url').trim() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
