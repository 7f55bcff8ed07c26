import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { survivingProcesses } from '../support/aftermath/surviving-processes.ts';
import { createTestQueue, type TestQueue } from '../support/queue.ts';
import { openSilentProxy } from '../support/silent-proxy.ts';
import { createProject, type Project, type Running } from './command-line.ts';

/** Every tick is a line with the number of the attempt. The first attempt goes on until it is ended; the others end by themselves. */
const tick = `
[[ $1 == deaf ]] && trap '' TERM
for ((n = 0; ETL_ATTEMPT == 1 || n < 20; n++)); do
  echo "$ETL_ATTEMPT" >>"ticks/$1"
  sleep 0.05
done
`;
const ticking = `
version: 1
name: ticking
defaults: { kill_grace: 60s }
tasks:
  polite: { command: [bash, tick.sh, polite], cpu: 0.05 }
  deaf: { command: [bash, tick.sh, deaf], cpu: 0.05 }
`;
const names = Array.from({ length: 16 }, (_, index) => `t${index}`);
const many = `
version: 1
name: many
tasks:
${names.map((name, index) => `  ${name}: { command: "echo ${name}-$ETL_ATTEMPT >>ledger; sleep 0.${index % 5}", cpu: 0.05 }`).join('\n')}
`;

/** The last of them goes on until the test lets it end: what is done to the run before that is done while it is under way. */
const gated = many.replace('echo t15-', 'until test -e go; do sleep 0.05; done; echo t15-');

let queue: TestQueue;
let project: Project;
let started: Running[];
beforeEach(async () => {
  // One of its own, since a worker that was killed counts as living until its lease is over.
  queue = await createTestQueue();
  started = [];
});
afterEach(async () => {
  for (const { child } of started) for (const signal of ['SIGCONT', 'SIGKILL'] as const) child.kill(signal);
  await expect.poll(() => survivingProcesses(project.directory, [])).toEqual([]);
  project.remove();
  await queue.close();
});

const start = (args: readonly string[], url = queue.url) => {
  const running = project.start(args, { ETL_TUI_QUEUE: url });
  started.push(running);
  return running;
};
const startWorker = async (name: string, lease: string, url?: string) => {
  const worker = start(['worker', '--name', name, '--slots', '4', '--lease', lease], url);
  await worker.says('takes tasks');
  return worker;
};
const startRun = (...more: readonly string[]) => start(['run', '--ci', '--executor', 'queue', '-j', '8', ...more]);
const runId = () => readdirSync(join(project.directory, 'logs/etl/runs'))[0]!;
const letGo = () => writeFileSync(join(project.directory, 'go'), '');
const linesOf = (file: string) => {
  const path = join(project.directory, file);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};

describe('a task never runs on two workers at once, when its worker', () => {
  it.each([
    ['is stopped', (worker: Running) => worker.child.kill('SIGSTOP')],
    ['is killed', (worker: Running) => worker.child.kill('SIGKILL')],
    ['is cut off from the database', (_: Running, cut: () => void) => cut()],
  ])('%s, and it is run again on another one', async (what, harm) => {
    project = createProject(ticking);
    mkdirSync(join(project.directory, 'ticks'));
    writeFileSync(join(project.directory, 'tick.sh'), tick);
    const cable = await openSilentProxy(new URL(queue.url));
    const first = await startWorker('first', '5s', cable.url);
    const run = startRun();
    for (const task of ['polite', 'deaf']) await expect.poll(() => linesOf(`ticks/${task}`)[0]).toBe('1');
    const second = await startWorker('second', '60s');
    harm(first, () => cable.fallSilent());
    const ended = await run.ended;
    expect(ended).toMatchObject({ code: 0 });
    for (const task of ['polite', 'deaf']) {
      const attempts = linesOf(`ticks/${task}`);
      expect(attempts).toEqual(attempts.toSorted());
      expect(attempts.at(-1)).toBe('2');
    }
    if (what !== 'is killed') {
      first.child.kill('SIGCONT');
      expect((await first.ended).code).toBe(75);
    }
    cable.close();
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});

describe('of a run with two workers, every task runs once, although', () => {
  it('the database ends every connection again and again', async () => {
    project = createProject(many);
    await Promise.all([startWorker('one', '20s'), startWorker('two', '20s')]);
    const run = startRun();
    for (const share of [0.2, 0.4, 0.6]) {
      await expect.poll(() => linesOf('ledger').length).toBeGreaterThan(names.length * share);
      await endConnections();
    }
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(linesOf('ledger').toSorted()).toEqual(names.map((name) => `${name}-1`).toSorted());
  });

  it('the orchestrator is killed, and another one carries on', async () => {
    project = createProject(gated);
    await Promise.all([startWorker('one', '20s'), startWorker('two', '20s')]);
    const first = startRun();
    await expect.poll(() => linesOf('ledger').length).toBeGreaterThan(names.length / 3);
    first.child.kill('SIGKILL');
    await first.ended;
    letGo();
    expect(await startRun('--resume', runId()).ended).toMatchObject({ code: 0 });
    expect(linesOf('ledger').toSorted()).toEqual(names.map((name) => `${name}-1`).toSorted());
  });
});

it('an orchestrator beside one that is stopped says once that it follows it, and waits', async () => {
  project = createProject(gated);
  await startWorker('one', '20s');
  const first = startRun();
  await expect.poll(() => linesOf('ledger').length).toBeGreaterThan(1);
  first.child.kill('SIGSTOP');
  const client = await queue.open();
  await client.query(`UPDATE etl_queue.etl_run SET beat = beat - interval '1 hour'`);
  await client.close();
  const second = startRun('--resume', runId());
  await second.says('many: 16 tasks');
  first.child.kill('SIGCONT');
  letGo();
  expect(await first.ended).toMatchObject({ code: 0 });
  const ended = await second.ended;
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.err.match(/this process follows it/g)).toHaveLength(1);
  expect(linesOf('ledger').toSorted()).toEqual(names.map((name) => `${name}-1`).toSorted());
});

async function endConnections(): Promise<void> {
  const client = new pg.Client({ connectionString: queue.superuserUrl ?? queue.url });
  await client.connect();
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.end();
}
