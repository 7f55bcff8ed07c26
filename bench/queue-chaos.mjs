// Runs on a queue while workers and orchestrators are killed, while PostgreSQL is restarted, and with two orchestrators each.
// Every task writes into a ledger when it starts and when it ends; what is counted comes from it and from the events of the run.
// Limits: all tasks succeed; no attempt starts twice, and none after the success of its task; no event is lost; no attempt
// is lost when PostgreSQL is restarted.
//   node bench/queue-chaos.mjs [parts = kills,restart,two] [tasks = 1000] [rounds of two = 20] [seed = 1]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from './support/queue-cluster.mjs';
import { openQueueProject } from './support/queue-project.mjs';
import { randomFrom } from './support/random.mjs';

const parts = (process.argv[2] ?? 'kills,restart,two').split(',');
const tasks = Number(process.argv[3] ?? 1000);
const rounds = Number(process.argv[4] ?? 20);
const random = randomFrom(Number(process.argv[5] ?? 1));

const script = `
echo "start $1 $ETL_ATTEMPT" >>ledger
sleep "$2"
echo "end $1 $ETL_ATTEMPT" >>ledger
`;

const cluster = await startCluster();
const rows = {};
let isClean = true;
try {
  if (parts.includes('kills')) rows['5 workers and 2 orchestrators killed'] = await withKills();
  if (parts.includes('restart')) rows['PostgreSQL restarted twice'] = await withRestarts();
  if (parts.includes('two')) rows[`two orchestrators, ${rounds} runs`] = await withTwo();
} finally {
  console.table(rows);
  await cluster.close();
}
process.exitCode = isClean ? 0 : 1;

async function withKills() {
  const project = await openProject(tasks, () => (random() * 0.3).toFixed(2));
  try {
    const workers = await Promise.all(['a', 'b', 'c'].map((name) => project.worker(name, { slots: 4, lease: '5s' })));
    let orchestrator = project.run('-j', '12');
    const victims = shuffled(['worker', 'worker', 'worker', 'worker', 'worker', 'orchestrator', 'orchestrator']);
    for (const [index, victim] of victims.entries()) {
      await untilEnded(project, ((index + 0.2 + random() * 0.6) * tasks) / victims.length, orchestrator);
      if (victim === 'worker') {
        const place = Math.floor(random() * workers.length);
        workers[place].child.kill('SIGKILL');
        workers[place] = await project.worker('abc'[place], { slots: 4, lease: '5s' });
      } else {
        orchestrator.child.kill('SIGKILL');
        await orchestrator.ended;
        orchestrator = project.run('-j', '12', '--resume', project.runs()[0]);
      }
    }
    return await counted(project, tasks, await orchestrator.ended);
  } finally {
    await close(project);
  }
}

async function withRestarts() {
  const count = Math.ceil(tasks * 0.3);
  const project = await openProject(count, () => (random() * 2).toFixed(2));
  try {
    for (const name of ['a', 'b']) await project.worker(name, { slots: 6, lease: '15s' });
    const orchestrator = project.run('-j', '12');
    for (const [share, signal] of [
      [1 / 3, 'SIGINT'],
      [2 / 3, 'SIGQUIT'],
    ]) {
      await untilEnded(project, count * share, orchestrator);
      await cluster.stop(signal);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await cluster.start();
    }
    const found = await counted(project, count, await orchestrator.ended);
    if (found['attempts lost'] > 0) isClean = false;
    return found;
  } finally {
    await close(project);
  }
}

/**
 * In every other run the first orchestrator stands still in the middle, until the second one has taken its place; what it has
 * of its lease is taken from it, so that this need not be waited for.
 */
