import { readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../../platform/sleep.ts';
import { runProgram } from '../binaries/run-program.ts';

/** What a server says of itself in its data directory. */
export type Postmaster = { readonly pid: number; readonly port: number };

/** Reads `postmaster.pid`, which is the server's own lock; undefined when there is none. */
function readPostmaster(dataDirectory: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : undefined;
  } catch {
    return undefined;
  }
}

/** The server of this data directory, if one is alive. A process that was given the number of a dead one is none. */
export async function findRunning(dataDirectory: string): Promise<Postmaster | undefined> {
  const postmaster = readPostmaster(dataDirectory);
  return postmaster !== undefined && (await isServerOf(postmaster.pid, dataDirectory)) ? postmaster : undefined;
}

/**
 * PostgreSQL refuses to start beside a lock file whose process number is alive, even when that is now another program
 * (common in containers, and in copies of a running directory). Removes such a file once it is older than a start takes.
 */
export async function removeStaleLock(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  const postmaster = readPostmaster(dataDirectory);
  if (postmaster === undefined || !isAlive(postmaster.pid)) return;
  if (await isServerOf(postmaster.pid, dataDirectory)) return;
  try {
    if (Date.now() - statSync(file).mtimeMs > 1500) rmSync(file, { force: true });
  } catch {
    // It went by itself.
  }
}

/** Ends a server: politely to its clients' transactions, then at once, then by force. Resolves when it is gone. */
export async function stopPostmaster(dataDirectory: string): Promise<void> {
  const postmaster = await findRunning(dataDirectory);
  if (postmaster === undefined) return;
  // One that was frozen hears nothing until it goes on, and neither do its processes, which would outlive it.
  for (const pid of [...childrenOf(postmaster.pid), postmaster.pid]) sendSignal(pid, 'SIGCONT');
  // SIGTERM would wait for every client to leave by itself.
  for (const [signal, patienceMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!sendSignal(postmaster.pid, signal)) return;
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!(await isServerOf(postmaster.pid, dataDirectory))) return;
      await sleep(5);
    }
  }
}

/** Only where Linux tells. */
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

/** A server's working directory is its data directory, whatever became of the name it was started under. */
async function isServerOf(pid: number, dataDirectory: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
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
