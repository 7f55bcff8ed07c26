import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest({
    env: {
      PATH: process.env['PATH'],
      INHERITED: 'yes',
      'dotted.name': 'as it is',
      ETL_TUI_TEST_CONTROL: 'ours',
      TMOUT: '1',
      POSIXLY_CORRECT: '1',
      GONE: undefined,
    },
  });
});
afterAll(() => tried.close());

const environmentOf = async (env: Readonly<Record<string, string>>) => {
  const { stdout } = await tried.run(['env', '-0'], { env });
  return new Map(
    stdout
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
};

describe('the environment of a task', () => {
  it('is that of etl-tui, without the variables that control etl-tui', async () => {
    const env = await environmentOf({});
    expect(env.get('INHERITED')).toBe('yes');
    expect(env.get('dotted.name')).toBe('as it is');
    expect(env.get('TMOUT')).toBe('1');
    expect(env.get('POSIXLY_CORRECT')).toBe('1');
    expect(env.has('ETL_TUI_TEST_CONTROL')).toBe(false);
    expect(env.has('GONE')).toBe(false);
  });

  it('has its own variables over the inherited ones, and none of the previous task', async () => {
    expect((await environmentOf({ INHERITED: 'changed', ONLY_HERE: '1' })).get('INHERITED')).toBe('changed');
    const env = await environmentOf({});
    expect(env.get('INHERITED')).toBe('yes');
    expect(env.has('ONLY_HERE')).toBe(false);
  });

  it.each([
    ['quotes', `'single' "double" \`back\``],
    ['lines', 'first\nsecond\r\n\tthird\n'],
    ['what a shell would expand', `$(id) \${HOME} $HOME * ? [a] ~ \\ ! ; & | < >`],
    ['letters of the world', 'žluťoučký 漢字 🏈 \u00a0'],
    ['control characters', '\x01\x1b[31m\x7f'],
    ['nothing', ''],
    ['much', 'x'.repeat(100_000)],
  ])('keeps values with %s', async (_, value) => {
    expect((await environmentOf({ VALUE: value })).get('VALUE')).toBe(value);
  });

  it('keeps any value', async () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect((await environmentOf({ VALUE: value })).get('VALUE')).toBe(value);
      }),
      { numRuns: 30 },
    );
  });

  it('has its working directory', async () => {
    const { stdout } = await tried.run(`pwd; echo "$PWD"; echo "\${OLDPWD-none}"`, { cwd: '/usr' });
    expect(stdout).toBe('/usr\n/usr\nnone\n');
  });

  it('finds programs on the PATH of the task', async () => {
    const { exit } = await tried.run(['env'], { env: { PATH: '/nowhere' } });
    expect(exit).toMatchObject({ kind: 'not-started', reason: 'usage' });
  });

  it('has an empty standard input', async () => {
    expect((await tried.run('cat; read -r line || echo end')).stdout).toBe('end\n');
  });

  it('has no controlling terminal to ask for a password', async () => {
    const { exit } = await tried.run('read -r answer </dev/tty');
    expect(exit).toEqual({ kind: 'exited', code: 1 });
  });

  it('has none of the file descriptors of the slot', async () => {
    const { stdout } = await tried.run(['ls', '/proc/self/fd']);
    // The fourth is the directory being listed. Bash keeps a pipe of its own, with a high number.
    expect(stdout.split('\n').filter((fd) => fd !== '' && Number(fd) < 100)).toEqual(['0', '1', '2', '3']);
  });

  it('has the default action for SIGPIPE', async () => {
    expect((await tried.run('set +o pipefail; yes | head -1')).exit).toEqual({ kind: 'exited', code: 0 });
    expect((await tried.run(['bash', '-c', 'kill -PIPE $$'])).exit).toEqual({ kind: 'signalled', signal: 'SIGPIPE' });
  });
});
