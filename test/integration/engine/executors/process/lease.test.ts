import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { guardianProgram } from '../../../../../src/engine/executors/process/cleanup/guardian-program.ts';
import { findMark, markPrefix } from '../../../../../src/engine/executors/process/process-mark.ts';
import { survivorsOf, workingIn } from '../local/ending/survivors.ts';
import { stateOf, until } from '../local/leftover-processes.ts';
import { buildLeaseProcess, type LeaseProcess } from './start-lease-process.ts';

let programs: Awaited<ReturnType<typeof buildLeaseProcess>>;
let owner: LeaseProcess;
beforeAll(async () => {
  programs = await buildLeaseProcess();
});
afterEach(() => owner.remove());
afterAll(() => programs.remove());

/** Long enough that a test fails by its own bound when the grace of the lease does not hold. */
const graceMs = 120_000;
const holdsMs = 1_500;
const scripts = [
  'sleep 300 | cat',
  `trap '' TERM; sleep 300; :`,
  `trap '' TERM; while :; do sleep 0.05; done`,
  'setsid sleep 300 >/dev/null 2>&1 & sleep 300; :',
  `setsid bash -c 'trap "" TERM; while :; do sleep 0.05; done' & wait`,
  'kill -STOP $$; sleep 300',
];

/** Resolves when all tasks run; their lease is a long one until it is shortened. */
const startLong = async (tasks: readonly string[], leaseGraceMs = 300, shortMs = holdsMs) => {
  owner = await programs.start(tasks, { graceMs, leaseGraceMs, holdsMs: shortMs });
  await until(() => survivorsOf(owner.run, owner.run).length >= tasks.length, 'all processes');
};
const start = async (tasks = scripts) => {
  await startLong(tasks);
  await owner.shorten();
};
const untilAllEnded = () => until(() => survivors().length === 0, 'the end of all tasks');
const survivors = () => survivorsOf(owner.run, owner.run);
const leaseExpired = expect.objectContaining({ kind: 'lost', why: 'lease-expired' });

describe('nothing that a worker runs outlives its lease', () => {
  it('when the worker cannot renew it, and what has ended is lost to it', async () => {
    await start();
    owner.tell('stop');
    await untilAllEnded();
    await until(() => owner.exits.size === scripts.length, 'the exits');
    expect([...owner.exits.values()]).toEqual(scripts.map(() => leaseExpired));
  });

  it('when the worker is stopped, although it stays stopped', async () => {
    await start();
    process.kill(owner.pid, 'SIGSTOP');
    await untilAllEnded();
    expect(stateOf(owner.pid)).toBe('T');
    process.kill(owner.pid, 'SIGCONT');
    await until(() => owner.exits.size === scripts.length, 'the exits');
    expect([...owner.exits.values()]).toEqual(scripts.map(() => leaseExpired));
  });

  it('when the worker is killed, whatever grace its tasks have', async () => {
    await start();
    process.kill(owner.pid, 'SIGKILL');
    await untilAllEnded();
    await until(() => workingIn(owner.directory).length === 0, 'the end of slots and guardian');
  });

  it('when the worker and its guardian are killed', async () => {
    await start();
    process.kill(owner.pid, 'SIGSTOP');
    process.kill(owner.guardian(), 'SIGKILL');
    process.kill(owner.pid, 'SIGKILL');
    await untilAllEnded();
  });

  it('when the guardian was killed before, and another one has taken its place', async () => {
    await start();
    const first = owner.guardian();
    process.kill(first, 'SIGKILL');
    await until(() => ![0, first].includes(owner.guardian()), 'another guardian');
    process.kill(owner.pid, 'SIGSTOP');
    await untilAllEnded();
  });

  it('when the machine was asleep until long after it, and then no grace is left', async () => {
    const script = `trap 'sleep 0.3; touch cleaned; exit' TERM; touch ready; while :; do sleep 0.02; done`;
    const longerMs = 5_000;
    await startLong([script], 1_000, longerMs);
    await until(() => existsSync(join(owner.cwd, 'ready')), 'the trap');
    await owner.shorten();
    process.kill(owner.pid, 'SIGSTOP');
    const shells = workingIn(owner.directory);
    for (const pid of shells) process.kill(pid, 'SIGSTOP');
    const stoppedAt = Date.now();
    await until(() => Date.now() - stoppedAt > longerMs + 1_500, 'the end of the lease and its grace');
    for (const pid of shells) process.kill(pid, 'SIGCONT');
    await untilAllEnded();
    expect(existsSync(join(owner.cwd, 'cleaned'))).toBe(false);
  });
});

describe('the guardian ends what it guards', () => {
  /** Tells a guardian that the lease ends so many seconds from now, by the clock of the machine's start and by the wall's. */
  const guard = async (upSeconds: number, wallSeconds: number, how: 'line' | 'arguments' = 'line') => {
    const tenths = (ms: number) => Math.round(ms / 100);
    await startLong(['sleep 300']);
    const mark = markPrefix(runnerOf(survivors()[0] ?? 0));
    const end = [tenths((uptime() + upSeconds) * 1000), tenths(Date.now() + wallSeconds * 1000)].map(String);
    const args = ['-c', guardianProgram, 'guardian', mark, 'lease', ...(how === 'arguments' ? end : [])];
    const shell = spawn('bash', args, { stdio: ['pipe', 'ignore', 'ignore'] });
    if (how === 'line') shell.stdin.write(`l ${end.join(' ')}\n`);
    return shell;
  };
  const runnerOf = (pid: number) => findMark(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.runner ?? '';

  it('although its runner was stopped before it wrote anything', async () => {
    const shell = await guard(-1, -1, 'arguments');
    await untilAllEnded();
    shell.stdin.end();
  });

  it.each([
    ['the time since the start of the machine, although the wall clock was set back', -1, 3_600],
    ['the wall clock, although the machine stood still', 3_600, -1],
  ])('by %s', async (_, upSeconds, wallSeconds) => {
    const shell = await guard(upSeconds, wallSeconds);
    await untilAllEnded();
    shell.stdin.end();
  });
});

describe('a task under a lease', () => {
  it('may clean up within the grace of the lease', async () => {
    await startLong([`trap 'sleep 0.2; touch cleaned; exit' TERM; touch ready; while :; do sleep 0.02; done`], 60_000);
    await until(() => existsSync(join(owner.cwd, 'ready')), 'the trap');
    await owner.shorten();
    process.kill(owner.pid, 'SIGSTOP');
    await untilAllEnded();
    expect(readdirSync(owner.cwd)).toContain('cleaned');
  });

  it('goes on for as long as the lease is renewed', async () => {
    await startLong(
      ['until [ -e short ]; do sleep 0.02; done; for i in {1..35}; do echo $i >>ticks; sleep 0.1; done; exit 7'],
      300,
      3_000,
    );
    await owner.shorten();
    writeFileSync(join(owner.cwd, 'short'), '');
    await until(() => owner.exits.size === 1, 'the exit');
    expect(owner.exits.get('task-0')).toEqual({ kind: 'exited', code: 7 });
    expect(readFileSync(join(owner.cwd, 'ticks'), 'utf8').trim().split('\n')).toHaveLength(35);
  });

  it('is not started after the lease, which cannot be renewed then', async () => {
    await start(['sleep 300']);
    owner.tell('stop');
    await until(() => owner.exits.size === 1, 'the exit');
    owner.tell('renew');
    owner.tell('touch started');
    await until(() => owner.exits.size === 2, 'the answer');
    expect(owner.exits.get('later')).toEqual(leaseExpired);
    expect(existsSync(join(owner.cwd, 'started'))).toBe(false);
  });
});
