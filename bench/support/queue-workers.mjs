import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';

/** A project with a PostgreSQL of its own, which has a queue; `close` removes all of it. Needs a build. */
export async function openQueueBench(name) {
  const directory = mkdtempSync(join(tmpdir(), `etl-tui-${name}-`));
  // A build during the measurement changes nothing.
  cpSync('dist', join(directory, 'dist'), { recursive: true });
  cpSync('package.json', join(directory, 'package.json'));
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
  const program = join(directory, 'dist/cli/main.js');
  const plain = { ...process.env, DATABASE_URL: undefined, LANG: 'C.UTF-8' };
  const call = (env, ...args) => execFileSync(process.execPath, [program, ...args], { cwd: directory, env }).toString();
  call(plain, 'db', 'start');
  const url = call(plain, 'db', 'url').trim();
  const env = { ...plain, ETL_TUI_QUEUE: url };
  call(env, 'db', 'migrate');
  const [pid = ''] = readFileSync(join(directory, '.etl-tui/db/pg18/postmaster.pid'), 'utf8').split('\n');
  const server = Number(pid);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const workers = new Set();
  return {
    directory,
    program,
    env,
    client,
    /** What all processes of the server have used, in seconds. */
    serverCpu: () => cpuSeconds(server),
    /** Writes a pipeline of these lines under `tasks`. */
    write: (file, tasks) => {
      const head = ['version: 1', `name: ${file.replace('.yaml', '')}`, 'limits: { cpu: 1, memory: 1 }', 'tasks:'];
      writeFileSync(join(directory, file), `${[...head, ...tasks].join('\n')}\n`);
    },
    /** Calls the program; what it prints. */
    call: (...args) => call(env, ...args),
    /** Runs a pipeline to its end; its events. */
    run: (file, ...options) => {
      call(env, 'run', file, '--ci', ...options);
      const runs = join(directory, 'logs/etl/runs');
      const path = join(runs, readdirSync(runs).sort().at(-1), 'journal.jsonl');
      return readFileSync(path, 'utf8').trimEnd().split('\n').map(JSON.parse);
    },
    /** Starts so many workers, and waits until the queue knows them. */
    startWorkers: async (count, slots) => {
      const started = Array.from({ length: count }, () => {
        const worker = `w${workers.size + 1}`;
        const log = openSync(join(directory, `${worker}.log`), 'a');
        const args = ['worker', '--name', worker, '--slots', String(slots), '--root', directory];
        const child = spawn(process.execPath, [program, ...args], { cwd: directory, env, stdio: ['ignore', log, log] });
        workers.add(child);
        child.once('exit', (code, signal) => {
          if (code === 0) return;
          console.error(
            `${worker} ended: ${signal ?? code}\n${readFileSync(join(directory, `${worker}.log`), 'utf8')}`,
          );
        });
        return child;
      });
      await until(async () => (await liveWorkers(client)) === workers.size);
      return started;
    },
    stopWorkers: () => stop(workers),
    close: async () => {
      await stop(workers);
      await client.end();
      call(plain, 'db', 'stop');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function liveWorkers(client) {
  const { rows } = await client.query('SELECT count(*)::int AS count FROM etl_queue.etl_worker WHERE NOT dead');
  return rows[0].count;
}

async function stop(workers) {
  const isOver = ({ exitCode, signalCode }) => exitCode !== null || signalCode !== null;
  const ended = [...workers].map((child) => (isOver(child) ? undefined : once(child, 'exit')));
  for (const child of workers) child.kill('SIGTERM');
  await Promise.all(ended);
  workers.clear();
}

export async function until(isSo, everyMs = 20) {
  const deadline = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${isSo}`);
    await pause(everyMs);
  }
}

export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** The value below which so much (0 to 1) of the others are. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * Of a process and all below it that live, in seconds; what has ended counts for its parent.
 * @param of `own`: without what lives below it
 */
export function cpuSeconds(pid, of = 'all') {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ');
        // In ticks, of which Linux has a hundred a second; with those of children that have ended.
        const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        return [{ pid: Number(name), parent: Number(fields[1]), seconds: ticks / 100 }];
      } catch {
        return [];
      }
    });
  const family = new Set([pid]);
  for (let size = 0; of === 'all' && size < family.size; ) {
    size = family.size;
    for (const one of stats) if (family.has(one.parent)) family.add(one.pid);
  }
  return stats.filter((one) => family.has(one.pid)).reduce((sum, { seconds }) => sum + seconds, 0);
}

export function round(value, digits = 2) {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
