import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

/** One of PostgreSQL's programs, the account it runs under and all of the environment it gets. */
export type Program = {
  readonly path: string;
  readonly args: readonly string[];
  readonly account: Account;
  readonly env: Readonly<Record<string, string>>;
};

export type ProgramEnd = {
  /** Absent when the program could not be started or was ended by a signal. */
  readonly exitCode?: number;
  /** Both streams in the order they arrived, or the reason why nothing could be started. */
  readonly output: string;
};

/** Far beyond what creating a data directory takes on a slow disk. */
const endsWithinMs = 180_000;

/** Runs a program to its end, which comes by force after three minutes. Never throws. */
export function runProgram(program: Program): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const { file, args, identity } = asAccount(program);
    const child = spawn(file, args, {
      ...identity,
      cwd: '/',
      env: program.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: endsWithinMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => resolve({ output: error.message }));
    child.once('close', (exitCode) => resolve({ ...(exitCode === null ? {} : { exitCode }), output }));
  });
}

export type ServerProcess = { readonly ended: () => boolean };

/**
 * Starts the server so that it outlives us: in a session of its own, where the terminal's Ctrl-C does not reach it, and
 * with its output in a file, because a pipe to us would break with us.
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

/** `unshare` replaces itself by the program, so that the process id is the program's own. */
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
