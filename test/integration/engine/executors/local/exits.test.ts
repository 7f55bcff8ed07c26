import { chmodSync, closeSync, copyFileSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalExecutor } from '../../../../../src/engine/executors/local/local-executor.ts';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest();
});
afterAll(() => tried.close());

describe('the exit of a task is that of its program', () => {
  it.each([0, 1, 2, 75, 126, 127, 128, 130, 137, 139, 141, 143, 255])('exit %i', async (code) => {
    expect((await tried.run(`exit ${code}`)).exit).toEqual({ kind: 'exited', code });
  });

  it.each(['HUP', 'INT', 'KILL', 'USR1', 'SEGV', 'PIPE', 'ALRM', 'TERM'])('killed by SIG%s', async (signal) => {
    const { exit } = await tried.run(`ulimit -c 0; kill -${signal} $$; sleep 300`);
    expect(exit).toEqual({ kind: 'signalled', signal: `SIG${signal}` });
  });

  it('in a shell pipeline, of the part that failed', async () => {
    expect((await tried.run('exit 3 | cat')).exit).toEqual({ kind: 'exited', code: 3 });
  });

  it('in a script, of the first command that failed', async () => {
    const { exit, stdout } = await tried.run('echo before; false; echo after');
    expect(exit).toEqual({ kind: 'exited', code: 1 });
    expect(stdout).toBe('before\n');
  });

  it('for a stopped program, only after it has continued and ended', async () => {
    const { exit } = await tried.run(
      "(until grep -q '^State:.T' /proc/$$/status; do sleep 0.1; done; kill -CONT $$) & kill -STOP $$; wait; exit 7",
    );
    expect(exit).toEqual({ kind: 'exited', code: 7 });
  });
});

describe('a command given as a list runs without a shell', () => {
  it('with every argument unchanged', async () => {
    const argv = ['$HOME', '*', '', 'a b', "it's", 'new\nline', '"', '\\', '-n', 'ünïcödé', '{1,2}', '~', 'a=b', '#'];
    const { stdout } = await tried.run(['printf', '[%s]', ...argv]);
    expect(stdout).toBe(argv.map((argument) => `[${argument}]`).join(''));
  });

  it('by a path relative to its working directory', async () => {
    writeFileSync(join(tried.directory, 'program'), '#!/bin/sh\necho here\n', { mode: 0o755 });
    expect((await tried.run(['./program'])).stdout).toBe('here\n');
  });

  it('while a script that begins with a dash is not an option', async () => {
    expect((await tried.run('-x')).exit).toEqual({ kind: 'exited', code: 127 });
  });
});

describe('a program that cannot be started', () => {
  const usage = (message: unknown) => ({ kind: 'not-started', reason: 'usage', message });

  it('because no program has that name', async () => {
    const { exit } = await tried.run(['no-such-program', 'x']);
    expect(exit).toEqual(usage('command not found: no-such-program; is it installed and on the PATH of the task?'));
  });

  it('because nothing is at that path', async () => {
    expect((await tried.run(['./absent'])).exit).toEqual(
      usage(`command not found: ${join(tried.directory, 'absent')} does not exist`),
    );
  });

  it('because it is not executable', async () => {
    const path = join(tried.directory, 'plain');
    writeFileSync(path, 'echo no\n', { mode: 0o644 });
    expect((await tried.run([path])).exit).toEqual(usage(`${path} is not executable; use chmod +x`));
  });

  it('because it is a directory', async () => {
    expect((await tried.run(['/tmp'])).exit).toEqual(usage('/tmp is a directory, not a program'));
  });

  it('because its working directory is missing', async () => {
    const { exit } = await tried.run(['true'], { cwd: '/no/such/place' });
    expect(exit).toEqual(usage('the working directory /no/such/place does not exist'));
  });

  it.each([
    ['a NUL in an argument', ['true', 'a\0b'] as const, {}, /NUL character/],
    ['a NUL in the environment', ['true'] as const, { A: 'a\0b' }, /NUL character/],
    ['an empty command', [''] as const, {}, /command is empty/],
    ['an argument that is too long', ['true', 'x'.repeat(131_072)] as const, {}, /longer than 128 KiB/],
    ['a variable that bash owns', ['true'] as const, { UID: '0' }, /variable "UID" cannot be set/],
    ['a variable without a proper name', ['true'] as const, { 'a-b': '0' }, /variable "a-b" cannot be set/],
  ])('because of %s', async (_, argv, env, message) => {
    expect((await tried.run(argv, { env })).exit).toEqual(usage(expect.stringMatching(message)));
  });

  it('because all its arguments together are too long', async () => {
    const { exit } = await tried.run(['true', ...Array.from({ length: 40 }, () => 'x'.repeat(131_000))]);
    expect(exit).toEqual(usage(expect.stringMatching(/^cannot start true: .*too long$/)));
  });

  it('because another process has it open for writing is a shortage, and starts later', async () => {
    const path = join(tried.directory, 'busy');
    copyFileSync('/bin/true', path);
    chmodSync(path, 0o755);
    const fd = openSync(path, 'r+');
    const { exit } = await tried.run([path]);
    closeSync(fd);
    expect(exit).toEqual({
      kind: 'not-started',
      reason: 'shortage',
      message: `cannot start ${path}: ${path}: Text file busy`,
    });
    expect((await tried.run([path])).exit).toEqual({ kind: 'exited', code: 0 });
  });

  it('is distinguished from a program that exits with the same status', async () => {
    const { exit } = await tried.run('echo "etl-tui: line 3: no" >&2; exit 127');
    expect(exit).toEqual({ kind: 'exited', code: 127 });
  });
});

it('without bash the executor does not open, and a hint says what to do', () => {
  const opened = openLocalExecutor({
    env: { PATH: '/nowhere' },
    secrets: [],
    directory: tried.directory,
    slots: 1,
  });
  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'run/no-shell', hint: expect.stringMatching(/install bash/) },
  });
});
