// How long the program takes to start, beside its targets: medians of rounds in which all rows take turns. Needs a build.
// Usage: node bench/start.mjs [rounds]

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildScreen } from './support/build-screen.mjs';
import { median } from './support/measure.mjs';

const rounds = Number(process.argv[2] ?? 15);
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-start-'));
// A build during the measurement changes nothing.
cpSync('dist', join(directory, 'dist'), { recursive: true });
cpSync('package.json', join(directory, 'package.json'));
const program = join(directory, 'dist/cli/main.js');
const { openScreen, removeBuild } = await buildScreen();
const env = { ...process.env, DATABASE_URL: undefined, LANG: 'C.UTF-8' };

const rows = {
  'node -e 0': { targetMs: undefined, take: () => call('-e', '0') },
  '--help': { targetMs: 50, take: () => call(program, '--help') },
  'complete a command': { targetMs: 60, take: () => call(program, '__complete', 'zsh', 'va') },
  'complete a task': { targetMs: 120, take: () => call(program, '__complete', 'zsh', '--only', '') },
  validate: { targetMs: 120, take: () => call(program, 'validate', 'one.yaml') },
  'one task': { targetMs: 150, take: () => call(program, 'run', 'one.yaml', '--ci') },
  'first frame': { targetMs: 300, take: firstFrame },
};

try {
  writeFileSync(join(directory, 'one.yaml'), 'version: 1\nname: one\ntasks:\n  one: { command: ["true"] }\n');
  // The one that is found where none is named.
  cpSync(join(directory, 'one.yaml'), join(directory, 'pipeline.yaml'));
  writeFileSync(join(directory, 'wait.yaml'), 'version: 1\nname: wait\ntasks:\n  one: { command: [sleep, "600"] }\n');
  const taken = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { take }] of Object.entries(rows)) taken[name].push({ ms: await take() });
  }
  const load = loadavg().map((one) => one.toFixed(1));
  console.log(
    `Node.js ${process.version}, medians of ${rounds} rounds; ${cpus().length} processors, load average ${load}`,
  );
  const table = Object.entries(rows).map(([name, { targetMs }]) => {
    const least = Math.min(...taken[name].map(({ ms }) => ms));
    return [
      name,
      {
        'median ms': Math.round(median(taken[name], 'ms')),
        'least ms': Math.round(least),
        'target ms': targetMs ?? '',
      },
    ];
  });
  console.table(Object.fromEntries(table));
} finally {
  removeBuild();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

function call(...words) {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: directory, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begun;
}

/** From the call to the first frame that a terminal has whole. */
async function firstFrame() {
  const begun = performance.now();
  const screen = openScreen(process.execPath, [program, 'run', 'wait.yaml'], {
    columns: 120,
    rows: 40,
    cwd: directory,
    env,
  });
  while (!screen.sent.includes('\x1b[?2026l')) await pause(1);
  const ms = performance.now() - begun;
  screen.press('Ctrl+C', 'Ctrl+C');
  while (screen.exitCode === undefined) await pause(10);
  return ms;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
