// How long tasks that are hard to end take to end, and how many processes they leave: when they are terminated, and when
// the process of their executor is killed with SIGKILL; below a parent that reaps at once, once a second and never.
// The grace between SIGTERM and SIGKILL is 1 s. Limits: no survivor; at most the grace and 2 s.
// Usage: node bench/end-tasks.mjs [rounds] [isolation: none|pid]
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const rounds = Number(process.argv[2] ?? 3);
const isolation = process.argv[3] === 'pid' ? { isolation: 'pid' } : {};
const graceMs = 1_000;
const giveUpMs = 30_000;

const root = join(import.meta.dirname, '..');
const tests = join(root, 'test/integration/engine/executors/local');
const outdir = join(root, `node_modules/.cache/end-tasks-${process.pid}`);
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-bench-'));
const entryPoints = ['executor-process.ts', 'ending/corpus.ts', 'ending/parents.ts'].map((file) => join(tests, file));
await build({
  entryPoints,
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
});
const load = (file) => import(pathToFileURL(join(outdir, file)).href);
const { corpus, hiddenTask } = await load('ending/corpus.mjs');
const { below } = await load('ending/parents.mjs');

const tasks = 'isolation' in isolation ? [...corpus, hiddenTask] : corpus;
let failures = 0;
try {
  const rows = {};
  for (const task of tasks) {
    const row = {};
    for (const reaping of ['at once', 'once a second', 'never']) {
      for (const way of ['terminated', 'killed']) {
        const found = [];
        for (let round = 0; round < rounds; round++) found.push(await measure(task, reaping, way));
        const worst = Math.max(...found.map(({ ms }) => ms));
        const left = found.reduce((sum, { survivors }) => sum + survivors, 0);
        if (left > 0 || worst > graceMs + 2_000) failures += 1;
        row[`${way}, ${reaping}`] = `${(worst / 1000).toFixed(2)} s${left > 0 ? `, ${left} left` : ''}`;
      }
    }
    rows[task.name] = row;
    console.error(`${task.name}: ${JSON.stringify(row)}`);
  }
  console.log(`The slowest of ${rounds} rounds, and what was left in all of them:`);
  console.table(rows);
  process.exitCode = failures === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
  rmSync(outdir, { recursive: true, force: true });
}

/** From the SIGTERM to the exit that is reported, or from the SIGKILL to the last living process. */
async function measure({ script, processes }, reaping, way) {
  const mark = randomUUID();
  const run = `20260105_120000_${mark.slice(0, 8)}`;
  const order = { directory: join(directory, mark), run, graceMs, scripts: [script], ...isolation };
  const [program, ...args] = below(reaping);
  const child = spawn(
    program,
    [...args, process.execPath, join(outdir, 'executor-process.mjs'), JSON.stringify(order)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, PROCESS_TEST_MARK: mark },
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { pid } = JSON.parse((await lines.next()).value);
  const left = () => living([`/${run}/`, `: ${mark}`]);
  while (left().length < processes) await pause();
  const started = performance.now();
  if (way === 'killed') {
    process.kill(pid, 'SIGKILL');
    while (left().length > 0 && performance.now() < started + giveUpMs) await pause();
  } else {
    child.stdin.write('terminate\n');
    await lines.next();
  }
  const ms = performance.now() - started;
  const survivors = left();
  for (const survivor of survivors) process.kill(survivor, 'SIGKILL');
  if (way === 'terminated') child.stdin.end();
  while (living([mark]).length > 1 && performance.now() < started + giveUpMs) await pause();
  child.kill('SIGKILL');
  return { ms, survivors: survivors.length };
}

/** Processes with one of the texts in their environment or their command line; a zombie has neither. */
function living(texts) {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) =>
      texts.some((text) => textOf(pid, 'environ').includes(text) || textOf(pid, 'cmdline').includes(text)),
    );
}

function textOf(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
