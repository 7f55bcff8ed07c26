// How well `plan` predicts: what it says after two runs, beside the run that follows. Three random graphs of sleeps, with
// four at once and automatically, and the NFL refresh on sample data, whose runs take seconds: the median of three.
//   node bench/predict.mjs [tasks of a graph = 60, 0: the NFL refresh only]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { medianOf, pipelineOf, randomGraph } from './support/random-graph.mjs';
import { openRefreshProject } from './support/refresh-project.mjs';

const tasks = Number(process.argv[2] ?? 60);
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-predict-'));
const rows = {};

try {
  for (const seed of tasks === 0 ? [] : [1, 2, 3]) {
    for (const limit of ['4', 'auto']) {
      const project = join(directory, `${seed}-${limit}`);
      mkdirSync(project);
      writeFileSync(join(project, 'pipeline.yaml'), pipelineOf('random', randomGraph(seed, tasks, 0.8)));
      const etl = (...args) => execFileSync(process.execPath, [resolve('dist/cli/main.js'), ...args], { cwd: project });
      compare(`graph ${seed}, -j ${limit}`, etl, ['-j', limit]);
    }
  }
  const nfl = openRefreshProject({ seasons: '2023-2024' });
  try {
    // A run that finds everything loaded is another one than the first, which loads it.
    const file = ['etl/config/pipeline_dag.yaml', '-p', 'seasons=2023-2024'];
    nfl.refresh();
    compare('NFL refresh, nothing new', nfl.etl, file, 4, 3);
    compare('NFL refresh, all loaded again', nfl.etl, [...file, '-p', 'reload=true'], 4, 3);
  } finally {
    nfl.close();
  }
  console.table(rows);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function compare(name, etl, args, learningRuns = 2, realRuns = 1) {
  for (let run = 0; run < learningRuns; run += 1) etl('run', ...args, '--ci');
  const plan = JSON.parse(etl('plan', ...args, '--json'));
  for (let run = 0; run < realRuns; run += 1) etl('run', ...args, '--ci');
  const last = JSON.parse(etl('history', '--json', '--last', String(realRuns)));
  const [predicted, real] = [
    plan.total_duration_seconds,
    medianOf(last.map(({ total_duration_seconds: seconds }) => seconds)),
  ];
  rows[name] = { 'predicted s': predicted, 'real s': real, 'error %': Math.round((predicted / real - 1) * 1000) / 10 };
  console.log(name, rows[name]);
}
