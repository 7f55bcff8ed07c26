import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../../support/aftermath.ts';
import { startCommand } from '../command-line.ts';
import { etl, inNamespace, inShell, mayMount, projectOf } from './namespace.ts';

const pipeline = `
version: 1
name: limited
tasks:
${Array.from({ length: 12 }, (_, at) => `  t${at}: { command: "echo ${at}" }`).join('\n')}
`;

describe('a limit of open files', () => {
  // Every one of them: bench/file-limits.mjs
  test.each([24, 64])('of %i is refused with what to do', async (limit) => {
    const it = projectOf(pipeline);
    const ended = await inShell(it, `ulimit -n ${limit} && ${etl} run --ci`);
    expect(ended.err).toContain('error[run/too-few-files]: the limit of open files is too low');
    expect(ended.err).toContain('ulimit -n 256');
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [3] });
  });

  test('of 160 is enough for many tasks at once, which wait for their turn', async () => {
    const it = projectOf(pipeline);
    const ended = await inShell(it, `ulimit -n 160 && ${etl} run --ci -j 12`);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
  });
});

/**
 * A user of whom no other process runs, because the kernel counts all of them together, also those of another run of these
 * tests; it does not count those of root.
 */
const user = 50_000 + (process.pid % 10_000);
const mayBeOther = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

describe.skipIf(!mayBeOther)('a limit of processes', () => {
  function startWith(processes: number) {
    const it = projectOf(pipeline);
    chownSync(it.directory, user, user);
    chmodSync(it.directory, 0o700);
    const asUser = `setpriv --reuid ${user} --regid ${user} --clear-groups`;
    const script = `exec ${asUser} bash -c 'ulimit -u ${processes}; exec ${etl} run --ci -j 12'`;
    return { it, run: startCommand('bash', ['-c', script], it.directory, { HOME: it.directory }) };
  }

  test('that leaves room for a few is enough for many tasks, which are tried again', async () => {
    const { it, run } = startWith(40);
    const ended = await run.ended;
    expect(ended.out.match(/✓ t\d+ /g)).toHaveLength(12);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
  });

  test('that leaves room for none says what to raise, and the run ends on a signal', async () => {
    const { it, run } = startWith(12);
    await run.says('the limit of processes is reached (ulimit -u');
    run.child.kill('SIGTERM');
    await expectCleanAftermath({ directory: it.directory, ended: run.ended, exitCodes: [143] });
  });
});

test.skipIf(!mayMount || process.getuid?.() !== 0)(
  '64 KB of shared memory are enough for the embedded PostgreSQL',
  async () => {
    const it = projectOf(
      'version: 1\nname: small\ntasks: { a: { command: "true" } }\nchecks:\n  - { name: one, sql: SELECT 1, expect: 1 }\n',
    );
    const ended = await inNamespace(it, 'mount -t tmpfs -o size=64k none /dev/shm', `${etl} run --ci`);
    expect(ended.out).toContain('1 passed');
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
  },
);
