// How long a line that a task prints takes to the screen, of the local executor and of a worker; and 50 MB that a task prints
// at once on a worker: how long they take, and whether every byte arrives. Needs a build.
// Usage: node bench/queue-output.mjs [lines = 300] [megabytes = 50]
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { buildScreen } from './support/build-screen.mjs';
import { openQueueBench, quantile, round, until } from './support/queue-workers.mjs';

const lines = Number(process.argv[2] ?? 300);
const megabytes = Number(process.argv[3] ?? 50);
const load = () => loadavg().map((one) => one.toFixed(1));

console.log(`load average ${load()}`);
const project = await openQueueBench('queue-output');
const { openScreen, removeBuild } = await buildScreen();
try {
  // One line, with the time at which it is printed, about eight times a second.
  writeFileSync(
    join(project.directory, 'talk.mjs'),
    `import { writeSync } from 'node:fs';
let left = ${lines};
const timer = setInterval(() => { writeSync(1, 'line ' + left + ' at ' + Date.now() + '\\n'); if (--left === 0) clearInterval(timer); }, 127);
`,
  );
  writeFileSync(
    join(project.directory, 'print.mjs'),
    `import { createHash } from 'node:crypto';
import { openSync, writeFileSync, writeSync } from 'node:fs';
const hash = createHash('sha256');
const copy = openSync('printed', 'w');
let number = 0;
for (let left = ${megabytes} * 1024 * 1024; left > 0; ) {
  let text = '';
  while (text.length < 65536) text += (number += 1) + ' ' + createHash('md5').update(String(number)).digest('hex') + '\\n';
  const block = Buffer.from(text.slice(0, left));
  for (let at = 0; at < block.length; ) {
    try { at += writeSync(1, block, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
  hash.update(block);
  writeSync(copy, block);
  left -= block.length;
}
writeFileSync('printed.json', JSON.stringify({ sha256: hash.digest('hex') }));
`,
  );
  project.write('talk.yaml', ['  talk: { command: [node, talk.mjs] }']);
  project.write('print.yaml', ['  print: { command: [node, print.mjs] }']);
  await project.startWorkers(2, 4);
  console.log('a line from its task to its orchestrator, which stores it, and to the screen, in ms');
  const [local, worker] = [await lineTimes(), await lineTimes('--executor', 'queue')];
  console.table({
    'local, stored': local.stored,
    'worker, stored': worker.stored,
    'local, on the screen': local.shown,
    'worker, on the screen': worker.shown,
  });
  console.table({ local: printed(), worker: printed('--executor', 'queue') });
  console.table(await stored());
  console.log(`load average ${load()}`);
} finally {
  removeBuild();
  await project.close();
}

async function lineTimes(...options) {
  const taken = [];
  let last = 0;
  const screen = openScreen(process.execPath, [project.program, 'run', 'talk.yaml', ...options], {
    columns: 120,
    rows: 40,
    cwd: project.directory,
    env: project.env,
    isWhole: (rows) => {
      const now = Date.now();
      const seen = [...rows.join('\n').matchAll(/line \d+ at (\d+)/g)].map(([, at]) => Number(at));
      const fresh = seen.filter((at) => at > last);
      taken.push(...fresh.map((at) => now - at));
      last = Math.max(last, ...fresh);
      return true;
    },
  });
  try {
    await until(() => /SUCCESS/.test(screen.text()));
    screen.press('q');
    await screen.waitForExit();
  } finally {
    await screen.close();
  }
  const log = project.call('logs', 'latest', 'talk', '--timestamps').trim().split('\n');
  const stored = log.map((line) => Date.parse(line.split(' ')[0]) - Number(/at (\d+)/.exec(line)[1]));
  return { stored: summary(stored), shown: summary(taken) };
}

function summary(taken) {
  return {
    lines: taken.length,
    p50: quantile(taken, 0.5),
    p95: quantile(taken, 0.95),
    p99: quantile(taken, 0.99),
    most: Math.max(...taken),
  };
}

/** The log keeps the beginning and the end of so much, in files that say where in the output they begin. */
function printed(...options) {
  const events = project.run('print.yaml', ...options);
  const at = (type) => events.find((event) => event.type === type).at;
  const seconds = (at('task.finished') - at('task.started')) / 1_000;
  const runs = join(project.directory, 'logs/etl/runs');
  const directory = join(runs, readdirSync(runs).sort().at(-1), 'tasks/print');
  const parts = readdirSync(directory)
    .filter((name) => /\.log(?:\.\d+)?$/.test(name))
    .map((name) => ({ start: Number(name.split('.')[2] ?? 0), bytes: readFileSync(join(directory, name)) }))
    .sort((one, other) => one.start - other.start);
  const whole = readFileSync(join(project.directory, 'printed'));
  const { start, bytes } = parts.at(-1);
  return {
    seconds: round(seconds),
    'MB/s': round(megabytes / seconds),
    arrived: start + bytes.length,
    of: whole.length,
    'what is kept is the same': parts.every((part) =>
      part.bytes.equals(whole.subarray(part.start, part.start + part.bytes.length)),
    ),
  };
}

/** What a worker has sent, beside what its task has printed. */
async function stored() {
  const hash = createHash('sha256');
  let bytes = 0;
  for (let seq = 0; ; ) {
    const { rows } = await project.client.query(
      `SELECT seq::int, data FROM etl_queue.etl_output WHERE attempt LIKE '%/print/1' AND kind = 'stdout' AND seq > $1
       ORDER BY seq LIMIT 100`,
      [seq],
    );
    if (rows.length === 0) break;
    for (const { data } of rows) {
      hash.update(data);
      bytes += data.length;
    }
    seq = rows.at(-1).seq;
  }
  const { sha256 } = JSON.parse(readFileSync(join(project.directory, 'printed.json'), 'utf8'));
  return { 'stored in the queue': { bytes, 'of bytes': megabytes * 1024 * 1024, same: hash.digest('hex') === sha256 } };
}
