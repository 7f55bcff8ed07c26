import { describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../../support/aftermath.ts';
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
    expect(ended.err).toContain('error[run/too-few-files]: this process may not open as many files as it needs');
    expect(ended.err).toContain('ulimit -n 256');
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [3] });
  });

  test('of 160 is enough for many tasks at once, which wait for their turn', async () => {
    const it = projectOf(pipeline);
    const ended = await inShell(it, `ulimit -n 160 && ${etl} run --ci -j 12`);
    await expectCleanAftermath({ directory: it.directory, ended, exitCodes: [0] });
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
