// What happens to tasks of a worker that is cut off, stopped or killed: when the old process of each ticked last, when the
// new one on another worker ticked first, and whether the two overlap. Half of the tasks ignore SIGTERM. Each worker is a host
// of its own on a bridge; the cable is cut by taking its interface down. As root only.
// Limits: no overlap; nothing left; the worker that comes back ends with 75.
//   node bench/queue-faults.mjs [tasks a round = 6] [leases = 5s,15s] [faults = cut,stop,kill] [rounds = 1]
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openNetwork } from './support/network-of-hosts.mjs';
import { startCluster } from './support/queue-cluster.mjs';
import { openQueueProject } from './support/queue-project.mjs';

const tasks = Number(process.argv[2] ?? 6);
const leases = (process.argv[3] ?? '5s,15s').split(',');
const faults = (process.argv[4] ?? 'cut,stop,kill').split(',');
const rounds = Number(process.argv[5] ?? 1);

const tick = `
[[ $2 == deaf ]] && trap '' TERM
for ((n = 0; ETL_ATTEMPT == 1 || n < 10; n++)); do
  printf '%s %s\\n' "$ETL_ATTEMPT" "\${EPOCHREALTIME/[.,]/}" >>"ticks/$1"
  sleep 0.1
done
`;
const names = Array.from({ length: tasks }, (_, index) => `t${index + 1}`);
const pipeline = [
  'version: 1',
  'name: ticking',
  'defaults: { kill_grace: 60s }',
  'tasks:',
  ...names.map(
    (name, index) => `  ${name}: { command: [bash, tick.sh, ${name}, ${index % 2 ? 'deaf' : 'polite'}], cpu: 0.05 }`,
  ),
].join('\n');

const network = openNetwork(['a', 'b']);
const cluster = await startCluster(network);
const rowsOf = {};
let failures = 0;
let pairs = 0;
try {
  for (const lease of leases) {
    for (const fault of faults) {
      const found = [];
      const ends = [];
      for (let round = 0; round < rounds; round += 1) ends.push(await suffer(fault, lease, found));
      const overlaps = found.filter(({ lastOld, firstNew }) => lastOld >= firstNew).length;
      pairs += found.length;
      failures += overlaps + (found.length === tasks * rounds ? 0 : 1);
      rowsOf[`${fault} at lease ${lease}`] = {
        pairs: found.length,
        'last tick of the old, s': range(found.map(({ lastOld }) => lastOld)),
        'first tick of the new, s': range(found.map(({ firstNew }) => firstNew)),
        'shortest pause, s': Math.min(...found.map(({ lastOld, firstNew }) => firstNew - lastOld)).toFixed(1),
        overlaps,
        'worker ended with': [...new Set(ends)].join(', '),
      };
    }
  }
} finally {
  console.log(`seconds after the fault; ${pairs} pairs`);
  console.table(rowsOf);
  await cluster.close();
  network.close();
}
process.exitCode = failures === 0 ? 0 : 1;

/** One fault to a worker that carries out all tasks, while another one is idle. Adds a pair for each task; returns how the worker ended. */
async function suffer(fault, lease, found) {
  const project = await openQueueProject(cluster.url, { 'pipeline.yaml': pipeline, 'tick.sh': tick });
  const ticks = join(project.directory, 'ticks');
  mkdirSync(ticks);
  try {
    const first = await project.worker('a', { slots: tasks, lease, before: network.on('a') });
    const run = project.run('-j', String(tasks));
    await until(() => readdirSync(ticks).length === tasks, 'the first ticks', run);
    const second = await project.worker('b', { slots: tasks, lease, before: network.on('b') });
    const at = Date.now();
    if (fault === 'cut') network.cut('a');
    else first.child.kill(fault === 'stop' ? 'SIGSTOP' : 'SIGKILL');
    const { code, output } = await run.ended;
    const [id] = project.runs();
    if (code !== 0) report(`the run ended with ${code}: ${output}`);
    if (fault === 'cut') network.mend('a');
    else if (fault === 'stop') first.child.kill('SIGCONT');
    const ended = await first.ended;
    if (fault !== 'kill' && ended.code !== 75) report(`the worker ended with ${ended.code}: ${ended.output}`);
    await until(() => project.processes(id).length === 0, 'the end of all processes', run).catch(({ message }) =>
      report(message),
    );
    second.child.kill('SIGTERM');
    await second.ended;
    for (const name of names) {
      const lines = readFileSync(join(ticks, name), 'utf8').trim().split('\n');
      const seconds = lines
        .map((line) => line.split(' ').map(Number))
        .map(([attempt, us]) => [attempt, us / 1e6 - at / 1e3]);
      const old = seconds.filter(([attempt]) => attempt === 1).map(([, second]) => second);
      const next = seconds.filter(([attempt]) => attempt > 1).map(([, second]) => second);
      if (next.length === 0) report(`${name} was not run again`);
      else found.push({ lastOld: Math.max(...old), firstNew: Math.min(...next) });
    }
    return ended.code ?? ended.signal;
  } finally {
    if (fault === 'cut') network.mend('a');
    await project.close();
  }
}

function report(what) {
  failures += 1;
  console.log(what);
}

async function until(reached, what, run) {
  const endsAt = performance.now() + 60_000;
  while (!reached()) {
    if (performance.now() > endsAt) throw new Error(`waited in vain for ${what}: ${run.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function range(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map((number) => number.toFixed(1));
  return least === most ? least : `${least} to ${most}`;
}
