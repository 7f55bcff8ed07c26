// A file of 10,000 tasks in layers, each waiting for three of the layer before: validate, dry run and run, time and memory.
// Usage: node bench/large-file.mjs [rounds]
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measure, median } from './support/measure.mjs';

const tasks = 10_000;
const layer = 100;
const rounds = Number(process.argv[2] ?? 5);
const program = resolve('dist/cli/main.js');
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-large-'));

try {
  const file = join(directory, 'large.yaml');
  const lines = Array.from({ length: tasks }, (_, index) => {
    const above = [0, 7, 31].map((step) => `t${index - layer + ((step + index) % layer) - (index % layer)}`);
    return `  t${index}: { command: ["true"]${index < layer ? '' : `, dependencies: [${above.join(', ')}]`} }`;
  });
  writeFileSync(file, `version: 1\nname: large\ntasks:\n${lines.join('\n')}\n`);
  console.log(`${tasks} tasks, ${(statSync(file).size / 1_024).toFixed(0)} KiB; medians of ${rounds} rounds`);
  const commands = {
    'node, nothing else': 'node -e 0',
    validate: `node ${program} validate ${file}`,
    'dry run': `node ${program} run ${file} --dry-run`,
    'run, 8 at a time': `node ${program} run ${file} --ci -j 8`,
  };
  console.table(
    Object.fromEntries(
      Object.entries(commands).map(([name, command]) => {
        const taken = Array.from({ length: rounds }, () => measure(command, { cwd: directory }));
        const peak = taken[0].peakMb === undefined ? '' : Math.round(median(taken, 'peakMb'));
        return [name, { 'wall ms': Math.round(median(taken, 'wallMs')), 'peak MB': peak }];
      }),
    ),
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
