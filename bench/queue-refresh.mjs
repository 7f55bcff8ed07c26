// The NFL refresh on the queue with one, two and three workers beside the same run on the local executor: seconds, which
// host took how many tasks, and whether the tables are the same. Usage: node bench/queue-refresh.mjs [seasons]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openRefreshProject } from './support/refresh-project.mjs';

const seasons = process.argv[2] ?? '2019-2024';
const project = openRefreshProject({ seasons });
const { refresh, empty, hashTables, etl, directory } = project;
project.env.ETL_TUI_QUEUE = etl('db', 'url').trim();
const rows = {};

try {
  etl('db', 'migrate');
  console.log('making the sample files …');
  refresh();
  await empty();
  rows.local = describe(refresh());
  const expected = await hashTables();
  for (const count of [1, 2, 3]) {
    const workers = Array.from({ length: count }, (_, index) => startWorker(`w${index + 1}`));
    await Promise.all(workers.map(({ ready }) => ready));
    await empty();
    const row = describe(refresh('--executor', 'queue'));
    for (const { child } of workers) child.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));
    const tables = await hashTables();
    const others = Object.keys(expected).filter((table) => tables[table] !== expected[table]);
    rows[`queue, ${count} ${count === 1 ? 'worker' : 'workers'}`] = {
      ...row,
      'tables that differ': others.length === 0 ? `0 of ${Object.keys(expected).length}` : others.join(', '),
    };
  }
  console.table(rows);
} finally {
  project.close();
}

function startWorker(name) {
  const program = join(directory, 'dist/cli/main.js');
  const args = [program, 'worker', '--name', name, '--slots', '4', '--root', directory];
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...project.env, DATABASE_URL: project.env.ETL_TUI_QUEUE },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, ready: once(child.stdout, 'data'), ended: once(child, 'exit') };
}

function describe({ status, total_duration_seconds, results }) {
  const counts = new Map();
  for (const { host = 'here' } of results) counts.set(host, (counts.get(host) ?? 0) + 1);
  const taken = [...counts].map(([host, count]) => `${host} ${count}`);
  return { status, 'wall s': total_duration_seconds, tasks: results.length, hosts: taken.join(', ') };
}
