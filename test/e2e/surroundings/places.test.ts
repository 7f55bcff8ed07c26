import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../../support/aftermath.ts';
import { etl, inNamespace, inShell, mayMount, projectOf } from './namespace.ts';

const plain = `
version: 1
name: plain
tasks:
  first: { command: "echo '{\\"rows\\":1}' >> $ETL_TASK_REPORT; echo hello" }
  second: { command: "echo there >&2", dependencies: [first] }
`;

/** A task whose last child would run for a minute. */
const leaving = `
version: 1
name: leaving
tasks:
  first: { command: "sleep 60 & echo hello", kill_grace: 1s }
`;

describe('a temporary directory', () => {
  test('that does not exist does not matter', async () => {
    const it = projectOf(plain);
    const ended = await inShell(it, `${etl} run --ci`, { TMPDIR: '/nowhere/at/all' });
    expect(ended.out).toMatch(/✓ second/);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
  });

  test.skipIf(!mayMount).each([
    ['is read-only', 'mount -t tmpfs -o ro none place'],
    ['is full', 'mount -t tmpfs -o size=4k none place && { head -c 8192 /dev/zero > place/ballast || true; } 2>&-'],
    ['has no inodes left', 'mount -t tmpfs -o nr_inodes=3 none place'],
  ])('that %s does not matter', async (_what, mount) => {
    const it = projectOf(plain);
    const ended = await inNamespace(it, `mkdir place && ${mount}`, `${etl} run --ci`, {
      TMPDIR: join(it.directory, 'place'),
    });
    expect(ended.out).toMatch(/✓ second/);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
  });
});

describe.skipIf(!mayMount)('without /proc', () => {
  test('tasks run, and what one leaves in its group is ended', async () => {
    const it = projectOf(leaving);
    const ended = await inNamespace(it, 'mount -t tmpfs none /proc', `${etl} run --ci`);
    expect(ended.out).toMatch(/✓ first/);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
  });
});

describe.skipIf(!mayMount)('a disk of the logs', () => {
  test.each([['32k'], ['1m']])('of %s ends a run with more to write with the reason', async (size) => {
    const it = projectOf(
      'version: 1\nname: noisy\ntasks:\n  a: { command: "head -c 3000000 /dev/zero | tr \'\\\\0\' x | fold -w 80" }\n  b: { command: "true", dependencies: [a] }\n',
    );
    const ended = await inNamespace(
      it,
      `mkdir disk && mount -t tmpfs -o size=${size} none disk`,
      `${etl} run --ci --log-dir disk/logs`,
    );
    expect(ended.err).toContain('[run/cannot-write]: Cannot write "');
    expect(ended.err).toContain('no space is left');
    expect(ended.code).toBe(1);
  });

  test('without inodes ends the run with the reason, and what was written can be read', async () => {
    const it = projectOf(
      'version: 1\nname: many\ntasks:\n  a: { command: "echo a" }\n  b: { command: "echo b", dependencies: [a] }\n',
    );
    const ended = await inNamespace(
      it,
      'mkdir disk && mount -t tmpfs -o size=4m,nr_inodes=8 none disk',
      `${etl} run --ci --log-dir disk/logs`,
    );
    expect(ended.err).toContain('[run/cannot-write]: Cannot write "');
    expect(ended.err).toContain('no space is left');
    expect([1, 3]).toContain(ended.code);
  });
});

describe('a working directory', () => {
  test('that has been deleted is named, and is no bug', async () => {
    const it = projectOf(plain);
    const { code, err } = await inShell(it, `mkdir gone && cd gone && rmdir ../gone && ${etl} run --ci`);
    expect(err).toContain('error[usage/no-directory]: the working directory was deleted');
    expect(code).toBe(2);
  });

  test('that is deleted during the run fails what starts there afterwards', async () => {
    const it = projectOf(
      'version: 1\nname: gone\ntasks:\n  a: { command: "rm -rf $PWD" }\n  b: { command: "true", dependencies: [a] }\n',
    );
    const { code, out } = await inShell(it, `${etl} run --ci`);
    expect(out).toContain(`the working directory ${it.directory} does not exist`);
    expect(code).toBe(1);
  });

  test.skipIf(process.getuid?.() === 0)('that may not be entered is named', async () => {
    const it = projectOf(plain);
    const { code, err } = await inShell(
      it,
      `mkdir in && cd in && chmod 0 . && ${etl} run --ci; c=$?; chmod 700 .; exit $c`,
    );
    chmodSync(it.directory, 0o700);
    expect(err).toContain('permission denied');
    expect(code).toBe(2);
  });
});
