import { existsSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../../platform/sleep.ts';
import { runProgram } from '../binaries/run-program.ts';

/** The content of `postmaster.pid`: process id and port of a server. */
export type Postmaster = { readonly pid: number; readonly port: number };

/** Reads `postmaster.pid`, the server's lock file; undefined when there is none. */
function readPostmaster(dataDirectory: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : undefined;
  } catch {
    return undefined;
  }
}

/** The running server of this data directory, if any. Another process that reuses the pid in the file does not count. */
export async function findRunning(dataDirectory: string): Promise<Postmaster | undefined> {
  const postmaster = readPostmaster(dataDirectory);
  return postmaster !== undefined && (await isServerOf(postmaster.pid, dataDirectory)) ? postmaster : undefined;
}

/**
 * Removes a lock file whose pid now belongs to another program, which is common in containers and in copies of a running
 * data directory; PostgreSQL would refuse to start. A file younger than 1.5 s is kept: its server may just be starting.
 */
export async function removeStaleLock(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  const postmaster = readPostmaster(dataDirectory);
  if (postmaster === undefined || !isAlive(postmaster.pid)) return;
  if (await isServerOf(postmaster.pid, dataDirectory)) return;
  try {
    // A time in the future means that the clock was set back.
    if (Math.abs(Date.now() - statSync(file).mtimeMs) > 1500) rmSync(file, { force: true });
  } catch {
    // Another process has removed it.
  }
}

/**
 * Stops a server and resolves when it is gone:
 * 1. SIGCONT to it and its processes: a frozen process handles no signal, and its children would outlive it.
 * 2. SIGINT, a fast shutdown that rolls back open transactions; 10 s. (SIGTERM would wait for every client to disconnect.)
 * 3. SIGQUIT, an immediate shutdown; 5 s.
 * 4. SIGKILL.
 */
export async function stopPostmaster(dataDirectory: string): Promise<void> {
  const postmaster = await findRunning(dataDirectory);
  if (postmaster === undefined) return;
  for (const pid of [...childrenOf(postmaster.pid), postmaster.pid]) sendSignal(pid, 'SIGCONT');
  for (const [signal, deadlineMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!sendSignal(postmaster.pid, signal)) return;
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      if (!(await isServerOf(postmaster.pid, dataDirectory))) return;
      await sleep(5);
    }
  }
}

/** Whether a signal has stopped the process (SIGSTOP), so that it does nothing until SIGCONT; on Linux, elsewhere unknown. */
export function isStopped(pid: number): boolean {
  try {
    return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** The child processes, on Linux; elsewhere none. */
function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text
      .split(' ')
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/**
 * Compares working directories, because a server's is its data directory, also after that was renamed. Where the system
 * shows no processes, the lock file is believed, as `pg_ctl` does; a login proves later that it is the right server.
 */
async function isServerOf(pid: number, dataDirectory: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux' && !existsSync('/proc/self/stat')) return true;
  if (process.platform !== 'linux') {
    const { output } = await runProgram({
      path: 'ps',
      args: ['-o', 'command=', '-p', String(pid)],
      account: { kind: 'self' },
      env: { PATH: '/usr/bin:/bin' },
    });
    return output.includes(dataDirectory);
  }
  try {
    if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
    return realpathSync(`/proc/${pid}/cwd`) === realpathSync(dataDirectory);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
