import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type pg from 'pg';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { openPrivateFile, writePrivateFile } from '../../../platform/private-files.ts';
import { sleep } from '../../../platform/sleep.ts';
import type { Binaries } from '../binaries/find-binaries.ts';
import { type ServerProcess, startServer } from '../binaries/run-program.ts';
import type { EmbeddedDirectory, Passwords } from '../cluster/embedded-directory.ts';
import { startFailed } from '../start-failed.ts';
import { loginAsAdmin } from './admin-login.ts';
import { findRunning, isStopped, removeStaleLock } from './postmaster.ts';
import { serverSettings } from './server-settings.ts';

/** A connection to the embedded server as its administrator. */
export type AdminConnection = { readonly client: pg.Client; readonly port: number };

export type ServerOptions = {
  readonly binaries: Binaries;
  readonly directory: EmbeddedDirectory;
  readonly passwords: Passwords;
  /** Additional server settings, such as `fsync=off` for tests. */
  readonly settings?: readonly string[];
  readonly deadlineMs?: number;
};

/**
 * Logs in to the server of this data directory, and starts it when it is not running. When several processes do this at
 * once, PostgreSQL's lock file lets only one server start, and the other processes join it.
 */
export async function startOrJoin(options: ServerOptions): Promise<Result<AdminConnection, Diagnostic>> {
  const { directory } = options;
  const deadline = performance.now() + (options.deadlineMs ?? 30_000);
  const logStart = startOfLog(directory.log);
  let started: ServerProcess | undefined;
  let lastError = '';
  let unanswered = 0;
  while (performance.now() < deadline) {
    const running = await findRunning(directory.cluster);
    if (running !== undefined && (await staysStopped(running.pid))) return failed(notAnswering(running.pid, true));
    if (running !== undefined && running.port > 0) {
      const login = await loginAsAdmin(running.port, options.passwords.admin);
      if (login.ok) {
        // Not before the login: of several servers that start at once, only one keeps its port.
        rememberPort(directory.port, running.port);
        return ok({ client: login.value, port: running.port });
      }
      lastError = login.error.message;
      if (isRefusal(login.error)) return failed(passwordRefused(directory));
      if (isTimeout(login.error)) unanswered += 1;
      // One that was just started may be slow on a machine that is busy.
      if (started === undefined && unanswered === maxUnanswered) return failed(notAnswering(running.pid, false));
    } else if (started === undefined || started.ended()) {
      const errorText = started === undefined ? '' : logSince(directory.log, logStart);
      if (errorText !== '' && !isTransient(errorText)) {
        return failed(startFailed('The PostgreSQL server of this project did not start', errorText));
      }
      if (started !== undefined) await sleep(100);
      await removeStaleLock(directory.cluster);
      started = await start(options);
    }
    await sleep(15);
  }
  const log = logSince(directory.log, logStart) || lastError;
  return failed(startFailed('The PostgreSQL server of this project was not ready in time', log));
}

async function start({ binaries, directory, settings = [] }: ServerOptions): Promise<ServerProcess> {
  const port = await freePort(lastPort(directory.port));
  const logFd = openPrivateFile(directory.log, constants.O_WRONLY | constants.O_APPEND);
  try {
    return startServer(
      {
        path: join(binaries.directory, 'postgres'),
        args: [
          '-D',
          directory.cluster,
          ...serverSettings(port, binaries.major, settings).flatMap((one) => ['-c', one]),
        ],
        account: binaries.account,
        env: binaries.env,
      },
      logFd,
    );
  } finally {
    closeSync(logFd);
  }
}

function isRefusal(error: Error): boolean {
  return ['28P01', '28000'].includes((error as { code?: string }).code ?? '');
}

/** A server that starts, recovers or has no connection left says so; only one that does nothing lets a login time out. */
const maxUnanswered = 3;

function isTimeout({ message }: Error): boolean {
  return /timeout expired/.test(message);
}

/** Whether it is stopped by a signal, and not just for a moment. */
async function staysStopped(pid: number): Promise<boolean> {
  if (!isStopped(pid)) return false;
  await sleep(1_000);
  return isStopped(pid);
}

function notAnswering(pid: number, isStoppedBySignal: boolean): Diagnostic {
  return {
    code: 'database/unreachable',
    severity: 'error',
    message: `The embedded PostgreSQL (process ${pid}) ${isStoppedBySignal ? 'is stopped by a signal (SIGSTOP)' : 'does not answer'}`,
    hint: `${isStoppedBySignal ? `continue it with "kill -CONT ${pid}", or ` : ''}stop it with "etl-tui db stop" (kills it if necessary); committed data is kept, and the next run starts it again`,
  };
}

function passwordRefused({ cluster }: EmbeddedDirectory): Diagnostic {
  return startFailed(
    `The PostgreSQL server in "${cluster}" refuses its own password`,
    '',
    'its data is still there: restore the "etl-tui-passwords.json" that belongs to it, or restore one whole copy of the directory',
  );
}

/**
 * Whether the next attempt may succeed: another process started a server first, a process of a crashed server is still
 * ending, or the server was stopped by its last user right after its start.
 */
function isTransient(log: string): boolean {
  return /lock file "postmaster.pid"|could not create any TCP\/IP sockets|pre-existing shared memory block|ready to accept connections/.test(
    log,
  );
}

function rememberPort(file: string, port: number): void {
  if (lastPort(file) === port) return;
  try {
    writePrivateFile(file, `${port}\n`, 'any');
  } catch {
    // The disk may be full, or a link in its place; then the next start may use another port.
  }
}

function lastPort(file: string): number | undefined {
  try {
    const port = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

/** The size of the log before this start; a log of more than 4 MiB is renamed first. */
function startOfLog(file: string): number {
  try {
    if (statSync(file).size > 4 * 1024 * 1024) renameSync(file, `${file}.1`);
    return statSync(file).size;
  } catch {
    return 0;
  }
}

function logSince(file: string, start: number): string {
  try {
    const fd = openSync(file, 'r');
    try {
      if (fstatSync(fd).size < start) return '';
      return readFileSync(fd).subarray(start).toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** A free port on the loopback address: `wanted` if it is free. */
async function freePort(wanted: number | undefined): Promise<number> {
  return (wanted === undefined ? undefined : await tryPort(wanted)) ?? (await tryPort(0)) ?? 0;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
