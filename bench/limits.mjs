// What the limits of a run hold: memory, cores beside a foreign program, database connections. For each, the most that was
// used and what failed. Takes about two minutes. Usage: node bench/limits.mjs [memory|cpu|connections ...]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const chosen = process.argv.slice(2);
const program = resolve('dist/cli/main.js');
const pg = resolve('node_modules/pg/lib/index.js');
const gigabyte = 2 ** 30;

const trials = { memory, cpu, connections };
for (const [name, trial] of Object.entries(trials)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(name);
  console.table(trial());
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
        const record = run();
        rows[name] = {
          'most at once': record.peak_running,
          seconds: record.total_duration_seconds,
          failed: failures(record),
        };
      });
    } finally {
      for (const one of foreign) one.kill('SIGKILL');
    }
  }
  return rows;
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
