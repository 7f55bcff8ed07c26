import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftoverProcesses, markName, until } from '../leftover-processes.ts';
import { type ExecutorForTest, openForTest } from '../open-for-test.ts';
import { buildExecutorProcess } from '../start-executor-process.ts';
import { corpus, hiddenTask } from './corpus.ts';
import { below, noSubreaper } from './parents.ts';
import { survivorsOf, workingIn } from './survivors.ts';

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
const isRoot = process.getuid?.() === 0;

function isAllowed(user: readonly string[], isOrdinary: boolean): boolean {
  const words = [...user, 'unshare', ...(isOrdinary ? ['--user', '--map-current-user'] : [])];
  const [program = '', ...args] = [...words, '--pid', '--fork', '--mount-proc', 'true'];
  return spawnSync(program, args).status === 0;
}

const users = [
  { name: 'this user', as: undefined, allowed: isAllowed([], !isRoot) },
  { name: 'an ordinary user', as: asNobody, allowed: isRoot && isAllowed(asNobody, true) },
] as const;

describe.each(users)('tasks with "isolation: pid", as $name', ({ as, allowed }) => {
  let owners: Awaited<ReturnType<typeof buildExecutorProcess>>;
  beforeAll(async () => {
    owners = await buildExecutorProcess();
  });
  afterAll(() => owners.remove());

  /** All of the corpus, and what only a namespace can end. */
  async function startAll() {
    const mark = randomUUID();
    const tasks = [...corpus, hiddenTask];
    const options = { slots: tasks.length, isolation: 'pid', ...(as === undefined ? {} : { below: as }) } as const;
    const scripts = tasks.map(({ script }) => script);
    const owner = await owners.own(mark, 300, scripts, options);
    const expected = tasks.reduce((sum, { processes }) => sum + processes, 0);
    const left = () => survivorsOf(owner.run, mark);
    await until(() => left().length >= expected, 'all processes');
    return { owner, left, tasks };
  }

  it.skipIf(!allowed)('leave no process behind when they are terminated', async () => {
    const { owner, left, tasks } = await startAll();
    owner.terminate();
    const exits = await owner.exits;
    expect(left()).toEqual([]);
    expect(exits.map(({ exit }) => exit)).toEqual(tasks.map(() => ({ kind: 'signalled', signal: 'SIGTERM' })));
    await owner.end('SIGKILL');
  });

  it.skipIf(!allowed)('leave no process behind when the process of the executor is killed', async () => {
    const { owner, left } = await startAll();
    await owner.end('SIGKILL');
    await until(() => left().length === 0, 'the end of all tasks');
    await until(() => workingIn(owner.directory).length === 0, 'the end of slots and guardian');
  });
});

it.skipIf(!users[0].allowed || noSubreaper() !== undefined)(
  'below a parent that never reaps, an isolated task leaves nothing, not even what waits for its namespace',
  async () => {
    const owners = await buildExecutorProcess();
    const mark = randomUUID();
    const owner = await owners.own(mark, 300, ['sleep 300 | cat'], { isolation: 'pid', below: below('never') });
    await until(() => survivorsOf(owner.run, mark).length >= 3, 'all processes');
    owner.terminate();
    await owner.exits;
    expect(survivorsOf(owner.run, mark)).toEqual([]);
    owner.dispose();
    owners.remove();
  },
);

describe.skipIf(!users[0].allowed)('a task with "isolation: pid"', () => {
  let tried: ExecutorForTest;
  beforeAll(() => {
    tried = openForTest();
  });
  afterAll(() => tried.close());
  const run = (command: Parameters<ExecutorForTest['run']>[0], env: Readonly<Record<string, string>> = {}) =>
    tried.run(command, { isolation: 'pid', env });

  it.each([
    ['exit 0', { kind: 'exited', code: 0 }],
    ['exit 7', { kind: 'exited', code: 7 }],
    ['exit 143', { kind: 'exited', code: 143 }],
    ['kill -TERM $$', { kind: 'signalled', signal: 'SIGTERM' }],
    ['kill -SEGV $$', { kind: 'signalled', signal: 'SIGSEGV' }],
    ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ])('ends as its command does: %s', async (script, exit) => {
    expect((await run(script)).exit).toEqual(exit);
  });

  it('may end in its own way when it is terminated', async () => {
    const script = 'trap "sleep 0.3; echo bye; exit 5" TERM; echo ready; while :; do sleep 0.05; done';
    const { attempt, ended, stdout } = tried.start(script, { isolation: 'pid' });
    await until(() => stdout() === 'ready\n', 'the trap');
    attempt.terminate(20_000);
    expect(await ended).toMatchObject({ exit: { kind: 'signalled', signal: 'SIGTERM' }, stdout: 'ready\nbye\n' });
  });

  it('leaves nothing behind when it ends by itself, whatever it hides', async () => {
    const mark = randomUUID();
    const hide = `env -i setsid bash -c "sleep 300; : $${markName}" >/dev/null 2>&1 </dev/null &`;
    const { exit, stdout } = await run(`${hide} sleep 0.1; echo done`, { [markName]: mark });
    expect(leftoverProcesses(mark)).toEqual([]);
    expect({ exit, stdout }).toEqual({ exit: { kind: 'exited', code: 0 }, stdout: 'done\n' });
  });

  it('gives what it leaves behind the grace to end in its own way', async () => {
    const script = `setsid bash -c 'trap "sleep 0.3; echo cleaned; exit" TERM; touch ready; while :; do sleep 0.05; done' &
      until [ -e ready ]; do sleep 0.02; done`;
    const { exit, stdout } = await tried.run(script, { isolation: 'pid', killGraceMs: 20_000 });
    expect({ exit, stdout }).toEqual({ exit: { kind: 'exited', code: 0 }, stdout: 'cleaned\n' });
  });

  it('sees its own processes only, in its own directory, with its own environment', async () => {
    const { stdout } = await run(
      'kill -0 $$; echo "$PWD $WORD $ETL_TASK_REPORT"; echo /proc/[0-9]*; readlink /proc/self/fd/0',
      {
        WORD: 'one two',
      },
    );
    const [first, processes = '', input] = stdout.split('\n');
    expect(first).toMatch(new RegExp(`^${tried.directory} one two ${tried.directory}/tasks-`));
    expect(processes.split(' ').length).toBeLessThan(5);
    expect(input).toBe('/dev/null');
  });

  it.each([
    [['no-such-program'], 'command not found: no-such-program; is it installed and on the PATH of the task?'],
    [['/etc/passwd'], '/etc/passwd is not executable; use chmod +x'],
  ] as const)('of which the program cannot be started is told as without it: %s', async (command, message) => {
    expect((await run(command)).exit).toEqual({ kind: 'not-started', reason: 'usage', message });
  });

  it('reaps what is left to its namespace', async () => {
    const zombies =
      'for n in {1..50}; do (sleep 0 &) ; done; sleep 0.3; grep -l "^State:.Z" /proc/[0-9]*/status | wc -l';
    expect((await run(`set +e; ${zombies}`)).stdout).toBe('0\n');
  });
});
