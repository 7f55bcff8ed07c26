import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, leftoverProcesses, markName, parentOf, until, untilLeftovers } from './leftover-processes.ts';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest();
});
afterAll(() => tried.close());

// Its sleep is deaf too, and long, so that it can be counted on.
const deaf = "trap '' TERM; while :; do sleep 60; done";
const terminated = { kind: 'signalled', signal: 'SIGTERM' };
const killed = { kind: 'signalled', signal: 'SIGKILL' };

describe('a task that is terminated', () => {
  it('may end in its own way, with its own exit and output', async () => {
    const { attempt, ended, stdout } = tried.start(
      'trap "echo bye; exit 5" TERM; echo ready; while :; do sleep 0.05; done',
    );
    await until(() => stdout() === 'ready\n', 'the trap');
    attempt.terminate(20_000);
    expect(await ended).toMatchObject({ exit: { kind: 'exited', code: 5 }, stdout: 'ready\nbye\n' });
  });

  it('while it waits for its slot never starts', async () => {
    const fresh = openForTest();
    const { attempt, ended } = fresh.start('echo started');
    attempt.terminate(20_000);
    expect(await ended).toMatchObject({ exit: terminated, stdout: '' });
    await fresh.close();
  });

  it.each(Array.from({ length: 8 }, (_, round) => round))('while it starts, ends (round %i)', async (round) => {
    const mark = randomUUID();
    await tried.run('true');
    const { attempt, spawned, ended } = tried.start('sleep 300', { env: { [markName]: mark } });
    // The order is on its way; nobody knows yet how far it is.
    if (round % 2 === 0) await new Promise(setImmediate);
    else await spawned;
    attempt.terminate(500);
    expect([terminated, killed]).toContainEqual((await ended).exit);
    expect(leftoverProcesses(mark)).toEqual([]);
  });

  it('is killed when the grace period is over', async () => {
    const { attempt, spawned, ended } = tried.start(deaf);
    await spawned;
    await untilLeftovers(tried.mark, 2);
    attempt.terminate(100);
    expect((await ended).exit).toEqual(killed);
  });

  it('is killed sooner when terminated again with a shorter grace period, and not later', async () => {
    const { attempt, spawned, ended } = tried.start(deaf);
    await spawned;
    await untilLeftovers(tried.mark, 2);
    attempt.terminate(40_000);
    attempt.terminate(100);
    attempt.terminate(40_000);
    expect((await ended).exit).toEqual(killed);
  });

  it('has its leftover processes killed sooner, too', async () => {
    const mark = randomUUID();
    const { attempt, spawned, ended } = tried.start(`bash -c "${deaf}" & wait`, { env: { [markName]: mark } });
    const leader = await spawned;
    await untilLeftovers(mark, 3);
    attempt.terminate(40_000);
    await until(() => !isAlive(leader), 'the end of the leader');
    expect(leftoverProcesses(mark)).not.toEqual([]);
    attempt.terminate(100);
    expect((await ended).exit).toEqual(terminated);
    expect(leftoverProcesses(mark)).toEqual([]);
  });

  it('after its exit is left alone', async () => {
    const { attempt, ended } = tried.start('true');
    await ended;
    attempt.terminate(0);
    expect((await tried.run('echo fine')).stdout).toBe('fine\n');
  });
});

describe('a slot', () => {
  it('that is killed loses its task, which is ended, and is replaced', async () => {
    const mark = randomUUID();
    const { spawned, ended } = tried.start('echo before; setsid sleep 300 & sleep 300', { env: { [markName]: mark } });
    const leader = await spawned;
    await untilLeftovers(mark, 3);
    process.kill(parentOf(leader), 'SIGKILL');
    expect(await ended).toMatchObject({
      exit: {
        kind: 'lost',
        why: 'runner-gone',
        message: 'the shell of the task ended unexpectedly: it was ended by SIGKILL',
      },
      stdout: 'before\n',
    });
    expect(leftoverProcesses(mark)).toEqual([]);
    expect((await tried.run('echo on')).stdout).toBe('on\n');
  });

  it('that is killed while idle is replaced', async () => {
    const { stdout } = await tried.run('echo $PPID');
    process.kill(Number(stdout), 'SIGKILL');
    await until(() => !isAlive(Number(stdout)), 'the end of the slot');
    expect((await tried.run('echo on')).stdout).toBe('on\n');
  });

  it('that its own task terminates ends with the task', async () => {
    expect((await tried.run('kill -TERM $PPID; sleep 300')).exit).toEqual(terminated);
    expect((await tried.run('echo on')).stdout).toBe('on\n');
  });

  it('that is stopped does not keep its task from being ended', async () => {
    const { attempt, spawned, ended } = tried.start(deaf);
    await untilLeftovers(tried.mark, 2);
    process.kill(parentOf(await spawned), 'SIGSTOP');
    attempt.terminate(0);
    expect((await ended).exit).toEqual(killed);
  });

  it('is reused', async () => {
    const first = await tried.run('echo $PPID');
    expect((await tried.run('echo $PPID')).stdout).toBe(first.stdout);
  });
});

it('as many tasks run at once as are started', async () => {
  const all = Array.from({ length: 12 }, (_, index) => tried.start(`echo ${index}; sleep 300`));
  await Promise.all(all.map(({ spawned }) => spawned));
  for (const { attempt } of all) attempt.terminate(0);
  await Promise.all(all.map(({ ended }) => ended));
});

it('closing ends running and queued tasks, and leaves no process', async () => {
  const closing = openForTest();
  const slot = Number((await closing.run('echo $PPID')).stdout);
  const running = closing.start('sleep 300 | cat', { killGraceMs: 20_000 });
  const hard = closing.start(deaf, { killGraceMs: 100 });
  await untilLeftovers(closing.mark, 5);
  const waiting = closing.start('sleep 300');
  await closing.executor.close();
  expect(readdirSync(closing.directory)).toEqual([]);
  await closing.close();
  expect((await running.ended).exit).toEqual(terminated);
  expect((await hard.ended).exit).toEqual(killed);
  expect((await waiting.ended).exit).toEqual(terminated);
  expect(leftoverProcesses(closing.mark)).toEqual([]);
  expect(isAlive(slot)).toBe(false);
  expect((await closing.run('echo late')).exit).toEqual(terminated);
});

it('a slot that cannot be opened is a shortage, and passes', async () => {
  const poor = openForTest({ slots: 0 });
  const { TMPDIR: usual } = process.env;
  process.env['TMPDIR'] = join(poor.directory, 'absent');
  // The directory that stands in for it is not there either.
  const [name = ''] = readdirSync(poor.directory);
  rmSync(join(poor.directory, name), { recursive: true });
  writeFileSync(join(poor.directory, name), 'in the way');
  expect((await poor.run(['true'])).exit).toEqual({
    kind: 'not-started',
    reason: 'shortage',
    message: expect.stringMatching(/^no process could be started: ENOENT/),
  });
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  rmSync(join(poor.directory, name));
  expect((await poor.run(['true'])).exit).toEqual({ kind: 'exited', code: 0 });
  await poor.close();
});
