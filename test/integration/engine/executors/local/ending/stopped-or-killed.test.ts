import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardiansOf, isAlive, parentOf, stateOf, until } from '../leftover-processes.ts';
import { type ExecutorForTest, openForTest } from '../open-for-test.ts';
import { buildExecutorProcess, type ExecutorProcess } from '../start-executor-process.ts';
import { survivorsOf, workingIn } from './survivors.ts';

let owners: Awaited<ReturnType<typeof buildExecutorProcess>>;
beforeAll(async () => {
  owners = await buildExecutorProcess();
});
afterAll(() => owners.remove());

const scripts = [
  'sleep 300 | cat',
  `trap '' TERM; sleep 300; :`,
  'setsid sleep 300 >/dev/null 2>&1 & sleep 300; :',
  'kill -STOP $$; sleep 300',
];

async function start() {
  const mark = randomUUID();
  const owner = await owners.own(mark, 200, scripts);
  await until(() => survivorsOf(owner.run, mark).length >= 8, 'all processes');
  await until(() => guardiansOf(owner.pid).length === 1, 'the guardian');
  return { owner, mark };
}

const slotsOf = (owner: ExecutorProcess) => scripts.map((_, index) => parentOf(owner.leader(index)));

type Victims = (owner: ExecutorProcess) => readonly number[];
const victims: readonly (readonly [string, NodeJS.Signals, Victims])[] = [
  ['its guardian is stopped', 'SIGSTOP', ({ pid }) => guardiansOf(pid)],
  ['its guardian is killed', 'SIGKILL', ({ pid }) => guardiansOf(pid)],
  ['all its slots are stopped', 'SIGSTOP', slotsOf],
  ['all its slots are killed', 'SIGKILL', slotsOf],
  [
    'a slot and the guardian are stopped',
    'SIGSTOP',
    (owner) => [...guardiansOf(owner.pid), ...slotsOf(owner).slice(0, 1)],
  ],
  [
    'a slot and the guardian are killed',
    'SIGKILL',
    (owner) => [...guardiansOf(owner.pid), ...slotsOf(owner).slice(2, 3)],
  ],
];

describe('when the process of the executor is killed, nothing of its tasks, slots and guardian is left, although', () => {
  it.each(victims)('%s at the same moment', async (_, signal, of) => {
    const { owner, mark } = await start();
    for (const pid of of(owner)) process.kill(pid, signal);
    await owner.end('SIGKILL');
    await until(() => survivorsOf(owner.run, mark).length === 0, 'the end of all tasks');
    await until(() => workingIn(owner.directory).length === 0, 'the end of slots and guardian');
  });
});

it('without slots and guardian, the tasks would go on running', async () => {
  const { owner, mark } = await start();
  const shells = [...guardiansOf(owner.pid), ...slotsOf(owner)];
  // Else it might wake one of them before it dies.
  await owner.stop();
  for (const pid of shells) process.kill(pid, 'SIGSTOP');
  await owner.end('SIGKILL');
  expect(survivorsOf(owner.run, mark).length).toBeGreaterThanOrEqual(8);
  expect(shells.filter(isAlive)).toEqual(shells);
  for (const pid of shells) process.kill(pid, 'SIGCONT');
  await until(() => workingIn(owner.directory).length + survivorsOf(owner.run, mark).length === 0, 'the end of all');
});

describe('a run goes on', () => {
  let tried: ExecutorForTest;
  beforeAll(() => {
    tried = openForTest();
  });
  afterAll(() => tried.close());

  it('when the slot of a task is stopped, and the exit is that of the task', async () => {
    const { spawned, ended } = tried.start('until [ -e go ]; do sleep 0.02; done; exit 7');
    const slot = parentOf(await spawned);
    process.kill(slot, 'SIGSTOP');
    await tried.run('touch go');
    expect((await ended).exit).toEqual({ kind: 'exited', code: 7 });
  });

  it('when its guardian is stopped, which soon guards again', async () => {
    const { attempt, spawned, ended } = tried.start('sleep 300');
    await spawned;
    await until(() => guardiansOf(process.pid).length > 0, 'the guardian');
    const guardians = guardiansOf(process.pid);
    for (const pid of guardians) process.kill(pid, 'SIGSTOP');
    await until(() => guardians.every((pid) => stateOf(pid) !== 'T'), 'the guardian to go on');
    attempt.terminate(0);
    expect((await ended).exit).toMatchObject({ kind: 'signalled' });
  });
});