async function withTwo() {
  const count = 60;
  const sum = {};
  for (let round = 0; round < rounds; round += 1) {
    const project = await openProject(count, () => (random() * 1.5).toFixed(2));
    try {
      for (const name of ['a', 'b']) await project.worker(name, { slots: 4, lease: '15s' });
      const first = project.run('-j', '8');
      await untilEnded(project, 1, first);
      const stands = round % 2 === 1;
      if (stands) {
        first.child.kill('SIGSTOP');
        await cluster.query(`UPDATE etl_queue.etl_run SET beat = beat - interval '1 hour' WHERE is_open`);
      }
      const second = project.runElsewhere('-j', '8', '--resume', project.runs()[0]);
      if (stands) {
        const seen = new Set(ledger(project, 'end')).size;
        await untilEnded(project, seen + random() * (count - seen), second);
        first.child.kill('SIGCONT');
      }
      const [one, other] = await Promise.all([first.ended, second.ended]);
      const found = await counted(project, count, one.code === 0 ? other : one);
      for (const [what, number] of Object.entries(found)) sum[what] = (sum[what] ?? 0) + number;
      if (/driv|follow/.test(one.output + other.output))
        sum['rounds in which one followed'] = (sum['rounds in which one followed'] ?? 0) + 1;
    } finally {
      await close(project);
    }
  }
  return sum;
}

/** Its workers are killed, and would count as living for the rest of their lease, so that the next run gave them tasks. */
async function close(project) {
  await project.close();
  await cluster.query('UPDATE etl_queue.etl_worker SET dead = true');
}

/** What came of the run of a project. */
async function counted(project, count, { code, output }) {
  if (code !== 0) console.log(`the orchestrator ended with ${code}: ${output}`);
  const [run] = project.runs();
  const stored = await cluster.query('SELECT seq, event FROM etl_queue.etl_event WHERE run = $1 ORDER BY seq', [run]);
  const events = stored.map(({ event }) => event);
  const local = project.journal(run);
  const succeeded = new Set();
  let after = 0;
  let lost = 0;
  const reasons = {};
  for (const { type, task, outcome, cause } of events) {
    if (type === 'task.started' && succeeded.has(task)) after += 1;
    if (type === 'task.finished' && outcome.kind === 'succeeded') succeeded.add(task);
    if (cause?.kind === 'lost') {
      lost += 1;
      const why = cause.message.replace(/"[^"]*"/g, '…');
      reasons[why] = (reasons[why] ?? 0) + 1;
    }
  }
  if (lost > 0) console.log('attempts lost, by reason:', reasons);
  const starts = ledger(project, 'start');
  const ends = ledger(project, 'end').map((line) => line.split(' ')[1]);
  const gaps = stored.filter(({ seq }, index) => index > 0 && Number(seq) !== Number(stored[index - 1].seq) + 1).length;
  const found = {
    done: succeeded.size,
    'started twice after success': after,
    'attempts started twice': starts.length - new Set(starts).size,
    'tasks that ended twice': ends.length - new Set(ends).size,
    'lost events': gaps + Math.abs(events.length - local.length),
    'attempts lost': lost,
  };
  const mustBeNone = ['started twice after success', 'attempts started twice', 'lost events'];
  if (code !== 0 || found.done !== count || mustBeNone.some((what) => found[what] > 0)) isClean = false;
  return found;
}

function openProject(count, seconds) {
  const layer = 50;
  const lines = Array.from({ length: count }, (_, index) => {
    const before = Math.floor(index / layer) * layer - layer;
    const upstream = before < 0 ? [] : [...new Set([0, 1].map(() => before + Math.floor(random() * layer)))];
    const waits = upstream.length === 0 ? '' : `, dependencies: [${upstream.map((one) => `t${one}`).join(', ')}]`;
    return `  t${index}: { command: [bash, task.sh, t${index}, "${seconds()}"], cpu: 0.05${waits} }`;
  });
  const pipeline = ['version: 1', 'name: chaos', 'tasks:', ...lines].join('\n');
  return openQueueProject(cluster.url, { 'pipeline.yaml': pipeline, 'task.sh': script });
}

function ledger(project, kind) {
  const path = join(project.directory, 'ledger');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${kind} `));
}

/** Resolves when so many tasks have ended, or the orchestrator has. */
async function untilEnded(project, count, orchestrator) {
  let isOver = false;
  void orchestrator.ended.then(() => {
    isOver = true;
  });
  while (!isOver && new Set(ledger(project, 'end')).size < count)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function shuffled(items) {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
