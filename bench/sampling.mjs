// What it costs to look at the machine once a second, with eight tasks of twenty processes each: CPU time of this process
// as a share of one core, the encoding of the stored line included. At most 1 % of a core. Whole /proc is read, so that
// a machine with many other processes costs a little more.
// Usage: node bench/sampling.mjs [looks a round] [rounds]
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const looks = Number(process.argv[2] ?? 20);
const rounds = Number(process.argv[3] ?? 5);
const [tasks, processes] = [8, 20];
const limitPercent = 1;

const outdir = resolve('node_modules/.cache', `bench-sampling-${process.pid}`);
const groups = [];
try {
  const contents = `export { openResourceProbe } from './src/engine/resources/open-resource-probe.ts';
export { encodeSample } from './src/engine/storage/runs/sample-line.ts';`;
  await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    outfile: `${outdir}/sampling.mjs`,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { openResourceProbe, encodeSample } = await import(pathToFileURL(`${outdir}/sampling.mjs`).href);
  for (let task = 0; task < tasks; task += 1) {
    const script = `for ((at = 1; at < ${processes}; at += 1)); do sleep 600 & done; wait`;
    groups.push(spawn('bash', ['-c', script], { detached: true, stdio: 'ignore' }).pid);
  }
  const leaders = new Map(groups.map((pid, at) => [`task_${at}`, pid]));
  const directories = ['project', 'logs', 'database'].map((role) => ({ role, path: process.cwd() }));
  const probe = await openResourceProbe({ onWarning: console.error, directories, leaders });
  await sleep(1_000);
  for (let warmUp = 0; warmUp < 5; warmUp += 1) await look();
  const percents = [];
  for (let round = 0; round < rounds; round += 1) percents.push(await measureRound());
  const last = await look();
  const seen = [...last.tasks.values()].reduce((sum, usage) => sum + usage.processes, 0);
  if (seen !== tasks * processes) throw new Error(`${seen} processes were seen instead of ${tasks * processes}`);
  const median = percents.toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
  console.log(`${tasks} tasks of ${processes} processes, ${looks} looks a round, counted as one each second`);
  console.log(`rounds: ${percents.map((percent) => percent.toFixed(2)).join(', ')} % of a core`);
  console.log(`median: ${median.toFixed(2)} % (limit ${limitPercent} %)`);
  process.exitCode = median <= limitPercent ? 0 : 1;

  async function look() {
    await sleep(250);
    const sample = await probe.sample(leaders);
    if (sample !== undefined) encodeSample({ at: Date.now(), ...sample });
    return sample;
  }

  /** As if there was a second between two looks. Timers and an idle process take next to nothing. */
  async function measureRound() {
    const before = process.cpuUsage();
    for (let at = 0; at < looks; at += 1) await look();
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / 1e6 / looks) * 100;
  }
} finally {
  for (const pid of groups) process.kill(-pid, 'SIGKILL');
  rmSync(outdir, { recursive: true, force: true });
}
