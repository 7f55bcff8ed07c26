// Draws a run of 300 tasks with levels and a matrix, half-way through, on screens of three sizes, dark and light, into
// the directory that is named: to be looked at, and not kept.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pressKey } from '../../../src/ui/keys/press-key.ts';
import { planOf } from '../../unit/ui/support/half-way-run.ts';
import { fakeRunSource } from '../../unit/ui/support/watched-run.ts';
import { fakeRun } from '../fake-run.ts';
import { drawApp } from './draw-app.tsx';
import { drawSvg } from './draw-svg.ts';
import { lookOf } from './pictures.ts';
import { screenCells } from './screen-cells.ts';

const [directory = ''] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
/** Folds all levels but the second, which holds the matrix. */
const unfoldMatrix = ['Home', 'H', 'j', 'l', 'j', 'l'];
const initial = halfDone();
for (const isLight of [false, true]) {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [200, 50],
  ] as const) {
    const { theme, window } = lookOf(isLight);
    const run = fakeRunSource(initial);
    const app = drawApp({ ...run.source, earlier: initial.events }, columns, rows, theme);
    for (const key of unfoldMatrix) app.store.update((view) => pressKey(view, key));
    const cells = screenCells(await app.draw((text) => text.includes('season=2012')), window);
    const title = `A run of 300 tasks at ${columns}x${rows}`;
    const path = join(directory, `large-${columns}x${rows}-${isLight ? 'light' : 'dark'}.svg`);
    writeFileSync(path, drawSvg(cells, { command: 'etl-tui run', title, description: `${title}.` }, window));
    app.close();
    run.close();
    process.stdout.write(`${path}\n`);
  }
}

/** 12 seasons of a matrix and 288 tasks in 8 levels; some have failed, and some are tried again. */
function halfDone() {
  const levels = Array.from({ length: 8 }, (_, level) => ({
    name: `level_${level}`,
    tasks: Array.from({ length: 36 }, (_, task) => `${['fetch', 'load', 'clean', 'join'][task % 4]}_${level}_${task}`),
  }));
  const levelLines = levels.map(({ name, tasks }, at) => {
    const all = at === 1 ? ['season_plays', ...tasks] : tasks;
    return `  ${name}: { tasks: [${all.join(', ')}] }`;
  });
  const taskLines = levels.flatMap(({ tasks }, level) =>
    tasks.map((task, at) => {
      const before = level === 0 ? '' : `, dependencies: [${levels[level - 1]!.tasks[at]}]`;
      return `  ${task}: { command: "true"${before} }`;
    }),
  );
  const years = Array.from({ length: 12 }, (_, year) => 2012 + year).join(', ');
  const season = `  season_plays: { command: "true", matrix: { season: [${years}] } }`;
  const plan = planOf(
    `name: warehouse\npipelines:\n${levelLines.join('\n')}\ntasks:\n${taskLines.join('\n')}\n${season}\n`,
  );
  const run = fakeRun(plan, { maxParallel: 24 });
  for (let step = 0; step < 150; step += 1) {
    run.pass(170);
    const [task] = run.running();
    if (task === undefined) break;
    if (step % 3 === 0) run.report(task, { progress: 1, rows: 1_000 * (step + 1) });
    run.exit(task, step % 29 === 28 ? 1 : 0);
  }
  for (const [at, task] of run.running().entries()) run.report(task, { progress: (at + 1) / 26, rows: 400 * at });
  run.pass(700);
  return { state: run.state(), now: run.now(), spans: [], events: run.events };
}
