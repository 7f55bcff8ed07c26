import { readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, textOf, until } from './leftover-processes.ts';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeEach(async () => {
  tried = openForTest();
});
afterEach(() => tried.close());

/** Living shells that work in the executor's private directory: its guardian, and its slots. */
const shells = () =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && linkOf(pid).startsWith(join(tried.directory, 'tasks-')) && isAlive(pid))
    .map((pid) => ({ pid, line: textOf(pid, 'cmdline').split('\0').join(' ') }))
    // One that has ended meanwhile has none.
    .filter(({ line }) => line !== '');

const guardian = async () => {
  await until(() => shells().some(({ line }) => line.includes('etl-tui-guardian')), 'the guardian');
  return shells().find(({ line }) => line.includes('etl-tui-guardian'))!.pid;
};

const slot = () => shells().find(({ line }) => line.includes('etl-tui-slot'))!.pid;

describe('slots and guardian', () => {
  it('appear as one short line in a list of processes', async () => {
    await tried.run('true');
    await guardian();
    for (const { line } of shells()) {
      expect(line).toMatch(/^\S+bash --norc -p -c \. \.\/etl-tui-(slot|guardian)/);
      expect(line.length).toBeLessThan(160);
    }
    expect(shells().map(({ line }) => line.includes('guardian'))).toEqual(expect.arrayContaining([true, false]));
  });

  it('run scripts that no other user can write or read', async () => {
    const [name = ''] = readdirSync(tried.directory);
    const directory = join(tried.directory, name);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const programs = readdirSync(directory).filter((file) => file.startsWith('etl-tui-'));
    expect(programs).toHaveLength(2);
    for (const file of programs) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  });

  it('still start the next task when their files were removed', async () => {
    await tried.run(`rm -rf ${tried.directory}/tasks-*; kill -9 $PPID; sleep 300`, { cwd: '/' });
    expect((await tried.run(['true'])).exit).toEqual({ kind: 'exited', code: 0 });
  });

  it('are started again, the guardian too, when their files can be written again', async () => {
    const [name = ''] = readdirSync(tried.directory);
    const directory = join(tried.directory, name);
    await tried.run('true');
    const first = await guardian();
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'in the way');
    process.kill(first, 'SIGKILL');
    // Longer than it takes until another guardian is tried.
    expect((await tried.run('sleep 1.5')).exit).toEqual({ kind: 'exited', code: 0 });
    rmSync(directory);
    await until(() => shells().some(({ pid, line }) => pid !== first && line.includes('guardian')), 'a guardian');
  });
});

describe('closing the executor does not wait', () => {
  it('for a guardian that is stopped', async () => {
    await tried.run('true');
    process.kill(await guardian(), 'SIGSTOP');
    await tried.executor.close();
    expect(shells()).toEqual([]);
  });

  it('for a slot that is stopped', async () => {
    await tried.run('true');
    process.kill(slot(), 'SIGSTOP');
    await tried.executor.close();
    expect(shells()).toEqual([]);
  });

  it('for a slot that is stopped before it reads its instruction', async () => {
    await tried.run('true');
    process.kill(slot(), 'SIGSTOP');
    const { attempt, ended } = tried.start('echo started');
    attempt.terminate(100);
    // It goes on after a moment; nobody knows whether the task is ended before it has printed.
    expect(['exited', 'signalled']).toContain((await ended).exit.kind);
  });

  it('for a bash that exits at once whenever it is started', async () => {
    writeFileSync(join(tried.directory, 'bash'), '#!/bin/sh\nexit 7\n', { mode: 0o755 });
    const opened = openForTest({ env: { PATH: `${tried.directory}:${process.env['PATH']}` } });
    const { exit } = await opened.run(['true']);
    expect(exit).toMatchObject({ message: expect.stringMatching(/ended unexpectedly: it ended with 7/) });
    await opened.close();
  });
});

function linkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
