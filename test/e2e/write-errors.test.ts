import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';
import { makeReadOnly, mayMount } from './read-only.ts';

function project(pipeline: string): Project {
  const created = createProject(pipeline);
  onTestFinished(created.remove);
  return created;
}

/** A disk of 1 MB in the project, or undefined where this user may not mount one. */
function smallDisk({ directory }: Project): string | undefined {
  const path = join(directory, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path]);
  });
  return path;
}

function fill(disk: string): void {
  try {
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(2 * 0x100000));
  } catch {
    // That it is full now was the purpose.
  }
}

/** Sixty tasks in a row, of which the third waits until the test has filled the disk. */
const chain = [
  'name: chain',
  'tasks:',
  '  t0: { command: "echo begun >&2" }',
  '  t1: { command: "while ! test -e full; do sleep 0.02; done; sleep 0.2; touch t1.done", dependencies: [t0] }',
  ...Array.from({ length: 58 }, (_, at) => `  t${at + 2}: { command: "true", dependencies: [t${at + 1}] }`),
  '',
].join('\n');

describe.skipIf(!mayMount)('when the disk of the journal is full (needs root, to mount a small one)', () => {
  test('running tasks finish, nothing more starts, and the run exits with 1 and the reason', async ({ skip }) => {
    const it = project(chain);
    const disk = smallDisk(it) ?? skip('this container may not mount');
    const run = it.start(['run', '--ci', '--log-dir', disk]);
    await run.says('t0');
    fill(disk);
    writeFileSync(join(it.directory, 'full'), '');
    const ended = await run.ended;
    const { out, err } = ended;
    expect(err).toContain('error[run/cannot-write]: Cannot write "');
    expect(err).toContain('journal.jsonl": no space is left');
    expect(out).toContain('no new tasks start, because the journal cannot be written');
    expect(out).toMatch(/chain failed in/);
    expect(existsSync(join(it.directory, 't1.done'))).toBe(true);
    await expectCleanAftermath({ directory: it.directory, logDir: disk, ended, exitCodes: [1] });
  });

  test('result files that cannot be written are reported, and the summary does not name them', async ({ skip }) => {
    const it = project('name: one\ntasks:\n  a: { command: "while ! test -e full; do sleep 0.02; done" }\n');
    const disk = smallDisk(it) ?? skip('this container may not mount');
    const run = it.start(['run', '--ci', '--reporter', 'json', '--log-dir', disk]);
    await run.says('task.spawned');
    fill(disk);
    writeFileSync(join(it.directory, 'full'), '');
    const ended = await run.ended;
    const { out, err } = ended;
    const { exitCode, files } = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as {
      exitCode: number;
      files: Record<string, string>;
    };
    expect(exitCode).toBe(1);
    for (const path of Object.values(files)) expect(existsSync(path)).toBe(true);
    expect(err).toContain('parallel_run_');
    await expectCleanAftermath({ directory: it.directory, logDir: disk, ended, exitCodes: [1] });
  });

  test('SIGTERM ends the running tasks, and the exit code stays 1', async ({ skip }) => {
    const it = project(`${chain}  long: { command: "sleep 60" }\n`);
    const disk = smallDisk(it) ?? skip('this container may not mount');
    const run = it.start(['run', '--ci', '--log-dir', disk]);
    await run.says('t0');
    fill(disk);
    writeFileSync(join(it.directory, 'full'), '');
    await run.says('the journal cannot be written');
    run.child.kill('SIGTERM');
    await expectCleanAftermath({ directory: it.directory, logDir: disk, ended: run.ended, exitCodes: [1] });
  });
});

describe('when the log directory becomes read-only during a run', () => {
  test('everything is closed, each write error is reported, and none is reported as a bug', async ({ skip }) => {
    const it = project('name: one\ntasks:\n  a: { command: "while ! test -e locked; do sleep 0.02; done" }\n');
    const logDir = join(it.directory, 'logs');
    const run = it.start(['run', '--ci', '--reporter', 'json', '--log-dir', logDir]);
    await run.says('task.spawned');
    const isLocked = makeReadOnly(logDir);
    writeFileSync(join(it.directory, 'locked'), '');
    const ended = await run.ended;
    const { err } = ended;
    if (!isLocked) return skip('this container may not mount');
    expect(err).not.toContain('bug');
    expect(err).toContain('warning[run/not-closed]: At the end of the run its temporary directory could not be closed');
    expect(err).toContain('error[run/cannot-write]');
    await expectCleanAftermath({ directory: it.directory, logDir, ended, exitCodes: [1] });
  });
});
