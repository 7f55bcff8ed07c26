// How close a run comes to the shortest that is possible: 200 random tasks of log-normal durations with 2, 4 and 8 at once,
// over the greater of the longest chain and the work divided by the limit. Simulated with the real scheduler, and as real
// runs of sleeps: with durations known from earlier runs, unknown, and in the order of the file (simulated only).
//   node bench/makespan.mjs [graphs = 100] [real graphs = 5]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { measureGraph, medianOf, pipelineOf, randomGraph } from './support/random-graph.mjs';

const tasks = 200;
const limits = [2, 4, 8];
const graphs = Number(process.argv[2] ?? 100);
const realGraphs = Number(process.argv[3] ?? 5);
/** Real tasks are this long at the median, so that starting them counts for little and five graphs end in minutes. */
const realMedianSeconds = 0.3;
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-makespan-'));

try {
  const simulated = await simulate();
  console.log(`${tasks} tasks, median (and worst) of ${graphs} simulated graphs`);
  console.table(simulated);
  if (realGraphs > 0) {
    console.log(`the same as real runs of sleeps, median (and worst) of ${realGraphs} graphs`);
    console.table(runForReal());
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function simulate() {
  const { planPipeline, learnedOrder, initialState, forecastOf, simulateRun } = await loadScheduler();
  const rows = {};
  for (const limit of limits) {
    const over = { known: [], unknown: [], 'order of the file': [] };
    for (let seed = 1; seed <= graphs; seed += 1) {
      const graph = randomGraph(seed, tasks);
      const { plan } = planPipeline(pipelineOf('random', graph), 'random.yaml');
      const durations = new Map(graph.map(({ name, seconds }) => [name, seconds * 1000]));
      const past = new Map([...durations].map(([name, ms]) => [name, { durationsMs: [ms], medianMs: ms }]));
      const forecast = forecastOf(plan, { runs: 1, tasks: past, checksMs: new Map() }, { cores: 2, memoryBytes: 1e9 });
      const orders = {
        known: learnedOrder(plan, durations),
        unknown: plan.byRank,
        'order of the file': plan.order,
      };
      for (const [name, queueOrder] of Object.entries(orders)) {
        const options = { run: 'r', seed: 1, maxParallel: limit, sequential: false, runChecks: true, queueOrder };
        const { durationMs } = simulateRun(initialState(plan, options), forecast, 0);
        over[name].push(durationMs / 1000 / boundOf(graph, limit));
      }
    }
    rows[`-j ${limit}`] = Object.fromEntries(Object.entries(over).map(([name, all]) => [name, summary(all)]));
  }
  return rows;
}

function runForReal() {
  const rows = {};
  for (const limit of limits) {
    const over = { known: [], unknown: [] };
    for (let seed = 1; seed <= realGraphs; seed += 1) {
      const graph = randomGraph(seed, tasks, realMedianSeconds);
      for (const knowledge of Object.keys(over)) {
        const project = join(directory, `${knowledge}-${seed}-${limit}`);
        mkdirSync(project);
        writeFileSync(join(project, 'pipeline.yaml'), pipelineOf('random', graph));
        if (knowledge === 'known') writeRecord(project, graph);
        const program = resolve('dist/cli/main.js');
        execFileSync(process.execPath, [program, 'run', '--ci', '-j', String(limit)], { cwd: project });
        over[knowledge].push(lastSeconds(project) / boundOf(graph, limit));
      }
    }
    rows[`-j ${limit}`] = Object.fromEntries(Object.entries(over).map(([name, all]) => [name, summary(all)]));
  }
  return rows;
}

/** The record that a run of the graph without any limit would have written. */
function writeRecord(project, graph) {
  const records = join(project, 'logs/etl/performance');
  mkdirSync(records, { recursive: true });
  const results = graph.map(({ name, seconds }) => ({
    task: name,
    status: 'success',
    attempt_seconds: seconds,
    mean_cpu_cores: 0.01,
  }));
  const record = { run_id: '20260101_000000_aaaa', pipeline: 'random', results };
  writeFileSync(join(records, 'execution_20260101_000000_aaaa.json'), JSON.stringify(record));
}

function lastSeconds(project) {
  const logs = join(project, 'logs/etl');
  const [result] = readdirSync(logs).filter((name) => name.startsWith('parallel_run_'));
  return JSON.parse(readFileSync(join(logs, result), 'utf8')).total_duration_seconds;
}

function boundOf(graph, limit) {
  const { chain, work } = measureGraph(graph);
  return Math.max(chain, work / limit);
}

function summary(ratios) {
  return `${medianOf(ratios).toFixed(3)} (${Math.max(...ratios).toFixed(3)})`;
}

/** The scheduler and its simulation are no part of what the program offers to others. */
async function loadScheduler() {
  const outfile = join(directory, 'scheduler.mjs');
  const from = (path) => JSON.stringify(resolve('src/engine', path));
  await build({
    stdin: {
      contents: [
        `export { planPipeline } from ${from('pipeline/plan-pipeline.ts')};`,
        `export { learnedOrder } from ${from('plan/rank-tasks.ts')};`,
        `export { initialState } from ${from('scheduler/state/initial-state.ts')};`,
        `export { forecastOf } from ${from('simulation/forecast.ts')};`,
        `export { simulateRun } from ${from('simulation/simulate-run.ts')};`,
      ].join('\n'),
      resolveDir: resolve('.'),
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return import(pathToFileURL(outfile).href);
}
