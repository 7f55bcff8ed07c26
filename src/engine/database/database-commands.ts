import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { writePrivateFile } from '../platform/private-files.ts';
import { endClient, queryWithDeadline } from './connection/client-deadlines.ts';
import { describeUrl } from './connection/connection-url.ts';
import { databaseFromEnvironment } from './connection/database-from-environment.ts';
import {
  type EmbeddedDirectory,
  embeddedDirectory,
  embeddedRoot,
  existingMajors,
  readPasswords,
} from './embedded/cluster/embedded-directory.ts';
import { openEmbeddedServer, ownerUrl } from './embedded/open-embedded-server.ts';
import { loginAsAdmin } from './embedded/server/admin-login.ts';
import { countLeases, leaseLock } from './embedded/server/lease.ts';
import { findRunning, type Postmaster, stopPostmaster } from './embedded/server/postmaster.ts';
import { startFailed } from './embedded/start-failed.ts';

export type DatabaseCommandOptions = {
  readonly projectDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (line: string) => void;
};

export type DatabaseStatus =
  /** The environment names a server, which etl-tui does not start or stop; `origin` is the variable that names it. */
  | { readonly state: 'external'; readonly description: string; readonly origin: string }
  /** No embedded database was created yet. */
  | { readonly state: 'absent'; readonly directory: string }
  | { readonly state: 'stopped'; readonly directory: string }
  | {
      readonly state: 'running';
      readonly directory: string;
      readonly port: number;
      readonly pid: number;
      /** Whether it keeps running when the last etl-tui process ends. */
      readonly isKept: boolean;
      /** How many etl-tui processes use it; absent when the server refuses the query or does not respond. */
      readonly users?: number;
    };

/** Starts or joins the embedded server and keeps it running until `stopDatabase`. */
export async function startDatabase(options: DatabaseCommandOptions): Promise<Result<DatabaseStatus, Diagnostic>> {
  const external = externalStatus(options);
  if (external !== undefined) return external;
  const opened = await openEmbeddedServer({
    root: embeddedRoot(options.projectDir, options.env),
    env: options.env,
    onProgress: options.onProgress ?? (() => {}),
  });
  if (!opened.ok) return opened;
  const { directory, lease } = opened.value;
  try {
    writePrivateFile(directory.keep, '', 'any');
  } catch (error) {
    await lease.release('stop-if-last');
    return failed(startFailed(`Cannot write "${directory.keep}"`, (error as Error).message));
  }
  await lease.release('leave-running');
  return databaseStatus(options);
}

/** The present state; starts nothing. */
export async function databaseStatus(options: DatabaseCommandOptions): Promise<Result<DatabaseStatus, Diagnostic>> {
  const external = externalStatus(options);
  if (external !== undefined) return external;
  const { directory, running } = await readState(options);
  if (directory === undefined) return ok({ state: 'absent', directory: embeddedRoot(options.projectDir, options.env) });
  if (running === undefined) return ok({ state: 'stopped', directory: directory.cluster });
  const users = await asAdmin(directory, running, countLeases);
  return ok({
    state: 'running',
    directory: directory.cluster,
    ...running,
    isKept: existsSync(directory.keep),
    ...(users === undefined ? {} : { users }),
  });
}

/**
 * Stops the embedded server. While an etl-tui process uses it, it only no longer keeps running after the last of them.
 * With `force` it stops at once; transactions that are not committed are lost.
 */
export async function stopDatabase(
  options: DatabaseCommandOptions & { readonly force?: boolean },
): Promise<Result<'stopped' | 'in-use' | 'not-running' | 'external', Diagnostic>> {
  const external = externalStatus(options);
  if (external !== undefined) return external.ok ? ok('external') : external;
  rmSync(join(embeddedRoot(options.projectDir, options.env), 'keep'), { force: true });
  const { directory, running } = await readState(options);
  if (directory === undefined || running === undefined) return ok('not-running');
  const isFree = await asAdmin(directory, running, async (client) => {
    const rows = await queryWithDeadline<{ free: boolean }>(
      client,
      queryDeadlineMs,
      `SELECT pg_try_advisory_lock(${leaseLock}) AS free`,
    );
    if (options.force !== true && rows[0]?.free !== true) return false;
    // While this session holds the lock, no other process can start to use the server.
    await stopPostmaster(directory.cluster);
    return true;
  });
  if (isFree === false) return ok('in-use');
  await stopPostmaster(directory.cluster);
  return ok('stopped');
}

/** The URL with its password: that of the environment, or that of the embedded server while it runs. */
export async function databaseUrl(options: DatabaseCommandOptions): Promise<Result<string, Diagnostic>> {
  const named = databaseFromEnvironment(options.env);
  if (!named.ok) return named;
  if (named.value !== undefined) return ok(options.env['DATABASE_URL'] || named.value.url);
  const { directory, running } = await readState(options);
  const passwords = directory === undefined ? undefined : readPasswords(directory.cluster);
  if (running === undefined || passwords === undefined) return failed(notRunning);
  return ok(ownerUrl(passwords.owner, running.port));
}

function externalStatus({ env }: DatabaseCommandOptions): Result<DatabaseStatus, Diagnostic> | undefined {
  const named = databaseFromEnvironment(env);
  if (!named.ok) return named;
  if (named.value === undefined) return undefined;
  const description = `PostgreSQL at ${describeUrl(named.value)}`;
  return ok({ state: 'external', description, origin: named.value.origin });
}

/** The data directory with a running server, or else the newest one. */
async function readState({ projectDir, env }: DatabaseCommandOptions) {
  const root = embeddedRoot(projectDir, env);
  const directories = existingMajors(root).map((major) => embeddedDirectory(root, major));
  for (const directory of directories) {
    const running = await findRunning(directory.cluster);
    if (running !== undefined) return { directory, running };
  }
  return { directory: directories[0], running: undefined };
}

async function asAdmin<Value>(
  { cluster }: EmbeddedDirectory,
  { port }: Postmaster,
  use: (client: Parameters<typeof countLeases>[0]) => Promise<Value>,
): Promise<Value | undefined> {
  const passwords = readPasswords(cluster);
  if (passwords === undefined) return undefined;
  const login = await loginAsAdmin(port, passwords.admin);
  if (!login.ok) return undefined;
  try {
    return await use(login.value);
  } catch {
    return undefined;
  } finally {
    await endClient(login.value);
  }
}

const queryDeadlineMs = 5_000;

const notRunning: Diagnostic = {
  code: 'database/unreachable',
  severity: 'error',
  message: 'The embedded PostgreSQL is not running',
  hint: 'start it with "etl-tui db start", or set DATABASE_URL',
};
