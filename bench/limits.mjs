// What the limits of a run hold: memory, cores beside a foreign program, database connections. For each, the most that was
// used and what failed; and a server that allows fewer connections while a run uses them. Takes about three minutes.
// Usage: node bench/limits.mjs [memory|cpu|connections|lowered ...]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pgClient from 'pg';

const chosen = process.argv.slice(2);
const program = resolve('dist/cli/main.js');
const pg = resolve('node_modules/pg/lib/index.js');
const gigabyte = 2 ** 30;

const trials = { memory, cpu, connections, lowered };
for (const [name, trial] of Object.entries(trials)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(name);
  console.table(await trial());
}

/** Eight tasks of 1.5 GB each, and a limit below which two fit beside what is in use. Nothing is started that would not fit twice. */
function memory() {
  const used = totalmem() - freemem();
  if (freemem() < 6 * gigabyte) return [{ skipped: 'less than 6 GB of memory are free' }];
  const limit = (used + 2.4 * 1.5 * gigabyte) / totalmem();
  const hold = `node -e "const all = []; for (let i = 0; i < 12; i++) all.push(Buffer.alloc(128 * 2 ** 20, 1)); setTimeout(() => all.length, 1500)"`;
  const rows = {};
  const declared = project(`limits: { memory: ${limit.toFixed(4)} }`, tasksOf(8, hold, ', memory: 1.6GB'), (run) =>
    run(),
  );
  rows['declared'] = memoryRow(declared, limit);
  project(`limits: { memory: ${limit.toFixed(4)} }`, tasksOf(8, hold), (run) => {
    rows['first run, undeclared'] = memoryRow(run(), limit);
    rows['second run, learned'] = memoryRow(run(), limit);
  });
  return rows;
}

function memoryRow(record, limit) {
  return {
    'limit GB': round((limit * totalmem()) / gigabyte),
    'peak GB': round(record.peak_memory_bytes / gigabyte),
    'most at once': record.peak_running,
    'killed or failed': failures(record),
    seconds: record.total_duration_seconds,
  };
}

