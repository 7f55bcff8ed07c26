// What a task costs beside the bare start of a process: 1,000 times `true`, 8 at a time, journal and logs on, next to
// xargs in the same rounds. Usage: node bench/overhead.mjs [rounds]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measure, median } from './support/measure.mjs';

const tasks = 1_000;
const rounds = Number(process.argv[2] ?? 5);
const program = resolve('dist/cli/main.js');
const directory = mkdtempSync(join(tmpdir(), 'etl-tui-overhead-'));
const chain = 200;

try {
  write('wide.yaml', tasks, () => '');
  write('chain.yaml', chain, (index) => (index === 0 ? '' : `, dependencies: [t${index - 1}]`));
  write('one.yaml', 1, () => '');
  const rows = {
    [`xargs -P8, ${tasks} tasks`]: { command: `seq ${tasks} | xargs -P8 -I{} true`, per: tasks },
    [`etl-tui -j 8, ${tasks} tasks`]: { command: etl('wide.yaml'), per: tasks },
    [`etl-tui, chain of ${chain}`]: { command: etl('chain.yaml'), per: chain },
    'etl-tui, one task': { command: etl('one.yaml'), per: 1 },
  };
  const taken = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { command }] of Object.entries(rows)) taken[name].push(measure(command, { cwd: directory }));
  }
  console.log(`medians of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, { per }]) => [
        name,
        {
          'wall ms': round(median(taken[name], 'wallMs')),
          'wall ms a task': round(median(taken[name], 'wallMs') / per),
          'CPU ms a task': round(median(taken[name], 'cpuMs') / per),
          'peak MB': taken[name][0].peakMb === undefined ? '' : round(median(taken[name], 'peakMb')),
        },
      ]),
    ),
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function write(file, count, extra) {
  const lines = Array.from({ length: count }, (_, index) => `  t${index}: { command: ["true"]${extra(index)} }`);
  writeFileSync(join(directory, file), `version: 1\nname: ${file.replace('.yaml', '')}\ntasks:\n${lines.join('\n')}\n`);
}

function etl(file) {
  return `node ${program} run ${file} --ci -j 8`;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
