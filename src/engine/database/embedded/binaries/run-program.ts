import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

/** One of PostgreSQL's programs, its account and its complete environment. */
export type Program = {
  readonly path: string;
  readonly args: readonly string[];
  readonly account: Account;
  readonly env: Readonly<Record<string, string>>;
};

export type ProgramEnd = {
  /** Absent when the program could not be started or was ended by a signal. */
  readonly exitCode?: number;
  /** stdout and stderr in order of arrival, or the reason why the program could not be started. */
  readonly output: string;
};

/** Much longer than creating a data directory takes on a slow disk. */
const programTimeoutMs = 180_000;

/** Runs a program to its end; kills it after three minutes. Never throws. */
export function runProgram(program: Program): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const { file, args, identity } = asAccount(program);
    const child = spawn(file, args, {
      ...identity,
      cwd: '/',
      env: program.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: programTimeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const onOutput = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    // Without the streams when the limit of open files was reached.
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', onOutput);
    child.once('error', (error) => resolve({ output: error.message }));
    child.once('close', (exitCode) => resolve({ ...(exitCode === null ? {} : { exitCode }), output }));
  });
}

export type ServerProcess = { readonly ended: () => boolean };

/**
 * Starts the server so that it outlives this process: in a session of its own, which Ctrl-C in the terminal does not reach,
 * and with its output in a file, because a pipe would break when this process ends.
 */
export function startServer(program: Program, logFd: number): ServerProcess {
  const { file, args, identity } = asAccount(program);
  let ended = false;
  const child = spawn(file, args, {
    ...identity,
    cwd: '/',
    env: program.env,
    detached: true,
    stdio: ['ignore', logFd, logFd],
  });
  const end = () => {
    ended = true;
  };
  child.once('error', end);
  child.once('exit', end);
  child.unref();
  return { ended: () => ended };
}

type Invocation = {
  readonly file: string;
  readonly args: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
};

/** `unshare` replaces itself by the program, so the pid is that of the program. */
function asAccount({ path, args, account }: Program): Invocation {
  switch (account.kind) {
    case 'self':
      return { file: path, args, identity: {} };
    case 'namespace':
      return { file: 'unshare', args: ['--user', '--map-user=65534', '--', path, ...args], identity: {} };
    case 'user':
      return { file: path, args, identity: { uid: account.uid, gid: account.gid } };
  }
}
