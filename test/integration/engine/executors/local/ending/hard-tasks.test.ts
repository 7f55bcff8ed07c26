import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftoverProcesses, textOf, until } from '../leftover-processes.ts';
import { buildExecutorProcess, type OwnOptions } from '../start-executor-process.ts';
import { corpus, type HardTask, hiddenTask } from './corpus.ts';
import { below, noSubreaper, type Reaping } from './parents.ts';
import { survivorsOf, workingIn } from './survivors.ts';

let owners: Awaited<ReturnType<typeof buildExecutorProcess>>;
beforeAll(async () => {
  owners = await buildExecutorProcess();
});
afterAll(() => owners.remove());

const graceMs = 300;
/** So long that a wait for something that never comes shows. */
const longGraceMs = 300_000;
const settledMs = 60_000;
const polite = corpus.filter(({ exit, name }) => exit === 'SIGTERM' && !/deaf|ignores/.test(name));

/** Starts the tasks in a process of their own, all at once, and waits until each has all its processes. */
async function start(tasks: readonly HardTask[], grace: number, options: OwnOptions = {}) {
  const mark = randomUUID();
  const scripts = tasks.map(({ script }) => script);
  const owner = await owners.own(mark, grace, scripts, { slots: tasks.length, ...options });
  // Each by itself: some start processes all the time, which would count for those of others that are still to come.
  for (const [index, { name, processes }] of tasks.entries()) {
    await until(
      () => survivorsOf(owner.run, mark, `task-${index}/`).length >= processes,
      `${processes} processes of ${name}`,
    );
  }
  return { owner, mark };
}

const unavailable = noSubreaper();
const parents: readonly Reaping[] = ['at once', 'once a second', 'never'];

describe.skipIf(unavailable !== undefined).each(parents)('below a parent that reaps %s', (reaping) => {
  it('terminated tasks leave no living process when their exits are reported, and the exits are their own', async () => {
    const { owner, mark } = await start(corpus, graceMs, { below: below(reaping) });
    owner.terminate();
    const exits = await owner.exits;
    expect(survivorsOf(owner.run, mark)).toEqual([]);
    expect(exits.map(({ exit }) => exit)).toEqual(corpus.map(({ exit }) => ({ kind: 'signalled', signal: exit })));
    owner.dispose();
  });

  it('no process is left when the process of the executor is killed', async () => {
    const { owner, mark } = await start(corpus, graceMs, { below: below(reaping) });
    await owner.end('SIGKILL');
    await until(() => survivorsOf(owner.run, mark).length === 0, 'the end of all tasks');
    await until(() => workingIn(owner.directory).length === 0, 'the end of slots and guardian');
    owner.dispose();
  });
});

describe.skipIf(unavailable !== undefined)(
  'below a parent that never reaps, what ends at SIGTERM is not waited for',
  () => {
    it('when it is terminated', async () => {
      const { owner } = await start(polite, longGraceMs, { below: below('never') });
      owner.terminate();
      for (const { ms } of await owner.exits) expect(ms).toBeLessThan(settledMs);
      owner.dispose();
    });

    it('when the process of the executor is killed', async () => {
      const { owner, mark } = await start(polite, longGraceMs, { below: below('never') });
      await owner.end('SIGKILL');
      await until(() => survivorsOf(owner.run, mark).length === 0, 'the end of all tasks', settledMs);
      await until(() => workingIn(owner.directory).length === 0, 'the end of slots and guardian', settledMs);
      owner.dispose();
    });
  },
);

describe('a task that hides everything of its own', () => {
  it('would leave a process behind, which these tests would find', async () => {
    const { owner, mark } = await start([hiddenTask], graceMs);
    // Until it is a session of its own it is in the group of the task, and runs another program.
    const isHidden = (pid: number) => textOf(pid, 'cmdline').startsWith('bash\0');
    await until(() => leftoverProcesses(`: ${mark}`).some(isHidden), 'the hidden daemon');
    owner.terminate();
    await owner.exits;
    const left = leftoverProcesses(`: ${mark}`).filter((pid) => pid !== owner.pid);
    expect(left).toHaveLength(1);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    await owner.end('SIGKILL');
  });
});