/** Twenty tasks that need a core each beside a program that keeps all but a little of the machine busy. */
function cpu() {
  const burn = 'for ((i = 0; i < 300000; i++)); do :; done';
  const rows = {};
  for (const name of ['alone', 'beside two busy loops']) {
    const foreign =
      name === 'alone' ? [] : [1, 2].map(() => spawn('bash', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
    try {
      project('limits: { max_parallel: auto }', tasksOf(20, burn, ', cpu: 1'), (run) => {
        const before = coreSecondsOf(foreign);
        const record = run();
        rows[name] = {
          'most at once': record.peak_running,
          seconds: record.total_duration_seconds,
          failed: failures(record),
          'cores of the others meanwhile': round((coreSecondsOf(foreign) - before) / record.total_duration_seconds),
        };
      });
    } finally {
      for (const one of foreign) one.kill('SIGKILL');
    }
  }
  return rows;
}

/** CPU time that the processes have used, in seconds; the kernel counts in hundredths. */
function coreSecondsOf(processes) {
  return processes.reduce((sum, { pid }) => {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
    return sum + (Number(user) + Number(system)) / 100;
  }, 0);
}

/** Twelve tasks of five connections each where tasks may hold 24 together, as with 80 % of a pool of 30. */
function connections() {
  const connect = `node -e "const { Client } = require('${pg}'); (async () => { const all = Array.from({ length: 5 }, () => new Client(process.env.DATABASE_URL)); for (const c of all) await c.connect(); await all[0].query('SELECT pg_sleep(1.5)'); for (const c of all) await c.end(); })()"`;
  const rows = {};
  const probe = project('', tasksOf(1, 'true', ', connections: 1'), (run) => run());
  const limit = probe.connection_budget / 0.8;
  project(
    `limits: { db_connections: ${(24.5 / limit).toFixed(4)} }`,
    tasksOf(12, connect, ', connections: 5'),
    (run) => {
      for (const name of ['first run', 'second run']) {
        const record = run();
        rows[name] = {
          'may hold': record.connection_budget,
          'most open on the server': record.peak_connections,
          'most tasks at once': record.peak_running,
          failed: failures(record),
          seconds: record.total_duration_seconds,
        };
      }
    },
  );
  return rows;
}

/**
 * Thirty tasks of five connections each. After three seconds the database allows nine in all, ours among them, so that tasks are refused
 * while they open theirs, and after ten more as many as before. No retry of their own: what is refused costs none.
 */
async function lowered() {
  const connect = `node -e "const { Client } = require('${pg}'); (async () => { const all = Array.from({ length: 5 }, () => new Client(process.env.DATABASE_URL)); for (const c of all) await c.connect(); await all[0].query('SELECT pg_sleep(1)'); for (const c of all) await c.end(); })().catch((error) => { console.error(error.message); process.exit(1); })"`;
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-limits-'));
  const tasks = tasksOf(30, connect, ', connections: 5, retries: 0');
  try {
    writeFileSync(join(directory, 'pipeline.yaml'), `version: 1\nname: limits\ntasks:\n${tasks}\n`);
    spawnSync('node', [program, 'db', 'start'], { cwd: directory });
    const url = new URL(spawnSync('node', [program, 'db', 'url'], { cwd: directory, encoding: 'utf8' }).stdout.trim());
    const admin = new pgClient.Client({ connectionString: url.href });
    await admin.connect();
    try {
      const database = url.pathname.slice(1);
      const started = Date.now();
      const run = spawn('node', [program, 'run', '--ci'], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
      const ended = once(run, 'exit');
      await sleep(3_000);
      await admin.query(`ALTER DATABASE ${database} CONNECTION LIMIT 9`);
      const loweredAt = Date.now() - started;
      await sleep(10_000);
      await admin.query(`ALTER DATABASE ${database} CONNECTION LIMIT -1`);
      const raisedAt = Date.now() - started;
      const [exitCode] = await ended;
      const record = newestRecord(directory);
      const steps = stepsOf(directory, record.run_id);
      return {
        'nine connections from then on': {
          'exit code': exitCode,
          succeeded: record.results.filter(({ status }) => status === 'success').length,
          'refused attempts': failures(record),
          'lowered, raised s': `${round(loweredAt / 1000)}, ${round(raisedAt / 1000)}`,
          'allowed at once, from second': steps,
          seconds: record.total_duration_seconds,
        },
      };
    } finally {
      await admin.end();
    }
  } finally {
    spawnSync('node', [program, 'db', 'stop'], { cwd: directory });
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each step of the run down or up, as the number of tasks allowed from that second on. */
function stepsOf(directory, run) {
  const lines = readFileSync(join(directory, 'logs/etl/runs', run, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const events = lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  const start = events.find(({ type }) => type === 'run.started').at;
  return events
    .filter(({ type }) => type === 'run.stepped-down' || type === 'run.stepped-up')
    .map(({ maxParallel, at }) => `${maxParallel} at ${round((at - start) / 1000)}`)
    .join(', ');
}

function tasksOf(count, command, keys = '') {
  return Array.from(
    { length: count },
    (_, index) => `  t${index}: { command: ${JSON.stringify(command)}${keys} }`,
  ).join('\n');
}

function project(limits, tasks, use) {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-limits-'));
  try {
    writeFileSync(join(directory, 'pipeline.yaml'), `version: 1\nname: limits\n${limits}\ntasks:\n${tasks}\n`);
    return use(() => {
      const { status, stderr } = spawnSync('node', [program, 'run', '--ci'], { cwd: directory, encoding: 'utf8' });
      if (status !== 0) console.error(`exit code ${status}: ${stderr.slice(-1000)}`);
      return newestRecord(directory);
    });
  } finally {
    spawnSync('node', [program, 'db', 'stop'], { cwd: directory });
    rmSync(directory, { recursive: true, force: true });
  }
}

function newestRecord(directory) {
  const kept = join(directory, 'logs/etl/performance');
  const records = readdirSync(kept).map((file) => JSON.parse(readFileSync(join(kept, file), 'utf8')));
  return records.sort((a, b) => a.started_at.localeCompare(b.started_at)).at(-1);
}

/** Attempts that did not succeed. */
function failures({ results }) {
  return results.reduce((sum, { attempts, status }) => sum + attempts - Number(status === 'success'), 0);
}

function round(value) {
  return Math.round(value * 100) / 100;
}
