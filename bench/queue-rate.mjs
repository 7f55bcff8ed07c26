// What a task costs on workers beside the local executor: how many no-ops a second, and how long one takes from its start to
// its known end when each waits for the one before; with 2 and 4 workers of 4 slots. Then what idle workers cost: CPU, and
// transactions in PostgreSQL. Needs a build. Usage: node bench/queue-rate.mjs [rounds = 3] [idle seconds = 30] [tasks = 1000]
import { loadavg } from 'node:os';
import { cpuSeconds, openQueueBench, pause, quantile, round } from './support/queue-workers.mjs';

const tasks = Number(process.argv[4] ?? 1_000);
const chain = 40;
const slots = 4;
const rounds = Number(process.argv[2] ?? 3);
const idleSeconds = Number(process.argv[3] ?? 30);
const load = () => loadavg().map((one) => one.toFixed(1));

console.log(`${tasks} tasks, chain of ${chain}, ${rounds} rounds; load average ${load()}`);
const project = await openQueueBench('queue-rate');
try {
  write('wide.yaml', tasks, () => '');
  write('chain.yaml', chain, (index) => (index === 0 ? '' : `, dependencies: [t${index - 1}]`));
  const measured = {};
  for (let roundNumber = 0; roundNumber < rounds; roundNumber += 1) {
    note(measured, 'local, -j 8', [], '-j', '8');
    note(measured, 'local, -j 16', [], '-j', '16');
    const workers = [];
    for (const count of [2, 4]) {
      workers.push(...(await project.startWorkers(2, slots)));
      note(measured, `${count} workers x ${slots} slots`, workers, '--executor', 'queue');
    }
    await project.stopWorkers();
  }
  console.table(Object.fromEntries(Object.entries(measured).map(([name, all]) => [name, summary(all)])));
  console.table(await idle());
  console.log(`load average ${load()}`);
} finally {
  await project.close();
}

function write(file, count, extra) {
  project.write(
    file,
    Array.from({ length: count }, (_, index) => `  t${index}: { command: ["true"], cpu: 0.05${extra(index)} }`),
  );
}

function note(measured, name, workers, ...options) {
  const parts = () => ({
    orchestrator: cpuSeconds(process.pid, 'own'),
    workers: sum(workers),
    server: project.serverCpu(),
  });
  const before = parts();
  const wide = project.run('wide.yaml', ...options);
  const after = parts();
  const at = (type) => wide.filter((event) => event.type === type).map((event) => event.at);
  const wideMs = Math.max(...at('task.finished')) - Math.min(...at('task.started'));
  const hops = hopsOf(project.run('chain.yaml', ...options));
  const cpu = Object.fromEntries(
    Object.keys(after).map((part) => [part, ((after[part] - before[part]) / tasks) * 1_000]),
  );
  measured[name] ??= [];
  measured[name].push({ rate: tasks / (wideMs / 1_000), hops, cpu });
}

function hopsOf(events) {
  const started = new Map(events.filter(({ type }) => type === 'task.started').map(({ task, at }) => [task, at]));
  return events.filter(({ type }) => type === 'task.finished').map(({ task, at }) => at - started.get(task));
}

function summary(all) {
  const hops = all.flatMap((one) => one.hops);
  const rates = all.map(({ rate }) => rate);
  return {
    'tasks/s': Math.round(quantile(rates, 0.5)),
    'tasks/s, from': Math.round(Math.min(...rates)),
    'tasks/s, to': Math.round(Math.max(...rates)),
    'hop ms p50': quantile(hops, 0.5),
    'hop ms p95': quantile(hops, 0.95),
    ...Object.fromEntries(
      ['orchestrator', 'workers', 'server'].map((part) => [
        `CPU ms a task, ${part}`,
        round(
          quantile(
            all.map(({ cpu }) => cpu[part]),
            0.5,
          ),
          1,
        ),
      ]),
    ),
  };
}

/** What workers do while there is nothing to do, and nobody who asks. */
async function idle() {
  const rows = {};
  for (const count of [0, 1, 4]) {
    const workers = await project.startWorkers(count, slots);
    await pause(5_000);
    const before = {
      transactions: await transactions(),
      cpu: sum(workers),
      server: project.serverCpu(),
      at: Date.now(),
    };
    await pause(idleSeconds * 1_000);
    const seconds = (Date.now() - before.at) / 1_000;
    rows[`${count} idle workers`] = {
      'transactions/s': round(((await transactions()) - before.transactions) / seconds),
      'CPU % of a worker': count === 0 ? 0 : round(((sum(workers) - before.cpu) / seconds / count) * 100),
      'CPU % of the server, together': round(((project.serverCpu() - before.server) / seconds) * 100),
      connections: await connections(),
    };
    await project.stopWorkers();
  }
  return rows;
}

function sum(workers) {
  return workers.reduce((all, { pid }) => all + cpuSeconds(pid), 0);
}

async function transactions() {
  const { rows } = await project.client.query(
    'SELECT sum(xact_commit + xact_rollback)::int AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0].count;
}

async function connections() {
  const { rows } = await project.client.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name LIKE 'etl-tui%'`,
  );
  return rows[0].count;
}
