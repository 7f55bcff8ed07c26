import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

const home = mkdtempSync(join(tmpdir(), 'etl-tui-home-'));
const ran = join(home, 'ran');
const functions = ['cd', 'echo', 'eval', 'exec', 'exit', 'export', 'hash', 'kill', 'read', 'sleep', 'trap', 'wait'];
const hostile = {
  BASHOPTS: 'execfail:expand_aliases:extdebug',
  BASH_ENV: join(home, 'bash-env'),
  CDPATH: '/usr',
  ENV: join(home, 'env'),
  FUNCNEST: '1',
  GLOBIGNORE: '*',
  HOME: home,
  IFS: '/e',
  PS4: 'mine: ',
  // What makes bash take itself for the shell of somebody who logs in.
  SHLVL: '0',
  SSH_CLIENT: '192.0.2.1 1 22',
  SSH2_CLIENT: '192.0.2.1 1 22',
  ...Object.fromEntries(functions.map((name) => [`BASH_FUNC_${name}%%`, '() { exit 99; }'])),
};

let tried: ExecutorForTest;
beforeAll(async () => {
  for (const file of ['.bashrc', '.profile', '.bash_profile', 'bash-env', 'env']) {
    writeFileSync(join(home, file), `builtin echo ${file} >>${ran}\n`);
  }
  tried = openForTest({
    env: { PATH: process.env['PATH'], ...hostile, SHELLOPTS: 'errexit:nounset:noglob:verbose' },
  });
});
afterAll(async () => {
  await tried.close();
  rmSync(home, { recursive: true });
});

/** The files that were executed meanwhile. */
const executedBy = async (run: () => Promise<unknown>) => {
  writeFileSync(ran, '');
  await run();
  return readFileSync(ran, 'utf8');
};

describe('in an environment with shell functions, BASH_ENV and the like', () => {
  it('no file of the user is executed to start a program', async () => {
    expect(await executedBy(() => tried.run(['true']))).toBe('');
  });

  it('a script reads BASH_ENV, as every bash script does, and no other file', async () => {
    expect(await executedBy(() => tried.run('true'))).toBe('bash-env\n');
  });

  it('a program gets that environment unchanged', async () => {
    const { exit, stdout } = await tried.run(['env', '-0'], { cwd: '/usr' });
    expect(exit).toEqual({ kind: 'exited', code: 0 });
    const { SHLVL: _, BASHOPTS: __, ...expected } = hostile;
    const lines = stdout.split('\0').filter(Boolean);
    const given = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(given).toMatchObject(expected);
    expect(given).not.toHaveProperty('SHELLOPTS');
    expect(given).not.toHaveProperty('BASHOPTS');
  });

  it('a program can be terminated, and leaves no process', async () => {
    const { attempt, spawned, ended } = tried.start(['sleep', '300']);
    await spawned;
    attempt.terminate(20_000);
    expect((await ended).exit).toEqual({ kind: 'signalled', signal: 'SIGTERM' });
  });
});
