import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';

/** Columns that say when, not what. */
const STAMPS = ['loaded_at', 'fetched_at', 'applied_at'];
/** What the tables were made from: it names transactions, which are others each time. */
const LEDGER = 'public.etl_loads';

/**
 * The NFL refresh in a project of its own below the system's temporary directory, with its own database. The programs
 * are copied, so that a build meanwhile does no harm. `env` is added to what every program gets.
 */
export function openRefreshProject({ seasons, env: extra = {} }) {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-refresh-'));
  cpSync(resolve('dist'), join(directory, 'dist'), { recursive: true });
  for (const name of ['etl', 'node_modules', 'package.json']) symlinkSync(resolve(name), join(directory, name));
  const program = join(directory, 'dist/cli/main.js');
  const { DATABASE_URL: _, ...inherited } = process.env;
  const env = { ...inherited, ...extra };

  function etl(...args) {
    const options = { cwd: directory, encoding: 'utf8', env, maxBuffer: 1 << 28 };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
    if (status !== 0) throw new Error(`etl-tui ${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  function refresh(...options) {
    etl('run', 'etl/config/pipeline_dag.yaml', '--ci', '-p', `seasons=${seasons}`, ...options);
    const logs = join(directory, 'logs/etl');
    const newest = readdirSync(logs)
      .filter((name) => name.startsWith('parallel_run_'))
      .sort()
      .at(-1);
    const result = JSON.parse(readFileSync(join(logs, newest), 'utf8'));
    const record = join(logs, 'performance', `execution_${result.run_id}.json`);
    return { ...result, performance: JSON.parse(readFileSync(record, 'utf8')) };
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

  etl('db', 'start');
  return {
    directory,
    env,
    etl,
    withClient,
    /** Runs the pipeline; the result is what it wrote, its performance record included. */
    refresh,
    empty: () =>
      withClient((client) =>
        client.query('DROP SCHEMA IF EXISTS mart CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
      ),
    hashTables: () => withClient(hashTables),
    close: () => {
      spawnSync(process.execPath, [program, 'db', 'stop'], { cwd: directory, env });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A hash of all rows of each table, but for the columns that say when a row was loaded, and the ledger. */
async function hashTables(client) {
  const { rows: columns } = await client.query(
    `SELECT n.nspname || '.' || c.relname AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('public', 'mart') AND a.attnum > 0 AND NOT a.attisdropped
     AND a.attname <> ALL ($1) GROUP BY 1 ORDER BY 1`,
    [STAMPS],
  );
  const hashes = {};
  for (const { name, columns: names } of columns) {
    if (name === LEDGER) continue;
    const row = `ROW(${names.map((column) => `"${column}"`).join(', ')})::text`;
    const { rows } = await client.query(`SELECT ${row} AS row FROM ${name} ORDER BY 1`);
    const hash = createHash('sha256');
    for (const { row: text } of rows) hash.update(`${text}\n`);
    hashes[name] = `${rows.length} rows ${hash.digest('hex').slice(0, 12)}`;
  }
  return hashes;
}

/** The most memory that a process has held so far, in MB; undefined where there is no /proc, or no process. */
export function peakMemoryMb(pid) {
  try {
    const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}
