import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftoverProcesses, markName, untilLeftovers } from './leftover-processes.ts';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest();
});
afterAll(() => tried.close());

/** Marked processes that a task must have running before it is ended, so that the test is about them. */
const endless = [
  { name: 'a pipeline', script: 'sleep 300 | cat', processes: 3, exit: 'SIGTERM' },
  { name: 'a shell and a child that ignore TERM', script: "trap '' TERM; sleep 300; :", processes: 2, exit: 'SIGKILL' },
  {
    name: 'a child that ignores TERM, below a shell that does not',
    script: "(trap '' TERM; sleep 300; :) | cat",
    processes: 4,
    exit: 'SIGTERM',
  },
  {
    name: 'a child in a session of its own, waited for',
    script: 'setsid -w sleep 300; :',
    processes: 2,
    exit: 'SIGTERM',
  },
  { name: 'a stopped task', script: 'sleep 300 & kill -STOP $$; wait', processes: 2, exit: 'SIGTERM' },
];

describe('a task that is terminated leaves no process behind', () => {
  it.each(endless)('$name', async ({ script, processes, exit }) => {
    const mark = randomUUID();
    const { attempt, spawned, ended } = tried.start(script, { env: { [markName]: mark } });
    await spawned;
    await untilLeftovers(mark, processes);
    attempt.terminate(300);
    expect((await ended).exit).toEqual({ kind: 'signalled', signal: exit });
    expect(leftoverProcesses(mark)).toEqual([]);
  });
});

const finished = [
  { name: 'a child in its group', script: 'sleep 300 & echo done' },
  { name: 'a child in its group that ignores TERM', script: "(trap '' TERM; sleep 300; :) & echo done" },
  { name: 'a child in another session that holds its output', script: 'setsid sleep 300 & echo done' },
  { name: 'a daemon with nothing of its own', script: 'setsid sleep 300 >/dev/null 2>&1 </dev/null & echo done' },
  {
    name: 'eight deaf daemons that start processes all the time',
    script: `for n in 1 2 3 4 5 6 7 8; do
      setsid bash -c "trap '' TERM; while :; do sleep 0.05; done" >/dev/null 2>&1 &
    done; echo done`,
  },
  {
    name: 'a daemon without its environment that holds its output',
    script: `env -i setsid bash -c 'sleep 300; : '"$${markName}" & echo done`,
  },
];

describe('a task that has finished leaves no process behind, and its exit is its own', () => {
  it.each(finished)('$name', async ({ script }) => {
    const mark = randomUUID();
    const { exit, stdout } = await tried.run(`${script}; sleep 0.1`, { env: { [markName]: mark } });
    expect(leftoverProcesses(mark)).toEqual([]);
    expect(exit).toEqual({ kind: 'exited', code: 0 });
    expect(stdout).toBe('done\n');
  });
});

it('leftover processes of a task have the grace period to clean up', async () => {
  const { exit, stdout } = await tried.run(
    `bash -c 'trap "sleep 0.5; echo cleaned; exit" TERM; touch ready; while :; do sleep 0.05; done' &
    until [ -e ready ]; do sleep 0.02; done`,
    { killGraceMs: 20_000 },
  );
  expect(exit).toEqual({ kind: 'exited', code: 0 });
  expect(stdout).toBe('cleaned\n');
});

it('processes of other tasks are left alone', async () => {
  const mark = randomUUID();
  const neighbour = tried.start('setsid -w sleep 300', { env: { [markName]: mark } });
  await untilLeftovers(mark, 2);
  for (let round = 0; round < 3; round++) await tried.run('setsid sleep 300 >/dev/null 2>&1 &');
  expect(leftoverProcesses(mark).length).toBeGreaterThanOrEqual(2);
  neighbour.attempt.terminate(0);
  await neighbour.ended;
  expect(leftoverProcesses(mark)).toEqual([]);
});

it('a surviving process would be found by these tests', async () => {
  const mark = randomUUID();
  const child = spawn('setsid', ['sleep', '300'], { env: { ...process.env, [markName]: mark } });
  await untilLeftovers(mark, 1);
  child.kill('SIGKILL');
  await once(child, 'exit');
});
