// How close `max_parallel: auto` comes to the best fixed number of tasks, for five kinds of work of 60 tasks each: the first
// run, in which nothing is known of the tasks, and the third. The limits hold for the fixed numbers as well.
// Usage: node bench/auto-parallel.mjs [rounds] [cpu|waiting|mixed|memory|connections ...]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const [given, ...chosen] = process.argv.slice(2);
const rounds = Number(given ?? 5);
const count = 60;
const fixed = [1, 2, 4, 8, 16];
const program = resolve('dist/cli/main.js');
const pg = resolve('node_modules/pg/lib/index.js');

/** About 0.4 s of one core. */
const burn = 'for ((i = 0; i < 120000; i++)); do :; done';
const wait = 'sleep 0.8';
/** Holds so much memory for a second that three such tasks fit below the limit. */
const hogMb = 400;
const hold = `node -e "const b = Buffer.alloc(${hogMb} * 2 ** 20, 1); setTimeout(() => b.length, 1000)"`;
/** Holds five connections for half a second. */
const connect = `node -e "const { Client } = require('${pg}'); (async () => { const all = Array.from({ length: 5 }, () => new Client(process.env.DATABASE_URL)); for (const c of all) await c.connect(); await all[0].query('SELECT pg_sleep(0.5)'); for (const c of all) await c.end(); })()"`;

const used = 1 - freemem() / totalmem();
const limit = Math.min(0.9, used + (3.5 * (hogMb + 45) * 2 ** 20) / totalmem());
const workloads = {
  cpu: { commands: [burn] },
  waiting: { commands: [wait] },
  mixed: { commands: [burn, wait] },
  memory: { commands: [hold], limits: `, memory: ${limit.toFixed(4)}` },
  connections: { commands: [connect], keys: ', connections: 5' },
};

let server;
process.on('exit', () => {
  if (server === undefined) return;
  spawnSync('node', [program, 'db', 'stop'], { cwd: server.directory });
  rmSync(server.directory, { recursive: true, force: true });
});
const rows = {};
for (const [name, workload] of Object.entries(workloads)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const taken = { first: [], third: [], ...Object.fromEntries(fixed.map((slots) => [slots, []])) };
  let killed = 0;
  // A kind takes minutes: its figures so far are shown after each round.
  for (let round = 0; round < rounds; round += 1) {
    inProject(name, workload, (run) => {
      taken.first.push(run([]));
      run([]);
      taken.third.push(run([]));
      killed += run.killed;
    });
    for (const slots of fixed) {
      // One task at a time is never the best for work that waits; it would take most of the time of the whole bench.
      if (slots === 1 && round > 0) continue;
      inProject(name, workload, (run) => taken[slots].push(run(['-j', String(slots)])));
    }
    const soFar = Object.entries(taken).map(([way, all]) => `${way} ${all.at(-1)?.toFixed(2) ?? '-'}`);
    console.log(`${name}, round ${round + 1} of ${rounds}: ${soFar.join(', ')}`);
  }
  const best = Math.min(...fixed.map((slots) => median(taken[slots])));
  rows[name] = {
    ...Object.fromEntries(fixed.map((slots) => [`-j ${slots}`, seconds(median(taken[slots]))])),
    'auto, first': seconds(median(taken.first)),
    'auto, third': seconds(median(taken.third)),
    'first / best': (median(taken.first) / best).toFixed(2),
    'third / best': (median(taken.third) / best).toFixed(2),
    failures: killed,
  };
  console.log(name, rows[name]);
}
console.log(`seconds, medians of ${rounds} rounds`);
console.table(rows);

function inProject(name, { commands, limits = '', keys = '' }, use) {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-auto-'));
  try {
    const tasks = Array.from(
      { length: count },
      (_, index) => `  t${index}: { command: ${JSON.stringify(commands[index % commands.length])}${keys} }`,
    );
    const text = `version: 1\nname: ${name}\nlimits: { max_parallel: auto${limits} }\ntasks:\n${tasks.join('\n')}\n`;
    writeFileSync(join(directory, 'pipeline.yaml'), text);
    const run = (options) => {
      const { status, stderr } = spawnSync('node', [program, 'run', '--ci', ...options], {
        cwd: directory,
        encoding: 'utf8',
        env: keys === '' ? process.env : { ...process.env, DATABASE_URL: serverUrl() },
      });
      if (status !== 0) throw new Error(`${name} ${options.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
      const record = newestRecord(directory);
      run.killed = record.results.reduce((sum, { attempts }) => sum + attempts - 1, 0);
      return record.total_duration_seconds;
    };
    run.killed = 0;
    use(run);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All projects use one server, so that no measurement has to set one up. */
function serverUrl() {
  if (server === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'etl-tui-auto-server-'));
    server = { directory };
    const db = (action) => spawnSync('node', [program, 'db', action], { cwd: directory, encoding: 'utf8' });
    db('start');
    server.url = db('url').stdout.trim();
  }
  return server.url;
}

function newestRecord(directory) {
  const kept = join(directory, 'logs/etl/performance');
  const files = readdirSync(kept).map((file) => JSON.parse(readFileSync(join(kept, file), 'utf8')));
  return files.sort((a, b) => a.started_at.localeCompare(b.started_at)).at(-1);
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[sorted.length >> 1] + sorted[(sorted.length - 1) >> 1]) / 2;
}

function seconds(value) {
  return Number(value.toFixed(2));
}
