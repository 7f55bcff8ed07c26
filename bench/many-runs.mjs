// What ten thousand kept runs cost whoever looks back, or starts another one, beside ten: time and memory of each command.
// Needs a build. Usage: node bench/many-runs.mjs [--runs 10000] [--rounds 3]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildScreen } from './support/build-screen.mjs';
import { measure, median } from './support/measure.mjs';
import { storeRuns } from './support/store-runs.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '3' } },
});
const program = resolve('dist/cli/main.js');
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-many-runs-'));
const { openScreen, removeBuild } = await buildScreen();
const sizes = [10, Number(values.runs)];

try {
  writeFileSync(join(directory, 'rare.yaml'), 'version: 1\nname: rare\ntasks: { one: { command: "true" } }\n');
  const pair = '{ one: { command: "true" }, two: { command: "true" } }';
  writeFileSync(join(directory, 'short.yaml'), `version: 1\nname: short\ntasks: ${pair}\n`);
  const table = {};
  for (const size of sizes) {
    const logDir = join(directory, `logs-${size}`);
    storeRuns(program, directory, logDir, size);
    const add = (name, taken) => {
      const [wall, cpu, peak] = taken;
      table[name] = {
        ...table[name],
        ...{ [`${size} runs, ms`]: wall, [`${size}, CPU ms`]: cpu, [`${size}, MB`]: peak },
      };
    };
    for (const [name, words] of Object.entries(commands(size))) add(name, run(`${words} --log-dir ${logDir}`));
    add('screen, first frame', await firstFrame(logDir));
    add('prune all but 10', run(`prune --keep-runs 10 --log-dir ${logDir}`, 1));
  }
  console.table(table);
} finally {
  removeBuild();
  rmSync(directory, { recursive: true, force: true });
}

function commands(size) {
  return {
    history: 'history',
    'show latest': 'show latest',
    'logs latest': 'logs latest task_0',
    trends: 'trends nightly.yaml',
    'trends of all runs': `trends nightly.yaml --last ${size}`,
    'trends of a rare pipeline': 'trends rare.yaml',
    'a run of two tasks': 'run short.yaml --ci',
    'prune by size, dry': 'prune --max-size 1GB --dry-run',
  };
}

function run(words, rounds = Number(values.rounds)) {
  const taken = Array.from({ length: rounds }, () => measure(`node ${program} ${words}`, { cwd: directory }));
  return ['wallMs', 'cpuMs', 'peakMb'].map((key) => Math.round(median(taken, key)));
}

async function firstFrame(logDir) {
  const taken = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const begun = performance.now();
    const screen = openScreen(process.execPath, [program, 'run', 'nightly.yaml', '--log-dir', logDir], {
      columns: 120,
      rows: 40,
      cwd: directory,
    });
    await screen.waitFor('nightly');
    taken.push({ wallMs: performance.now() - begun });
    await screen.waitFor('SUCCESS');
    screen.press('q');
    await screen.close();
  }
  return [Math.round(median(taken, 'wallMs'))];
}
